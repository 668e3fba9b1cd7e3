"""Dates are read as people write them, and nothing else is read as a date."""

from datetime import UTC, datetime

import pytest

from vault.retrieve.dates import Period, read_date

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("2025", day(2025, 1, 1), day(2026, 1, 1)),
        ("2025-03", day(2025, 3, 1), day(2025, 4, 1)),
        ("2025-12-31", day(2025, 12, 31), day(2026, 1, 1)),
        ("1.3.2025", day(2025, 3, 1), day(2025, 3, 2)),
        ("march 2025", day(2025, 3, 1), day(2025, 4, 1)),
        ("december 2025", day(2025, 12, 1), day(2026, 1, 1)),
        ("1 march 2025", day(2025, 3, 1), day(2025, 3, 2)),
        ("march 1st, 2025", day(2025, 3, 1), day(2025, 3, 2)),
        ("m\u00e4rz 2025", day(2025, 3, 1), day(2025, 4, 1)),
        ("1. m\u00e4rz 2025", day(2025, 3, 1), day(2025, 3, 2)),
        ("1 de marzo de 2025", day(2025, 3, 1), day(2025, 3, 2)),
        ("marzo de 2025", day(2025, 3, 1), day(2025, 4, 1)),
        ("1er f\u00e9vrier 2025", day(2025, 2, 1), day(2025, 2, 2)),
        ("yesterday", day(2026, 11, 21), day(2026, 11, 23)),
        ("last month", day(2026, 10, 23), day(2026, 11, 23)),
        ("letztem jahr", day(2025, 11, 22), day(2026, 11, 23)),
    ],
)
def test_a_date_is_the_period_it_names(words: str, start: datetime, end: datetime) -> None:
    assert read_date(words.split(), now=NOW) == Period(start, end)


@pytest.mark.parametrize(
    "words",
    [
        "march",
        "25",
        "1850",
        "2025-13-01",
        "30 february 2025",
        "2025 march",
        "the 2025",
        "march may 2025",
        "1 2 march 2025",
        "leave 2025",
        "31.31.2025",
        "",
    ],
)
def test_anything_else_is_no_date(words: str) -> None:
    assert read_date(words.split(), now=NOW) is None
