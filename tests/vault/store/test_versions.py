"""A database is brought to this release step by step, and a stranger to it is refused."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from vault.domain.errors import HomeUnavailableError
from vault.store import versions
from vault.store.database import Database
from vault.store.session import Store

OLD_RUN = (
    "insert into run (id, kind, actor, number, state, key_id, started_at) "
    "values ('r1', 'search', 'ann', 7, 'succeeded', 'k', '2026-11-22T00:00:00.000000Z')"
)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "empty.db", key=b"k" * 32)
    yield database
    database.close()


def test_the_migrations_lead_to_the_schema(empty: Database) -> None:
    versions.upgrade(empty)
    assert versions.drift(empty) == []
    versions.check(empty)


@pytest.mark.parametrize("release", ["0001", "0002"])
def test_a_database_of_every_earlier_release_is_brought_up_with_its_rows(
    empty: Database, release: str
) -> None:
    assert versions.upgrade(empty, to=release)
    with empty.transaction(write=True) as connection:
        connection.exec_driver_sql(OLD_RUN)
    assert versions.upgrade(empty)
    assert not versions.upgrade(empty)
    assert versions.drift(empty) == []
    with empty.transaction(write=False) as connection:
        [(run, place)] = connection.exec_driver_sql("select id, place from run").all()
    assert (run, place) == ("r1", 1)


def test_a_difference_from_the_schema_is_found(store: Store) -> None:
    with store.database.transaction(write=True) as connection:
        connection.exec_driver_sql("alter table source add column colour text")
    [difference] = versions.drift(store.database)
    assert "colour" in repr(difference)


def test_a_database_without_a_version_is_refused(empty: Database) -> None:
    with pytest.raises(HomeUnavailableError, match=r"version none.*strongroom init"):
        versions.check(empty)


def test_a_database_of_another_release_is_refused(store: Store) -> None:
    with store.database.transaction(write=True) as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    with pytest.raises(HomeUnavailableError, match="version 9999"):
        versions.check(store.database)


def test_bringing_up_again_changes_nothing(store: Store) -> None:
    with store.write() as unit:
        unit.set_fact("name", "kept")
    versions.upgrade(store.database)
    versions.check(store.database)
    with store.read() as unit:
        assert unit.fact("name") == "kept"


def test_a_migration_is_drafted_for_what_the_database_lacks(store: Store, tmp_path: Path) -> None:
    steps = tmp_path / "steps"
    shutil.copytree(versions.STEPS, steps, ignore=shutil.ignore_patterns("__pycache__"))
    before = set(steps.rglob("*.py"))
    with store.database.transaction(write=True) as connection:
        connection.exec_driver_sql("drop table index_change")
    written = versions.draft(store.database, message="index changes", steps=steps)
    assert set(steps.rglob("*.py")) - before == {written}
    assert written.name == f"{len(list(written.parent.glob('[0-9]*.py'))):04d}_index_changes.py"
    assert "create_table('index_change'" in written.read_text()
