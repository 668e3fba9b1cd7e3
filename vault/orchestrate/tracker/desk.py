"""Tickets and notices as one subject may know them; an effect is had once for each key."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256

from vault.domain.errors import InvalidRequestError, NotFoundError, RevisionConflictError
from vault.domain.identity import Subject
from vault.domain.labels import Label, dominates
from vault.domain.tickets import (
    COLLECTION,
    Notice,
    Remark,
    Ticket,
    TicketDraft,
    TicketState,
)
from vault.domain.tools import digest_of
from vault.policy.engine import PolicyEngine
from vault.store.principals import EVERYONE
from vault.store.session import Store
from vault.store.tickets import TicketRows, TicketStore

ABSENT = "there is no such ticket"
_OPEN = {COLLECTION: frozenset({f"group:{EVERYONE}"})}
_AT_ONCE = 200


class TicketDesk:
    """Makes, shows and moves tickets.

    Args:
        tickets: the tracker's database.
        store: the vault's database, which knows the people.
        policy: decides who may read what.
        now: the clock.
    """

    def __init__(
        self,
        tickets: TicketStore,
        *,
        store: Store,
        policy: PolicyEngine,
        now: Callable[[], datetime],
    ) -> None:
        self._tickets = tickets
        self._store = store
        self._policy = policy
        self._now = now

    def create(
        self, draft: TicketDraft, subject: Subject, *, key: str, run_id: str | None = None
    ) -> Ticket:
        """Make a ticket, or return the one that was made under this key.

        Args:
            draft: what it says.
            subject: who makes it, and for whom.
            key: the caller's idempotency key; the same request again has no second effect.
            run_id: the run that makes it.

        Raises:
            NotFoundError: there is no such queue.
            RevisionConflictError: the key was used for another request.

        Source:
            IETF draft-ietf-httpapi-idempotency-key-header.
        """
        self._check_queue(draft.queue)
        asked = digest_of([*_words_of(draft), run_id])
        with self._tickets.write() as rows:
            made = _made(rows, key, subject, asked)
            if made is not None:
                return _present(rows.get(int(made)))
            ticket = rows.add(
                draft,
                made_by=subject.actor.id,
                reporter=_person(subject),
                run_id=run_id,
                now=self._now(),
            )
            rows.remember(_key(key, subject), request_digest=asked, made=str(ticket.number))
        return ticket

    def show(self, number: int, subject: Subject) -> tuple[Ticket, Sequence[Remark]]:
        """Return a ticket and what was said about it.

        Raises:
            NotFoundError: it does not exist for the subject.
        """
        with self._tickets.read() as rows:
            return self._readable(rows, number, subject), rows.remarks(number)

    def page(self, subject: Subject, *, limit: int, before: int | None = None) -> Sequence[Ticket]:
        """Return the newest tickets that a subject may read, below a number if one is given."""
        kept: list[Ticket] = []
        with self._tickets.read() as rows:
            while len(kept) < limit:
                some = rows.some(before=before, limit=_AT_ONCE)
                kept.extend(self._permitted(some, subject))
                if len(some) < _AT_ONCE:
                    break
                before = some[-1].number
        return kept[:limit]

    def move(self, number: int, to: TicketState, subject: Subject, *, changes: int) -> Ticket:
        """Let a ticket come to another state.

        Args:
            number: of the ticket.
            to: the state.
            subject: who moves it.
            changes: how often it had changed when the subject looked at it.

        Raises:
            NotFoundError: it does not exist for the subject.
            InvalidRequestError: it cannot go there from where it is.
            RevisionConflictError: it changed since.
        """
        with self._tickets.write() as rows:
            self._readable(rows, number, subject).check_step(to)
            if not rows.move(number, to, changes=changes, now=self._now()):
                raise RevisionConflictError("the ticket changed since it was read")
            return _present(rows.get(number))

    def remark(self, number: int, text: str, subject: Subject) -> None:
        """Add to what is said about a ticket.

        Raises:
            NotFoundError: it does not exist for the subject.
            InvalidRequestError: the remark is empty or too long.
        """
        if not 1 <= len(text) <= 20_000:
            raise InvalidRequestError("a remark has 1 to 20000 characters")
        with self._tickets.write() as rows:
            self._readable(rows, number, subject)
            rows.say(number, Remark(subject.actor.id, text, self._now()))

    def notify(
        self,
        to: str,
        text: str,
        subject: Subject,
        *,
        key: str,
        label: Label,
        run_id: str | None = None,
    ) -> str:
        """Leave a notice for one person, once for each key, and return its id.

        Raises:
            NotFoundError: there is no such person, or it may not read what the notice was
                made from.
            RevisionConflictError: the key was used for another notice.
        """
        with self._store.read() as unit:
            person = unit.principals.get(to)
        if person is None or not dominates(person.clearance, label):
            raise NotFoundError("there is nobody of that name who may be told this")
        asked = digest_of(["notice", to, text, run_id])
        with self._tickets.write() as rows:
            made = _made(rows, key, subject, asked)
            if made is None:
                made = str(uuid.uuid4())
                rows.notify(Notice(made, to, subject.actor.id, text, label, self._now(), run_id))
                rows.remember(_key(key, subject), request_digest=asked, made=made)
        return made

    def notices(self, subject: Subject, *, limit: int) -> Sequence[Notice]:
        """Return the newest notices to the subject that it is still cleared for."""
        with self._tickets.read() as rows:
            found = rows.notices(_person(subject), limit=limit)
        clearances = [principal.clearance for principal in subject.principals]
        return [one for one in found if all(dominates(held, one.label) for held in clearances)]

    def _check_queue(self, queue: str) -> None:
        with self._store.read() as unit:
            if queue == EVERYONE or not unit.principals.knows(f"group:{queue}"):
                raise NotFoundError("there is no such queue; a queue is a group")

    def _readable(self, rows: TicketRows, number: int, subject: Subject) -> Ticket:
        found = rows.get(number)
        if found is None or not self._permitted([found], subject):
            raise NotFoundError(ABSENT)
        return found

    def _permitted(self, tickets: Sequence[Ticket], subject: Subject) -> list[Ticket]:
        labels = {found.number: found.access for found in tickets}
        allowed = set(labels)
        for principal in subject.principals:
            allowed &= self._policy.readable(principal, labels, _OPEN)
        return [found for found in tickets if found.number in allowed]


def _made(rows: TicketRows, key: str, subject: Subject, asked: str) -> str | None:
    done = rows.done(_key(key, subject))
    if done is None:
        return None
    if done[0] != asked:
        raise RevisionConflictError("this idempotency key was used for another request")
    return done[1]


def _key(key: str, subject: Subject) -> str:
    """Return what a key is kept as: nobody can meet another one's key."""
    if not 8 <= len(key) <= 255:
        raise InvalidRequestError("an idempotency key has 8 to 255 characters")
    whole = "\x00".join([*(principal.id for principal in subject.principals), key])
    return "sha256:" + sha256(whole.encode()).hexdigest()


def _words_of(draft: TicketDraft) -> list[object]:
    label = draft.label
    return [
        draft.title,
        draft.body,
        draft.queue,
        draft.priority,
        label.classification.word,
        sorted(label.compartments),
    ]


def _person(subject: Subject) -> str:
    return (subject.on_behalf_of or subject.actor).id


def _present(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise NotFoundError(ABSENT)
    return ticket
