"""Rows are followed by their versions or hashes, and a sudden nothing is an outage."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.base import AclSupport
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import EVERYONE, Cursor, Failure, Item
from connectors.sql import SqlConnector
from connectors.sql_config import SqlConfig
from connectors.verdict import permits
from tests.connectors import contract

TABLE = (
    "CREATE TABLE page (id INTEGER PRIMARY KEY, body TEXT, title TEXT, changed TEXT, "
    "revision INTEGER, readers TEXT, level TEXT)"
)
ROWS = [
    (1, "Thirty days a year.", "Leave", "2026-01-02T03:04:05", 10, "alice, bo@example.org", None),
    (2, "Closed at noon.", "Notice", "2026-02-03T00:00:00+02:00", 11, "*", "internal"),
    (3, "Pay is on the fifth.", None, None, 12, None, "secret"),
]
Connect = Callable[..., SqlConnector]


class Base:
    """A SQLite database that a test changes behind the connector's back."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "base.db"
        self.dsn = folder / "dsn"
        self.dsn.write_text(f"sqlite:///{self.path}\n")
        self.run(TABLE)
        for row in ROWS:
            self.run("INSERT INTO page VALUES (?, ?, ?, ?, ?, ?, ?)", *row)

    def run(self, statement: str, *values: object) -> None:
        connection = sqlite3.connect(self.path)
        with connection:
            connection.execute(statement, values)
        connection.close()


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path)


def connect(base: Base, **settings: object) -> SqlConnector:
    wanted = {"id_column": "id", "text_column": "body", "title_column": "title"} | settings
    if "query" not in wanted:
        wanted.setdefault("table", "page")
    return SqlConnector(source_id="wiki", config=SqlConfig(base.dsn, **wanted))


def found(connector: SqlConnector, cursor: Cursor | None = None) -> list[str]:
    return [fact.id for fact in connector.scan(cursor) if isinstance(fact, Item)]


def end(connector: SqlConnector, cursor: Cursor | None = None) -> Cursor:
    (*_, last) = connector.scan(cursor)
    assert isinstance(last, Cursor)
    return last


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"version_column": "revision"},
        {"version_column": "revision", "page_rows": 1, "readers_column": "readers"},
        {"query": "SELECT id, body || ':x%' AS body, title FROM page", "page_rows": 2},
    ],
)
def test_it_keeps_the_contract(base: Base, settings: dict[str, object]) -> None:
    contract.keeps_the_contract(connect(base, **settings))


def test_only_rows_of_later_versions_come_after_a_cursor(base: Base) -> None:
    connector = connect(base, version_column="revision")
    assert found(connector) == ["sql:wiki/n/1", "sql:wiki/n/2", "sql:wiki/n/3"]
    cursor = end(connector)
    base.run("UPDATE page SET body = 'Forty days.', revision = 13 WHERE id = 1")
    base.run("INSERT INTO page (id, body, revision) VALUES (4, 'New.', 14)")
    assert found(connector, cursor) == ["sql:wiki/n/3", "sql:wiki/n/1", "sql:wiki/n/4"]
    assert found(connector, end(connector, cursor)) == ["sql:wiki/n/4"]


def test_a_row_committed_late_is_found_within_the_overlap(base: Base) -> None:
    connector = connect(base, version_column="revision", overlap=5)
    cursor = end(connector)
    base.run("INSERT INTO page (id, body, revision) VALUES (4, 'Late.', 9)")
    assert "sql:wiki/n/4" in found(connector, cursor)
    assert "sql:wiki/n/4" not in found(connect(base, version_column="revision"), cursor)
    assert "sql:wiki/n/4" in {slim.id for slim in connector.list_ids(cursor)}


def test_without_a_version_column_any_change_of_a_row_changes_its_version(base: Base) -> None:
    connector = connect(base, readers_column="readers")

    def version() -> str:
        return {slim.id: slim.version for slim in connector.list_ids(None)}["sql:wiki/n/1"]

    seen = [version()]
    for change in (
        "UPDATE page SET body = 'Other.' WHERE id = 1",
        "UPDATE page SET title = 'Other' WHERE id = 1",
        "UPDATE page SET readers = 'carol' WHERE id = 1",
    ):
        base.run(change)
        seen.append(version())
    base.run("UPDATE page SET level = 'not read' WHERE id = 1")
    assert len(set(seen)) == 4
    assert version() == seen[-1]


def test_a_scan_that_was_cut_off_goes_on_after_the_last_page(base: Base) -> None:
    connector = connect(base, page_rows=1, version_column="revision")
    facts = connector.scan(None)
    first, cursor = next(facts), next(facts)
    assert isinstance(first, Item)
    assert isinstance(cursor, Cursor)
    base.run("UPDATE page SET revision = 20 WHERE id = 1")
    assert found(connector, cursor) == ["sql:wiki/n/2", "sql:wiki/n/3"]
    assert found(connector, end(connector, cursor)) == ["sql:wiki/n/3", "sql:wiki/n/1"]


def test_a_row_is_opened_as_it_was_listed_or_as_it_is_now(base: Base) -> None:
    connector = connect(base, modified_column="changed", facts=("classification=level",))
    (first, second, third) = [fact for fact in connector.scan(None) if isinstance(fact, Item)]
    content = connector.open(second.id, second.version)
    assert content.content == b"Closed at noon."
    assert content.modified_at == datetime(2026, 2, 2, 22, tzinfo=UTC)
    assert content.facts == {"title": "Notice", "classification": "internal"}
    assert (second.name, third.name) == ("Notice.txt", "3.txt")
    base.run("UPDATE page SET body = 'Forty days.' WHERE id = 1")
    fresh = connect(base, modified_column="changed", facts=("classification=level",))
    newer = fresh.open(first.id, first.version)
    assert newer.content == b"Forty days."
    assert newer.version != first.version


def test_readers_of_a_row_are_its_entries(base: Base) -> None:
    connector = connect(base, readers_column="readers")
    assert connector.capabilities.acl is AclSupport.NATIVE
    assert connect(base).capabilities.acl is AclSupport.MAPPED
    ids = [f"sql:wiki/n/{number}" for number in (1, 2, 3, 9)]
    named, everyone, unknown, missing = connector.acl(ids)
    assert permits(named, frozenset({"name:alice"}))
    assert permits(named, frozenset({"mail:bo@example.org"}))
    assert not permits(named, frozenset({"name:carol", EVERYONE}))
    assert permits(everyone, frozenset({"name:carol"}))
    assert unknown.entries is None
    assert missing.entries is None
    assert b"alice, bo@example.org" in named.raw


def test_a_change_of_readers_shows_in_the_sweep(base: Base) -> None:
    connector = connect(base, readers_column="readers", version_column="revision")
    before = {slim.id: slim for slim in connector.list_ids(None)}
    base.run("UPDATE page SET readers = 'carol' WHERE id = 2")
    after = {slim.id: slim for slim in connector.list_ids(None)}
    changed = [item for item in before if before[item].acl_hash != after[item].acl_hash]
    assert changed == ["sql:wiki/n/2"]
    assert before["sql:wiki/n/2"].version != after["sql:wiki/n/2"].version


def test_a_table_that_is_suddenly_empty_is_an_outage(base: Base) -> None:
    for settings in ({}, {"version_column": "revision"}):
        connector = connect(base, **settings)
        cursor = end(connector)
        base.run("CREATE TABLE kept AS SELECT * FROM page")
        base.run("DELETE FROM page")
        with pytest.raises(SourceUnavailableError, match="no rows at all"):
            list(connector.list_ids(cursor))
        base.run("INSERT INTO page SELECT * FROM kept")
        base.run("DROP TABLE kept")
    base.run("DELETE FROM page")
    with pytest.raises(SourceUnavailableError, match="no rows at all"):
        list(connect(base).scan(end_of_full(3)))


def end_of_full(rows: int) -> Cursor:
    return Cursor(json.dumps({"of": "another table", "rows": rows}))


def test_a_table_that_was_always_empty_is_none(base: Base) -> None:
    base.run("DELETE FROM page")
    connector = connect(base, version_column="revision")
    assert found(connector, end(connector)) == []
    assert list(connector.list_ids(end(connector))) == []


def test_other_columns_lead_to_a_listing_of_everything(base: Base) -> None:
    cursor = end(connect(base, version_column="revision"))
    other = connect(base, version_column="revision", facts=("classification=level",))
    assert len(found(other, cursor)) == 3


def test_two_rows_with_one_key_fail_the_listing(base: Base) -> None:
    connector = connect(base, query="SELECT 7 AS id, body, title FROM page")
    with pytest.raises(SourceUnavailableError, match="same key"):
        list(connector.list_ids(None))
    with pytest.raises(SourceUnavailableError, match="same key"):
        list(connector.scan(None))
    with pytest.raises(SourceUnavailableError, match="not alone"):
        connector.open("sql:wiki/n/7", "1")


def test_rows_without_a_usable_key_are_failures_and_the_rest_goes_on(base: Base) -> None:
    query = "SELECT NULLIF(id, 2) AS id, body, title FROM page UNION ALL SELECT 1.5, 'half', 'half'"
    connector = connect(base, query=query, page_rows=1)
    contract.goes_on_past_a_failure(connector)
    reasons = [fact.reason for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert reasons == ["1 rows have no key", "the key of a row is no whole number, text or UUID"]
    assert found(connector) == ["sql:wiki/n/1", "sql:wiki/n/3"]
    assert [slim.id for slim in connector.list_ids(None)] == found(connector)


def test_a_row_without_a_version_is_a_failure(base: Base) -> None:
    base.run("UPDATE page SET revision = NULL WHERE id = 2")
    connector = connect(base, version_column="revision")
    failures = [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert [(failure.id, failure.retry) for failure in failures] == [("sql:wiki/n/2", False)]


def test_a_version_of_another_kind_is_an_outage(base: Base) -> None:
    base.run("UPDATE page SET revision = 1.5 WHERE id = 3")
    base.run("DELETE FROM page WHERE id < 3")
    with pytest.raises(SourceUnavailableError, match="version column"):
        list(connect(base, version_column="revision").scan(None))


def test_a_large_text_is_a_failure_and_is_not_read(base: Base) -> None:
    base.run("UPDATE page SET body = ? WHERE id = 2", "ä" * 11)
    connector = connect(base, max_bytes=21)
    failures = [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert [(failure.id, failure.reason) for failure in failures] == [
        ("sql:wiki/n/2", "the text is too large: 22 bytes")
    ]
    with pytest.raises(SourceRejectedError, match="too large"):
        connector.open("sql:wiki/n/2", "1")


def test_a_row_without_a_text_is_rejected(base: Base) -> None:
    base.run("UPDATE page SET body = NULL WHERE id = 2")
    with pytest.raises(SourceRejectedError, match="no text"):
        connect(base).open("sql:wiki/n/2", "1")


@pytest.mark.parametrize("item", ["no-such-item", "sql:other/n/1", "sql:wiki/n/x", "sql:wiki/1"])
def test_what_is_no_row_of_the_source_is_rejected(base: Base, item: str) -> None:
    with pytest.raises(SourceRejectedError, match="no row"):
        connect(base).open(item, "1")


def test_a_row_that_is_gone_may_come_back(base: Base) -> None:
    with pytest.raises(SourceUnavailableError, match="not there"):
        connect(base).open("sql:wiki/n/99", "1")


def test_a_value_in_an_id_is_a_parameter_and_never_a_statement(base: Base) -> None:
    base.run("CREATE TABLE note (id TEXT PRIMARY KEY, body TEXT, title TEXT)")
    odd = "1'; DROP TABLE page; --/\u00e4 %"
    base.run("INSERT INTO note VALUES (?, 'odd', NULL), ('2', 'even', NULL)", odd)
    connector = connect(base, table="note")
    contract.keeps_the_contract(connector)
    (first, _) = [fact for fact in connector.scan(None) if isinstance(fact, Item)]
    assert connect(base, table="note").open(first.id, "1").content == b"odd"
    assert len(found(connect(base))) == 3


def test_a_missing_table_or_database_is_an_outage(base: Base) -> None:
    assert not connect(base, table="gone").check().ok
    base.path.unlink()
    health = connect(base).check()
    assert not health.ok
    assert str(base.path) not in health.detail
    assert not base.path.exists(), "it is not made anew"
    with pytest.raises(SourceUnavailableError):
        list(connect(base).list_ids(None))
