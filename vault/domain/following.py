"""How a source is followed: when, how fast, whom its names stand for, and when to stop and ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from vault.domain.errors import InvalidRequestError
from vault.domain.identity import check_id, check_reference
from vault.domain.schedules import parse_schedule

MOST_GONE = 0.2


class Match(StrEnum):
    """By what a person of a directory is taken for a principal of the vault, letter case aside."""

    NAME = "name"
    """The sign-in name is the principal's id."""
    MAIL = "mail"
    """A mail address is the principal's id."""
    NONE = "none"
    """Only what was mapped by hand."""


@dataclass(frozen=True, slots=True)
class Following:
    """What an operator says about following one source.

    Attributes:
        schedule: when it is due, as written; None is only when someone asks.
        identities: sources of people and groups that its entries name, the first that knows wins.
        audience: reference of the group that an entry about everyone lets in; None is nobody.
        most_gone: share of its documents that may vanish at once without a person's word.
        per_minute: most items read in a minute; None is as fast as it answers.
        match: how its people are recognised.
    """

    schedule: str | None = None
    identities: tuple[str, ...] = ()
    audience: str | None = None
    most_gone: float = MOST_GONE
    per_minute: int | None = None
    match: Match = Match.NAME

    def __post_init__(self) -> None:
        """Refuse what could not be followed, when it is said and not at night.

        Raises:
            InvalidRequestError: a value has the wrong form or is out of range.
        """
        if self.schedule is not None:
            parse_schedule(self.schedule)
        for found in self.identities:
            check_id(found, noun="source")
        if self.audience is not None:
            check_reference(self.audience)
        if not 0 < self.most_gone <= 1:
            raise InvalidRequestError("the share that may vanish must be above 0 and at most 1")
        if self.per_minute is not None and self.per_minute < 1:
            raise InvalidRequestError("at least one item a minute must be read")

    def due_at(self, last: datetime | None) -> datetime | None:
        """Return when it is due if it was last tried at ``last``; None without a schedule.

        One that was never tried has been due since the beginning of time.
        """
        if self.schedule is None:
            return None
        if last is None:
            return datetime.min.replace(tzinfo=UTC)
        return parse_schedule(self.schedule).after(last)

    def form(self) -> dict[str, object]:
        """Return this in plain values."""
        return {
            "schedule": self.schedule,
            "identities": list(self.identities),
            "audience": self.audience,
            "most_gone": self.most_gone,
            "per_minute": self.per_minute,
            "match": self.match.value,
        }

    @classmethod
    def of(cls, form: Mapping[str, object] | None) -> "Following":
        """Return what ``form`` gave; None stands for a source of an earlier release."""
        if form is None:
            return cls()
        identities, per_minute = form["identities"], form["per_minute"]
        return cls(
            schedule=None if form["schedule"] is None else str(form["schedule"]),
            identities=tuple(map(str, identities if isinstance(identities, list) else ())),
            audience=None if form["audience"] is None else str(form["audience"]),
            most_gone=float(str(form["most_gone"])),
            per_minute=None if per_minute is None else int(str(per_minute)),
            match=Match(str(form["match"])),
        )


def retry_wait_minutes(attempts: int) -> int:
    """Return how long to wait after so many failed attempts: 1, 2, 4 … minutes, a day at most."""
    return int(min(2 ** min(max(attempts, 1) - 1, 11), 1440))
