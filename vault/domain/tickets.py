"""Tickets of the home's own tracker, and notices to people: work that a run hands over."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vault.domain.errors import InvalidRequestError
from vault.domain.labels import LOWEST, AccessLabel, Label

COLLECTION = "tickets"
"""Collection under which the policy sees tickets; it is open to everyone."""


class TicketState(StrEnum):
    """How far a ticket has come."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


_STEPS = {
    TicketState.OPEN: {TicketState.IN_PROGRESS, TicketState.CLOSED},
    TicketState.IN_PROGRESS: {TicketState.OPEN, TicketState.CLOSED},
    TicketState.CLOSED: {TicketState.OPEN},
}


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """A ticket before it has a number.

    Attributes:
        title: one line.
        body: what is to be done and why.
        queue: group whose members work on it.
        priority: 1, most urgent, to 5.
        label: of the material it was written from.
    """

    title: str
    body: str
    queue: str
    priority: int = 3
    label: Label = LOWEST

    def __post_init__(self) -> None:
        if not 1 <= len(self.title) <= 200 or "\n" in self.title or "\r" in self.title:
            raise InvalidRequestError("the title of a ticket is one line of at most 200 characters")
        if len(self.body) > 20_000:
            raise InvalidRequestError("the body of a ticket has at most 20000 characters")
        if not 1 <= self.priority <= 5:
            raise InvalidRequestError("the priority of a ticket is 1 to 5")


@dataclass(frozen=True, slots=True)
class Ticket:
    """Something to be done by the people of a queue.

    Attributes:
        number: counts the tickets of the home from 1.
        reporter: id of the person it was made for.
        made_by: id of who made it, an agent perhaps.
        run_id: the run that made it, if one did.
        changes: how often it changed; names the state that a change was meant for.
    """

    number: int
    draft: TicketDraft
    state: TicketState
    reporter: str
    made_by: str
    run_id: str | None
    made_at: datetime
    changed_at: datetime
    changes: int = 0

    @property
    def access(self) -> AccessLabel:
        """Who may read it: its queue, its reporter and its maker, if cleared for its label."""
        readers = {f"group:{self.draft.queue}", f"user:{self.reporter}", f"user:{self.made_by}"}
        return AccessLabel(COLLECTION, self.draft.label, frozenset(readers))

    def check_step(self, to: TicketState) -> None:
        """Return only if the ticket may go from its state to this one.

        Raises:
            InvalidRequestError: it may not.
        """
        if to not in _STEPS[self.state]:
            raise InvalidRequestError(
                f"a ticket that is {self.state.value} cannot become {to.value}"
            )


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said about a ticket."""

    by: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to one person inside the vault."""

    id: str
    to: str
    made_by: str
    text: str
    label: Label
    at: datetime
    run_id: str | None = None
