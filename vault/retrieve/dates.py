"""Dates as people write them in English, German, Spanish and French, as half-open periods."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LONGEST = 5
"""Most words of one date, as in ``1 de marzo de 2025``."""
_EARLIEST, _LATEST = 1900, 2100

_MONTHS = (
    "january jan januar enero janvier",
    "february feb februar febrero février",
    "march mar märz marzo mars",
    "april apr abril avril",
    "may mai mayo",
    "june jun juni junio juin",
    "july jul juli julio juillet",
    "august aug agosto août",
    "september sep sept septiembre septembre",
    "october oct oktober octubre octobre",
    "november nov noviembre novembre",
    "december dec dezember diciembre décembre",
)
_MONTH_OF = {name: month for month, names in enumerate(_MONTHS, 1) for name in names.split()}
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"([0-3]?\d)(?:st|nd|rd|th|er|\.)?")
_NUMERIC = re.compile(r"((?:19|20)\d\d)-(\d\d?)(?:-(\d\d?))?")
_DOTTED = re.compile(r"(\d\d?)\.(\d\d?)\.((?:19|20)\d\d)")
_LINKS = frozenset({"de", "del", "of", "the", "der", "den", "dem", "le", "el"})
_RELATIVE = {
    ("today",): 0,
    ("yesterday",): 1,
    ("last", "week"): 7,
    ("last", "month"): 30,
    ("last", "year"): 365,
    ("letzte", "woche"): 7,
    ("letzter", "woche"): 7,
    ("letzten", "monat"): 30,
    ("letztem", "monat"): 30,
    ("letztes", "jahr"): 365,
    ("letztem", "jahr"): 365,
    ("ayer",): 1,
    ("hier",): 1,
    ("gestern",): 1,
}
"""Days that lie between the start of a relative date and today."""


@dataclass(frozen=True, slots=True)
class Period:
    """The time from ``start`` up to, and without, ``end``; both in UTC."""

    start: datetime
    end: datetime


def read_date(words: Sequence[str], *, now: datetime) -> Period | None:
    """Return the year, month or day that case-folded ``words`` name, or None.

    Day before month in dotted dates; ``2025-03-01`` as in ISO 8601.

    Args:
        words: the date and nothing else.
        now: the time that "last month" is counted from.

    Source:
        ISO 8601-1:2019, section 5.2.2, for calendar dates.
    """
    days = _RELATIVE.get(tuple(words))
    if days is not None:
        today = datetime(now.year, now.month, now.day, tzinfo=UTC)
        return Period(today - timedelta(days=days), today + timedelta(days=1))
    left = [word.rstrip(",") for word in words if word not in _LINKS]
    if not left or left[0] != words[0].rstrip(","):
        return None
    if len(left) == 1:
        return _one_word(left[0])
    if not _YEAR.fullmatch(left[-1]):
        return None
    return _named_month(left[:-1], int(left[-1]))


def _one_word(word: str) -> Period | None:
    if _YEAR.fullmatch(word):
        return _period(int(word))
    numeric, dotted = _NUMERIC.fullmatch(word), _DOTTED.fullmatch(word)
    if numeric is not None:
        return _period(int(numeric[1]), int(numeric[2]), int(numeric[3] or 0))
    if dotted is not None:
        return _period(int(dotted[3]), int(dotted[2]), int(dotted[1]))
    return None


def _named_month(words: Sequence[str], year: int) -> Period | None:
    """Return ``March``, ``1 March`` or ``March 1`` of a year."""
    months = [_MONTH_OF[word] for word in words if word in _MONTH_OF]
    days = [match[1] for word in words if (match := _DAY.fullmatch(word))]
    if len(months) != 1 or len(months) + len(days) != len(words) or len(days) > 1:
        return None
    return _period(year, months[0], int(days[0]) if days else 0)


def _period(year: int, month: int = 0, day: int = 0) -> Period | None:
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
    except ValueError:
        return None
    if day:
        return Period(start, start + timedelta(days=1))
    if month:
        return Period(start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC))
    return Period(start, datetime(year + 1, 1, 1, tzinfo=UTC))
