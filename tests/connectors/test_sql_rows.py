"""One row is one item, with what its columns say and nothing made up."""

from datetime import UTC, date, datetime

import pytest

from connectors.errors import SourceRejectedError
from connectors.facts import Failure, Item, RawAcl
from connectors.sql_columns import TOO_LARGE, SqlColumns
from connectors.sql_rows import SqlRows

COLUMNS = SqlColumns("id", "body", "title", "at", readers="readers", facts=(("created_at", "at"),))
ROW = {"id": 5, "body": "x", "title": " Leave ", "at": date(2026, 1, 2), "readers": ["alice"]}


def rows(media_type: str = "text/html", columns: SqlColumns = COLUMNS) -> SqlRows:
    return SqlRows("a wiki", columns, media_type=media_type)


def test_an_item_is_named_by_its_title_and_kind() -> None:
    item = rows().item(ROW)
    assert isinstance(item, Item)
    assert item.id == item.uri == "sql:a%20wiki/n/5"
    assert item.name == "Leave.html"
    untitled = rows("application/x-unheard-of").item(ROW | {"title": None})
    assert isinstance(untitled, Item)
    assert untitled.name == "5"


def test_content_may_be_text_or_bytes() -> None:
    assert rows().content(ROW).content == b"x"
    assert rows().content(ROW | {"body": memoryview(b"\xff")}).content == b"\xff"
    assert rows().content(ROW | {"body": "half \ud800"}).content == b"half ?"
    for body in (None, 5):
        with pytest.raises(SourceRejectedError, match="no text"):
            rows().content(ROW | {"body": body})
    with pytest.raises(SourceRejectedError, match="9 bytes"):
        rows().content(ROW | {TOO_LARGE: 9})


def test_facts_and_times_come_from_their_columns() -> None:
    content = rows().content(ROW)
    assert content.modified_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert content.facts == {"title": "Leave", "created_at": "2026-01-02T00:00:00+00:00"}
    unknown = rows().content(ROW | {"at": None, "title": "  "})
    assert unknown.modified_at.utcoffset() is not None
    assert unknown.facts == {}


def test_rights_are_unknown_where_a_row_names_no_readers() -> None:
    assert rows().rights("i", None) == RawAcl("i", b"", None)
    assert rows().rights("i", ROW | {"readers": None}) == RawAcl("i", b"", None)
    known = rows().rights("i", ROW)
    assert known.raw == b'["alice"]'
    assert known.entries is not None


def test_a_row_without_a_usable_key_is_no_item() -> None:
    failure = rows().item(ROW | {"id": None})
    assert isinstance(failure, Failure)
    assert failure.id == "sql:a%20wiki/?"
    assert rows().slim(ROW | {"id": 1.5}) is None


def test_a_version_counts_with_the_readers_of_a_row() -> None:
    versioned = rows(columns=SqlColumns("id", "body", version="at", readers="readers"))
    first = versioned.version(ROW)
    assert versioned.version(ROW | {"body": "y"}) == first
    assert versioned.version(ROW | {"readers": []}) != first
    assert versioned.version(ROW | {"at": date(2026, 1, 3)}) != first
