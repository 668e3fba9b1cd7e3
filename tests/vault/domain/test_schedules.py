"""A schedule names the next time, and what names none is refused when it is written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.schedules import parse_schedule

NOON = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("every 15m", NOON + timedelta(minutes=15)),
        ("Every  2h", NOON + timedelta(hours=2)),
        ("every 30s", NOON + timedelta(seconds=30)),
        ("every 1d", NOON + timedelta(days=1)),
        ("* * * * *", datetime(2026, 11, 23, 12, 1, tzinfo=UTC)),
        ("*/15 * * * *", datetime(2026, 11, 23, 12, 15, tzinfo=UTC)),
        ("5/20 * * * *", datetime(2026, 11, 23, 12, 5, tzinfo=UTC)),
        ("0 3 * * *", datetime(2026, 11, 24, 3, 0, tzinfo=UTC)),
        ("30 8-10 * * *", datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        ("0 0 1,15 * *", datetime(2026, 12, 1, tzinfo=UTC)),
        ("0 0 * * 0", datetime(2026, 11, 29, tzinfo=UTC)),
        ("0 0 * * 7", datetime(2026, 11, 29, tzinfo=UTC)),
        ("0 22 * * 1-5", datetime(2026, 11, 23, 22, tzinfo=UTC)),
        ("0 0 29 2 *", datetime(2028, 2, 29, tzinfo=UTC)),
        ("0 0 1 * 3", datetime(2026, 11, 25, tzinfo=UTC)),
    ],
)
def test_the_next_time(text: str, after: datetime) -> None:
    assert parse_schedule(text).after(NOON) == after


def test_a_minute_that_just_began_is_past() -> None:
    schedule = parse_schedule("0 12 * * *")
    assert schedule.after(NOON.replace(second=0)) == NOON.replace(second=0) + timedelta(days=1)


def test_the_fields_of_cron_are_in_utc() -> None:
    there = NOON.astimezone(timezone(timedelta(hours=9)))
    assert parse_schedule("0 13 * * *").after(there) == datetime(2026, 11, 23, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "often",
        "every 0m",
        "every 5",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 8",
        "*/0 * * * *",
        "5-1 * * * *",
        "a * * * *",
        "1,,2 * * * *",
        "0 0 31 2 *",
    ],
)
def test_what_names_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequestError):
        parse_schedule(text)
