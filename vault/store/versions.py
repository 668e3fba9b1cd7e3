"""Bringing a database to this release, and finding where the two differ."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import vault.store.orchestrate_schema
import vault.store.provisioning_schema
import vault.store.records_schema
import vault.store.screening_schema
import vault.store.sources_schema
import vault.store.tools_schema  # noqa: F401 - its tables are part of the schema
from vault.domain.errors import HomeUnavailableError
from vault.store.database import Database
from vault.store.schema import metadata

STEPS = Path(__file__).parent / "migrations"
"""The migrations of this release."""


def upgrade(database: Database, *, to: str = "head") -> bool:
    """Apply every migration the database lacks; tell whether there was any.

    Args:
        database: the vault's database.
        to: the last migration to apply.
    """
    with database.transaction(write=True) as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        command.upgrade(_config(connection), to)
        after = MigrationContext.configure(connection).get_current_revision()
    return before != after


def check(database: Database) -> None:
    """Return only if the database is at the newest migration.

    Raises:
        HomeUnavailableError: it is older or newer than this release.
    """
    head = ScriptDirectory(str(STEPS)).get_current_head()
    with database.transaction(write=False) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != head:
        raise HomeUnavailableError(
            f"the home is at version {found or 'none'}, this release needs {head}; "
            "run strongroom init to bring it up"
        )


def drift(database: Database) -> list[Any]:
    """Return the differences between the migrated database and the schema; empty is right."""
    with database.transaction(write=False) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def draft(database: Database, *, message: str, steps: Path = STEPS) -> Path:
    """Write the migration for what the schema has and the database lacks; return its file.

    Args:
        database: at the newest migration.
        message: what the migration does, in a few words; the file is named for it.
        steps: folder of migrations that the new one is written into.
    """
    written = steps / "versions"
    number = f"{len(list(written.glob('[0-9]*.py'))) + 1:04d}"
    with database.transaction(write=True) as connection:
        config = _config(connection, steps)
        command.revision(config, message=message, rev_id=number, autogenerate=True)
    return next(written.glob(f"{number}_*.py"))


def _config(connection: Connection, steps: Path = STEPS) -> Config:
    config = Config()
    config.set_main_option("script_location", str(steps))
    config.attributes["connection"] = connection
    return config
