"""The database is encrypted, durable by its settings, and its failures read like sentences."""

import os
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlcipher3 import dbapi2

from vault.domain.errors import HomeUnavailableError, UnauthenticatedError
from vault.store.database import Database


def _open(path: Path, key: bytes = b"k" * 32, busy: float = 0.2) -> Database:
    return Database(path, key=key, busy_seconds=busy)


def _fill(database: Database) -> None:
    with database.transaction(write=True) as connection:
        connection.execute(text("create table note (words text)"))
        connection.execute(text("insert into note values ('canary-in-plain-sight')"))


def test_nothing_written_is_readable_in_the_file(tmp_path: Path) -> None:
    database = _open(tmp_path / "a.db")
    _fill(database)
    database.close()
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert b"canary" not in content
        assert not content.startswith(b"SQLite format")


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    database = _open(tmp_path / "a.db")
    _fill(database)
    database.close()
    other = _open(tmp_path / "a.db", key=os.urandom(32))
    with pytest.raises(UnauthenticatedError, match="does not open"), other.transaction(write=False):
        pass


def test_every_connection_keeps_the_durable_settings(tmp_path: Path) -> None:
    database = _open(tmp_path / "a.db")
    with database.transaction(write=False) as connection:
        read = {
            name: connection.execute(text(f"pragma {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert read == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_a_second_writer_is_told_that_the_home_is_busy(tmp_path: Path) -> None:
    first, second = _open(tmp_path / "a.db"), _open(tmp_path / "a.db")
    with (
        first.transaction(write=True),
        pytest.raises(HomeUnavailableError, match="another process is writing"),
        second.transaction(write=True),
    ):
        pass


def test_an_error_inside_a_transaction_undoes_all_of_it(tmp_path: Path) -> None:
    database = _open(tmp_path / "a.db")
    _fill(database)
    with pytest.raises(RuntimeError), database.transaction(write=True) as connection:
        connection.execute(text("delete from note"))
        raise RuntimeError
    with database.transaction(write=False) as connection:
        assert connection.execute(text("select count(*) from note")).scalar() == 1


def test_a_full_disk_is_reported_and_keeps_what_was_committed(tmp_path: Path) -> None:
    database = _open(tmp_path / "a.db")
    _fill(database)
    with (
        pytest.raises(HomeUnavailableError, match="disk is full"),
        database.transaction(write=True) as connection,
    ):
        connection.execute(text("pragma max_page_count = 4"))
        connection.execute(
            text(
                "insert into note select hex(randomblob(5000)) from "
                "(with recursive n(i) as (select 1 union all select i+1 from n where i<200) "
                "select i from n)"
            )
        )
    with database.transaction(write=False) as connection:
        assert connection.execute(text("select count(*) from note")).scalar() == 1


def test_a_library_that_can_corrupt_the_log_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dbapi2, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(HomeUnavailableError, match=r"use 3\.51\.3 or newer"):
        _open(tmp_path / "a.db")
    assert list(tmp_path.iterdir()) == []
