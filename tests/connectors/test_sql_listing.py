"""Rows are read page by page, and none is left out between two pages."""

import sqlite3
from pathlib import Path

import pytest

from connectors.errors import SourceUnavailableError
from connectors.sql_config import SqlConfig
from connectors.sql_listing import SqlListing


@pytest.fixture
def listing(tmp_path: Path) -> SqlListing:
    connection = sqlite3.connect(tmp_path / "base.db")
    with connection:
        connection.execute("CREATE TABLE t (id INTEGER, body TEXT, at INTEGER)")
        connection.executemany("INSERT INTO t VALUES (?, 'x', ?)", [(n, n // 3) for n in range(10)])
        connection.execute("INSERT INTO t VALUES (NULL, 'x', 99)")
    connection.close()
    (tmp_path / "dsn").write_text(f"sqlite:///{tmp_path / 'base.db'}")
    config = SqlConfig(tmp_path / "dsn", "id", "body", table="t", version_column="at", page_rows=2)
    return SqlListing(config)


def test_pages_follow_one_another_without_a_gap(listing: SqlListing) -> None:
    seen, after = [], None
    while page := listing.page(["at", "id"], after):
        assert len(page) <= 2
        seen += [row["id"] for row in page]
        after = [page[-1]["at"], page[-1]["id"]]
    assert seen == list(range(10))


def test_a_page_begins_where_it_is_told_to(listing: SqlListing) -> None:
    assert [row["id"] for row in listing.page(["at", "id"], None, least=2)] == [6, 7]
    assert [row["id"] for row in listing.page(["id"], [4], limit=1)] == [5]


def test_a_sweep_names_every_row_with_a_key(listing: SqlListing) -> None:
    rows = list(listing.sweep())
    assert [row["id"] for row in rows] == list(range(10))
    assert set(rows[0]) == {"id", "at"}


def test_the_start_knows_the_highest_version_and_the_rows_without_a_key(
    listing: SqlListing,
) -> None:
    assert listing.start() == (["number", "99"], 1)


def test_some_rows_are_found_by_their_keys(listing: SqlListing) -> None:
    assert [row["id"] for row in listing.some([3, 5, 77])] == [3, 5]


def test_a_database_that_answers_can_be_probed(listing: SqlListing, tmp_path: Path) -> None:
    listing.probe()
    (tmp_path / "base.db").unlink()
    with pytest.raises(SourceUnavailableError):
        listing.probe()
