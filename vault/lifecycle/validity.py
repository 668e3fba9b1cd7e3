"""How long texts hold: owners say so, and the end of each is noted when it has come."""

from collections.abc import Callable
from datetime import datetime

from vault.domain.errors import NotFoundError
from vault.domain.identity import Subject
from vault.domain.records import Validity
from vault.ledger.journal import Journal
from vault.lifecycle.authority import ABSENT, governed
from vault.policy.engine import PolicyEngine
from vault.retrieve.forms import moment_form
from vault.store.documents import LIVE
from vault.store.session import Store

AT_ONCE = 500
"""Ends that are noted in one transaction."""


class ValidityDesk:
    """Keeps from when and until when documents hold.

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

    def set(self, document_id: str, validity: Validity, subject: Subject) -> Validity:
        """Let a document hold for this time; return for which it does, by its rules as well.

        Raises:
            NotFoundError: it does not exist for the subject, or is not its own.
        """
        with self._store.write() as unit:
            kept = governed(unit, self._policy, document_id, subject)
            if kept.document.state.value not in LIVE:
                raise NotFoundError(ABSENT)
            unit.documents.change(
                document_id,
                valid_from=validity.starts,
                ends_at=validity.ends,
                expiry_noted=False,
            )
            unit.retention.schedule([document_id])
            self._journal.note(
                unit,
                "document.validity_set",
                subject=subject,
                about=document_id,
                facts={
                    "document_id": document_id,
                    "valid_from": _text(validity.starts),
                    "valid_until": _text(validity.ends),
                },
            )
            changed = unit.documents.get(document_id)
        return validity if changed is None else changed.document.validity

    def note_expired(self) -> int:
        """Put into the ledger what has ceased to hold since the last time; return how much.

        Whether a text counts is decided by the clock at each question, never by this.
        """
        noted = 0
        while True:
            with self._store.write() as unit:
                ended = unit.life.newly_expired(self._now(), limit=AT_ONCE)
                for document_id, since in ended:
                    unit.documents.change(document_id, expiry_noted=True)
                    self._journal.note(
                        unit,
                        "document.expired",
                        subject=None,
                        about=document_id,
                        facts={"document_id": document_id, "valid_until": _text(since)},
                    )
            noted += len(ended)
            if len(ended) < AT_ONCE:
                return noted


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment_form(moment)
