"""When a source is followed: at an interval, or at the minutes a cron expression names."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vault.domain.errors import InvalidRequestError

_EVERY = re.compile(r"every (\d{1,5})(s|m|h|d)")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_PART = re.compile(r"(\*|\d{1,2}(?:-\d{1,2})?)(?:/(\d{1,2}))?")
_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
_SUNDAY = 7
_FURTHEST_DAYS = 366 * 8
"""A 29th of February comes within eight years, or the expression never comes true."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Once every so often."""

    length: timedelta

    def after(self, moment: datetime) -> datetime:
        """Return the next time after one at ``moment``."""
        return moment + self.length


@dataclass(frozen=True, slots=True)
class Cron:
    """The minutes, in UTC, that the five fields of a cron expression name.

    Attributes:
        day_matters: whether the day of the month was restricted.
        weekday_matters: whether the day of the week was; if both are, either one fits.

    Source:
        POSIX.1-2017, crontab.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    day_matters: bool
    weekday_matters: bool

    def after(self, moment: datetime) -> datetime:
        """Return the first minute named after ``moment``.

        Raises:
            InvalidRequestError: there is none, as for the 31st of February.
        """
        start = moment.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        for ahead in range(_FURTHEST_DAYS):
            day = (start + timedelta(days=ahead)).replace(hour=0, minute=0)
            if not self._on(day):
                continue
            for hour in sorted(self.hours):
                for minute in sorted(self.minutes):
                    found = day.replace(hour=hour, minute=minute)
                    if found >= start:
                        return found
        raise InvalidRequestError("the schedule names a day that never comes")

    def _on(self, day: datetime) -> bool:
        if day.month not in self.months:
            return False
        by_date, by_weekday = day.day in self.days, day.isoweekday() in self.weekdays
        if self.day_matters and self.weekday_matters:
            return by_date or by_weekday
        return by_date and by_weekday


Schedule = Interval | Cron


def parse_schedule(text: str) -> Schedule:
    """Return the schedule that ``text`` names: ``every 15m`` or ``*/15 * * * *``.

    Raises:
        InvalidRequestError: the text has another form, or names no time that ever comes.
    """
    words = " ".join(text.split()).lower()
    match = _EVERY.fullmatch(words)
    if match is not None and int(match[1]):
        return Interval(timedelta(seconds=int(match[1]) * _UNITS[match[2]]))
    fields = words.split(" ")
    if len(fields) != len(_FIELDS):
        raise InvalidRequestError(
            f"schedule {text!r} must be like 'every 15m' or have the five fields of cron"
        )
    sets = [
        _field(field, noun=noun, low=low, high=high)
        for field, (noun, low, high) in zip(fields, _FIELDS, strict=True)
    ]
    schedule = Cron(
        minutes=sets[0],
        hours=sets[1],
        days=sets[2],
        months=sets[3],
        weekdays=frozenset(day or _SUNDAY for day in sets[4]),
        day_matters=not fields[2].startswith("*"),
        weekday_matters=not fields[4].startswith("*"),
    )
    schedule.after(datetime(2024, 1, 1, tzinfo=UTC))
    return schedule


def _field(text: str, *, noun: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        match = _PART.fullmatch(part)
        if match is None or match[2] == "0":
            raise InvalidRequestError(f"{part!r} is no {noun} of a cron expression")
        first, last = low, high
        if match[1] != "*":
            first_text, _, last_text = match[1].partition("-")
            first = int(first_text)
            last = int(last_text) if last_text else (high if match[2] else first)
        if not low <= first <= last <= high:
            raise InvalidRequestError(f"{part!r} is no {noun} from {low} to {high}")
        found.update(range(first, last + 1, int(match[2] or 1)))
    return frozenset(found)
