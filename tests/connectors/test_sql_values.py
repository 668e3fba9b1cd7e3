"""Keys, positions and readers keep their meaning on the way through text."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SourceUnavailableError
from connectors.facts import EVERYONE
from connectors.sql_values import (
    UnknownValueError,
    digest_of,
    entries_of,
    key_of,
    moment_of,
    position_of,
    position_value,
    raw_of,
    value_of,
)

TEXT = st.text(st.characters(blacklist_categories=["Cs"]))


@given(st.integers() | st.uuids() | TEXT)
def test_a_key_survives_its_text_with_its_kind(key: int | UUID | str) -> None:
    written = key_of(key)
    assert value_of(written) == key
    assert type(value_of(written)) is type(key)
    assert written.isascii()
    assert written.count("/") == 1


@pytest.mark.parametrize("key", [None, 1.5, True, b"x", Decimal(1)])
def test_other_kinds_of_key_are_refused(key: object) -> None:
    with pytest.raises(UnknownValueError):
        key_of(key)


@pytest.mark.parametrize("written", ["", "5", "n/", "n/x", "u/5", "x/5"])
def test_what_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(UnknownValueError):
        value_of(written)


@pytest.mark.parametrize(
    "value", [7, "2026-01-02", Decimal("1.5"), datetime(2026, 1, 2, 3, 4, 5, 6, UTC)]
)
def test_a_position_survives_a_cursor(value: object) -> None:
    assert position_value(position_of(value)) == value
    assert type(position_value(position_of(value))) is type(value)


@pytest.mark.parametrize("value", [1.5, True, b"x", None])
def test_other_kinds_of_position_are_refused(value: object) -> None:
    with pytest.raises(SourceUnavailableError):
        position_of(value)


def test_times_are_aware_or_unknown() -> None:
    assert moment_of(date(2026, 1, 2)) == datetime(2026, 1, 2, tzinfo=UTC)
    assert moment_of("2026-01-02T03:04:05") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert moment_of(datetime(2026, 1, 2)) == datetime(2026, 1, 2, tzinfo=UTC)  # noqa: DTZ001
    assert moment_of("yesterday") is None
    assert moment_of(5) is None


@pytest.mark.parametrize(
    ("readers", "principals"),
    [
        ("alice; bo@x.org,\n gid:7 ", ["name:alice", "mail:bo@x.org", "gid:7"]),
        (["*", None, "sid:S-1-5", "alice", "alice"], [EVERYONE, "sid:S-1-5", "name:alice"]),
        ("everyone", ["name:everyone"]),
        ("", []),
    ],
)
def test_readers_are_named_with_their_kind(readers: object, principals: list[str]) -> None:
    entries = entries_of(readers)
    assert entries is not None
    assert [entry.principal for entry in entries] == principals


@pytest.mark.parametrize("readers", [None, 5, b"alice"])
def test_readers_of_another_kind_are_unknown(readers: object) -> None:
    assert entries_of(readers) is None


def test_a_digest_tells_any_two_rows_apart() -> None:
    rows = [
        (1, "a"), ("1", "a"), (1, "a", None), (None, 1, "a"), (1, b"a"), ([1, "a"],), (1.0, "a"),
        (datetime(2026, 1, 2, tzinfo=UTC),), (memoryview(b"b"),),
    ]  # fmt: skip
    assert len({digest_of(row) for row in rows}) == len(rows)
    assert raw_of(["ä", 1]) == '["ä", 1]'.encode()
