"""Periods are read when they are given, and freshness follows from them."""

from datetime import UTC, datetime, timedelta

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.records import Governance, is_fresh, parse_period

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
