"""How long a document is kept, when it is reviewed, and until when it counts as fresh."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from vault.domain.errors import InvalidRequestError

_PERIOD = re.compile(r"(\d{1,5})([hdwmy])")
_DAYS = {"h": 1 / 24, "d": 1, "w": 7, "m": 365.25 / 12, "y": 365.25}


def parse_period(text: str) -> timedelta:
    """Return the period that ``text`` names: a number and h, d, w, m (months) or y.

    Months and years are mean Gregorian lengths, so a period is a fixed duration.

    Raises:
        InvalidRequestError: the text has another form, or names no time at all.
    """
    match = _PERIOD.fullmatch(text.strip().lower())
    if match is None or int(match[1]) == 0:
        raise InvalidRequestError(f"period {text!r} must be like 30d, 18m or 7y")
    return timedelta(days=int(match[1]) * _DAYS[match[2]])


def parse_day(text: str) -> datetime:
    """Return the first moment, in UTC, of the day that ``text`` names as YYYY-MM-DD.

    Raises:
        InvalidRequestError: the text names no day.
    """
    try:
        return datetime.combine(date.fromisoformat(text.strip()), datetime.min.time(), UTC)
    except ValueError:
        raise InvalidRequestError(f"day {text!r} must be like 2027-01-31") from None


@dataclass(frozen=True, slots=True)
class Governance:
    """The rules a data owner gives with a document.

    Attributes:
        owner: id of the principal answerable for it.
        retention: how long it is kept after its last change, as written (``7y``).
        review_every: how often its owner must look at it again.
        fresh_for: how long after its last change it counts as fresh.
        record_class: name of the schedule it is kept under, which wins over ``retention``.
        valid_until: first day on which it no longer holds (``2027-01-31``).
    """

    owner: str
    retention: str | None = None
    review_every: str | None = None
    fresh_for: str | None = None
    record_class: str | None = None
    valid_until: str | None = None

    def __post_init__(self) -> None:
        """Refuse periods and days that cannot be read, when they are given and not years later."""
        for period in (self.retention, self.review_every, self.fresh_for):
            if period is not None:
                parse_period(period)
        if self.valid_until is not None:
            parse_day(self.valid_until)


def last_confirmed(modified_at: datetime, verified_at: datetime | None) -> datetime:
    """Return when text was last known to hold: when it changed, or its owner said so later."""
    return modified_at if verified_at is None else max(modified_at, verified_at)


def is_fresh(governance: Governance, *, modified_at: datetime, now: datetime) -> bool:
    """Tell whether text last changed at ``modified_at`` still counts as fresh at ``now``."""
    if governance.fresh_for is None:
        return True
    return now - modified_at <= parse_period(governance.fresh_for)


@dataclass(frozen=True, slots=True)
class Validity:
    """The time for which a text holds, whenever the vault came to know of it.

    Attributes:
        starts: first moment at which it holds; None if it always did.
        ends: first moment at which it no longer holds; None if no end is known.
    """

    starts: datetime | None = None
    ends: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a time that ends before it starts."""
        if self.starts is not None and self.ends is not None and self.ends <= self.starts:
            raise InvalidRequestError("a text must start to hold before it ceases to")

    def holds(self, moment: datetime) -> bool:
        """Tell whether the text holds at ``moment``."""
        begun = self.starts is None or self.starts <= moment
        return begun and (self.ends is None or moment < self.ends)

    def expired(self, moment: datetime) -> bool:
        """Tell whether the text has ceased to hold at ``moment``."""
        return self.ends is not None and self.ends <= moment


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the earlier of two moments, of which either may not be known."""
    known = [moment for moment in (one, other) if moment is not None]
    return min(known, default=None)
