"""Periods are read when they are given, and freshness follows from them."""

from datetime import UTC, datetime, timedelta

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.records import (
    Governance,
    Validity,
    earlier,
    is_fresh,
    parse_day,
    parse_period,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "days"), [("12h", 0.5), ("30d", 30), ("2w", 14), ("1y", 365.25), (" 7Y ", 2556.75)]
)
def test_a_period_is_a_number_and_a_unit(text: str, days: float) -> None:
    assert parse_period(text) == timedelta(days=days)


@pytest.mark.parametrize("text", ["", "7", "y", "0d", "-1d", "1.5y", "7 years", "999999d"])
def test_a_period_that_cannot_be_read_is_refused_when_it_is_given(text: str) -> None:
    with pytest.raises(InvalidRequestError, match="must be like"):
        Governance("owner", retention=text)


def test_text_is_fresh_until_its_period_ends() -> None:
    rules = Governance("owner", fresh_for="30d")
    assert is_fresh(rules, modified_at=NOW - timedelta(days=30), now=NOW)
    assert not is_fresh(rules, modified_at=NOW - timedelta(days=30, seconds=1), now=NOW)
    assert is_fresh(Governance("owner"), modified_at=NOW - timedelta(days=9999), now=NOW)


@pytest.mark.parametrize("text", ["", "tomorrow", "2027-13-01", "31.01.2027"])
def test_a_day_that_cannot_be_read_is_refused_when_it_is_given(text: str) -> None:
    with pytest.raises(InvalidRequestError, match="must be like 2027-01-31"):
        Governance("owner", valid_until=text)


def test_a_day_is_its_first_moment() -> None:
    assert parse_day("2026-11-22") == NOW
    assert Governance("owner", valid_until="2026-11-22").valid_until == "2026-11-22"


def test_a_text_holds_from_its_start_until_its_end() -> None:
    day = timedelta(days=1)
    always, bounded = Validity(), Validity(NOW, NOW + day)
    assert always.holds(NOW)
    assert not always.expired(NOW)
    assert [bounded.holds(NOW + n * day) for n in (-1, 0, 1)] == [False, True, False]
    assert [bounded.expired(NOW + n * day) for n in (-1, 0, 1)] == [False, False, True]
    with pytest.raises(InvalidRequestError, match="before it ceases"):
        Validity(NOW, NOW)


def test_the_earlier_of_two_moments_is_the_one_that_is_known() -> None:
    later = NOW + timedelta(days=1)
    assert earlier(later, NOW) == earlier(None, NOW) == earlier(NOW, None) == NOW
    assert earlier(None, None) is None
