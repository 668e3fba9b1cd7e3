"""A database can be read and not be changed, and no statement runs for ever."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from connectors.errors import SourceUnavailableError
from connectors.sql_database import ReadOnlyDatabase

FOREVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def dsn(tmp_path: Path) -> Path:
    connection = sqlite3.connect(tmp_path / "a base.db")
    connection.execute("CREATE TABLE t (i INTEGER)")
    connection.close()
    file = tmp_path / "dsn"
    file.write_text(f"sqlite:///{tmp_path / 'a base.db'}")
    return file


def database(dsn: Path, *, seconds: int = 30) -> ReadOnlyDatabase:
    return ReadOnlyDatabase(dsn, allowed_hosts=(), timeout_seconds=seconds)


def run(found: ReadOnlyDatabase, statement: str) -> None:
    with found.connect() as connection:
        connection.execute(text(statement)).all()


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO t VALUES (1)", "DROP TABLE t", "CREATE TABLE u (i)", "PRAGMA user_version = 7"],
)
def test_nothing_can_be_changed(dsn: Path, statement: str) -> None:
    with (
        pytest.raises(SourceUnavailableError, match="OperationalError"),
        database(dsn).connect() as connection,
    ):
        connection.execute(text(statement))


def test_a_statement_that_takes_too_long_is_ended(dsn: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="OperationalError"):
        run(database(dsn, seconds=0), FOREVER)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("no url", "names no database"),
        ("sqlite://", "name a file"),
        ("mysql://host/base", "PostgreSQL and SQLite"),
        ("postgresql:///base", "name a host"),
        ("postgresql://base.example.com/base", "may not dial"),
        ("postgresql://localhost/base?host=base.example.com", "may not dial"),
        ("postgresql://localhost/base?host=localhost&host=base.example.com", "may not dial"),
        ("postgresql://localhost/base?hostaddr=93.184.216.34", "may not dial"),
        ("postgresql://localhost/base?service=other", "name a host"),
    ],
)
def test_a_url_that_leads_elsewhere_is_refused(tmp_path: Path, url: str, message: str) -> None:
    (tmp_path / "dsn").write_text(url)
    with pytest.raises(SourceUnavailableError, match=message):
        run(database(tmp_path / "dsn"), "SELECT 1")


def test_a_missing_file_of_the_url_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="secret's file"):
        run(database(tmp_path / "gone"), "SELECT 1")


def test_an_unreachable_server_is_an_outage_and_no_password_is_told(tmp_path: Path) -> None:
    (tmp_path / "dsn").write_text(f"postgresql://me:open-sesame@/base?host={tmp_path}/gone")
    with pytest.raises(SourceUnavailableError) as raised:
        run(database(tmp_path / "dsn"), "SELECT 1")
    assert "open-sesame" not in str(raised.value)
