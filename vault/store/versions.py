"""Bringing a database to this release, and finding where the two differ."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from vault.domain.errors import HomeUnavailableError
from vault.store.database import Database
from vault.store.schema import metadata

_STEPS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Apply every migration the database lacks, in one transaction each."""
    with database.transaction(write=True) as connection:
        command.upgrade(_config(connection), "head")


def check(database: Database) -> None:
    """Return only if the database is at the newest migration.

    Raises:
        HomeUnavailableError: it is older or newer than this release.
    """
    head = ScriptDirectory(str(_STEPS)).get_current_head()
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


def draft(database: Database, *, message: str, number: str) -> None:
    """Write a migration for what the schema has and the database lacks."""
    with database.transaction(write=True) as connection:
        command.revision(_config(connection), message=message, rev_id=number, autogenerate=True)


def _config(connection: Any) -> Config:  # noqa: ANN401 - alembic's own attribute is untyped
    config = Config()
    config.set_main_option("script_location", str(_STEPS))
    config.attributes["connection"] = connection
    return config
