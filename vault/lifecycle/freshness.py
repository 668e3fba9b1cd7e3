"""Freshness as a duty: what is stale is listed for its owner, who says whether it still holds."""

from collections.abc import Callable, Sequence
from datetime import datetime

from vault.domain.errors import NotFoundError
from vault.domain.identity import Subject
from vault.ledger.journal import Journal
from vault.lifecycle.authority import ABSENT, governed
from vault.policy.engine import PolicyEngine
from vault.store.documents import LIVE
from vault.store.freshness import StaleRecord
from vault.store.session import Store

MOST_LISTED = 1_000


class FreshnessDesk:
    """Lists what is stale and takes owners' word for what is not.

    Args:
        store: the database.
        journal: the ledger.
        policy: decides whose documents they are.
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

    def report(self, subject: Subject | None, *, limit: int = MOST_LISTED) -> Sequence[StaleRecord]:
        """Return the work list of one data owner, the most cited document first.

        Args:
            subject: the owner, who sees its own documents; None is the operator, who sees all.
            limit: most documents to return.
        """
        owner = None if subject is None else subject.actor.id
        with self._store.read() as unit:
            return unit.freshness.overdue(self._now(), owner=owner, limit=limit)

    def attest(self, document_id: str, subject: Subject) -> datetime:
        """Take the owner's word that a document still holds; return from when that counts.

        It is a person's word, so the operator at the home cannot give it in the owner's place.

        Raises:
            NotFoundError: it does not exist for the subject, or is not its own.
        """
        now = self._now()
        with self._store.write() as unit:
            kept = governed(unit, self._policy, document_id, subject)
            found = kept.document
            if found.state.value not in LIVE or found.revision is None:
                raise NotFoundError(ABSENT)
            unit.documents.change(document_id, verified_at=now)
            unit.retention.schedule([document_id])
            self._journal.note(
                unit,
                "document.attested",
                subject=subject,
                about=document_id,
                facts={"document_id": document_id, "revision": found.revision.id},
            )
        return now
