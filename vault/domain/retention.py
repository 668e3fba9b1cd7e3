"""Record classes and their schedules: how long, counted from what, and what happens then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vault.domain.errors import InvalidRequestError
from vault.domain.identity import check_id
from vault.domain.records import (
    Governance,
    earlier,
    last_confirmed,
    parse_day,
    parse_period,
)

EVENT = "event:"


class Disposition(StrEnum):
    """What happens to a record once its retention ends."""

    DESTROY = "destroy"
    REVIEW = "review"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """A schedule: class determines destiny.

    Attributes:
        name: id of the record class.
        trigger: ``created``, ``modified`` or ``event:NAME``.
        period: length, as written (``7y``).
        disposition: what happens then.
        mandate: the law or rule that demands it, as the organisation cites it.

    Source:
        ISO 15489-1:2016, section 8.5 (disposition authorities); MoReq2010, section 8.
    """

    name: str
    trigger: str
    period: str
    disposition: Disposition
    mandate: str

    def __post_init__(self) -> None:
        """Refuse a rule that cannot be read, when it is made and not years later."""
        check_id(self.name, noun="record class")
        parse_period(self.period)
        if self.trigger not in {"created", "modified"} and not self.event:
            raise InvalidRequestError(
                f"trigger {self.trigger!r} must be created, modified or event:NAME"
            )
        if not self.mandate.strip():
            raise InvalidRequestError("a record class needs the mandate it rests on")

    @property
    def event(self) -> str:
        """Name of the event that starts the period, or empty."""
        return self.trigger.removeprefix(EVENT) if self.trigger.startswith(EVENT) else ""


@dataclass(frozen=True, slots=True)
class RecordTimes:
    """The moments a schedule may count from.

    Attributes:
        created: when the vault captured it.
        modified: when its text last changed.
        verified: when its owner last said that it still holds; None if never.
        events: when events happened to it, by name.
        ends: when its owner says that it ceases to hold; None if never said.
    """

    created: datetime
    modified: datetime
    verified: datetime | None
    events: Mapping[str, datetime]
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When a document's owner, or its keeper, has to act; None where no rule says so.

    Attributes:
        due_at: retention ends.
        stale_at: it no longer counts as fresh.
        review_at: its owner has to look at it again.
        expires_at: it ceases to hold, and leaves the results of anyone who asks after that.
    """

    due_at: datetime | None
    stale_at: datetime | None
    review_at: datetime | None
    expires_at: datetime | None = None


def deadlines(times: RecordTimes, governance: Governance, rule: RetentionRule | None) -> Deadlines:
    """Return the dates that follow from a document's rules.

    A record class wins over a plain retention period, which counts from the last change.
    Freshness counts from the last change or the last verification, whichever is later; a
    review from the last verification, or from capture if there was none.
    """
    confirmed = last_confirmed(times.modified, times.verified)
    return Deadlines(
        due_at=_due_at(times, rule=rule, retention=governance.retention),
        stale_at=_later(confirmed, governance.fresh_for),
        review_at=_later(times.verified or times.created, governance.review_every),
        expires_at=earlier(
            times.ends,
            None if governance.valid_until is None else parse_day(governance.valid_until),
        ),
    )


def _later(start: datetime, period: str | None) -> datetime | None:
    return None if period is None else start + parse_period(period)


def _due_at(
    times: RecordTimes, *, rule: RetentionRule | None, retention: str | None
) -> datetime | None:
    if rule is not None:
        start = {"created": times.created, "modified": times.modified}.get(
            rule.trigger, times.events.get(rule.event)
        )
        return None if start is None else start + parse_period(rule.period)
    return _later(times.modified, retention)
