"""Legal holds, placed and released by those with authority, each with its ledger event."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from vault.domain.documents import DocumentState
from vault.domain.errors import (
    AccessDeniedError,
    HoldInForceError,
    InvalidRequestError,
    NotFoundError,
)
from vault.domain.holds import HoldQuery, LegalHold, check_words
from vault.domain.identity import Subject
from vault.ledger.journal import Journal
from vault.policy.engine import PolicyEngine
from vault.store.documents import KeptDocument
from vault.store.session import Store, UnitOfWork

OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Matter:
    """What a hold is placed for: the case, who ordered it, and why."""

    name: str
    authority: str
    reason: str

    def __post_init__(self) -> None:
        """Refuse a matter that does not say all three."""
        check_words(matter=self.name, authority=self.authority, reason=self.reason)


class HoldDesk:
    """Places and releases legal holds.

    Args:
        store: the database.
        journal: the ledger.
        policy: decides who has authority.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        *,
        journal: Journal,
        policy: PolicyEngine,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._journal = journal
        self._policy = policy
        self._now = now

    def place(
        self,
        matter: Matter,
        *,
        document_ids: Sequence[str] = (),
        query: HoldQuery | None = None,
        subject: Subject | None,
    ) -> LegalHold:
        """Place a hold on documents, on whatever a query fits now and later, or on both.

        Args:
            matter: what it is for.
            document_ids: documents it names.
            query: what else it covers; every later document is compared with it.
            subject: who places it; None is the operator at the home.

        Raises:
            AccessDeniedError: the subject has no authority over holds.
            NotFoundError: a named document does not exist.
            InvalidRequestError: it would cover nothing, now and for ever.
        """
        self._check(subject, "hold", placed_by="")
        if not document_ids and query is None:
            raise InvalidRequestError("a hold needs documents or a query")
        hold = LegalHold(
            id=str(uuid.uuid4()),
            matter=matter.name,
            authority=matter.authority,
            reason=matter.reason,
            query=query,
            placed_by=_reference(subject),
            placed_at=self._now(),
        )
        with self._store.write() as unit:
            covered = _named(unit, document_ids) | _fitting(unit, query)
            unit.holds.add(hold)
            unit.holds.cover(hold.id, sorted(covered), since=hold.placed_at)
            self._journal.note(
                unit,
                "hold.placed",
                subject=subject,
                about=hold.id,
                facts={"hold": hold.id, "documents": len(covered), "query": query is not None},
            )
        return hold

    def release(self, hold_id: str, *, reason: str, subject: Subject | None) -> LegalHold:
        """End a hold; what no other hold covers follows its own rules again.

        Raises:
            AccessDeniedError: the subject has no authority over holds.
            NotFoundError: there is no such hold.
            InvalidRequestError: no reason is given, or it was released before.
        """
        check_words(reason=reason)
        with self._store.write() as unit:
            hold = unit.holds.get(hold_id)
            self._check(subject, "release", placed_by="" if hold is None else hold.placed_by)
            if hold is None:
                raise NotFoundError("there is no such hold")
            if not hold.in_force:
                raise InvalidRequestError("the hold was released before")
            unit.holds.release(hold_id, by=_reference(subject), now=self._now())
            self._journal.note(
                unit,
                "hold.released",
                subject=subject,
                about=hold_id,
                facts={"hold": hold_id, "documents": unit.holds.count(hold_id)},
            )
            released = unit.holds.get(hold_id)
        return released or hold

    def all(self, subject: Subject | None) -> list[tuple[LegalHold, int]]:
        """Return every hold with the number of documents it covers, newest first.

        Raises:
            AccessDeniedError: the subject has no authority over holds.
        """
        self._check(subject, "hold", placed_by="")
        with self._store.read() as unit:
            return [(hold, unit.holds.count(hold.id)) for hold in unit.holds.all()]

    def _check(self, subject: Subject | None, act: str, *, placed_by: str) -> None:
        if subject is None:
            return
        for principal in subject.principals:
            if not self._policy.decide_hold(principal, act, placed_by=placed_by).permitted:
                raise AccessDeniedError("legal holds are for those who keep records")


def check_free(unit: UnitOfWork, documents: Sequence[KeptDocument]) -> None:
    """Return only if no hold in force covers any of these documents.

    Raises:
        HoldInForceError: one does. The matter is not named: not everyone may know of it.
    """
    for kept in documents:
        # What was attached to a held document is part of the record.
        for found_id in filter(None, (kept.document.id, kept.parent_id)):
            if unit.holds.on(found_id):
                raise HoldInForceError("a legal hold covers this document; nothing was changed")


def _named(unit: UnitOfWork, document_ids: Sequence[str]) -> set[str]:
    found = unit.documents.many(set(document_ids))
    kept = {one.document.id for one in found.values() if _exists(one)}
    missing = sorted(set(document_ids) - kept)
    if missing:
        raise NotFoundError(f"there is no document {missing[0]}; nothing was held")
    return kept


def _fitting(unit: UnitOfWork, query: HoldQuery | None) -> set[str]:
    if query is None:
        return set()
    return {
        kept.document.id
        for kept in unit.documents.everything()
        if _exists(kept) and query.matches(kept.document)
    }


def _exists(kept: KeptDocument) -> bool:
    return kept.document.state is not DocumentState.ERASED


def _reference(subject: Subject | None) -> str:
    return OPERATOR if subject is None else f"user:{subject.actor.id}"
