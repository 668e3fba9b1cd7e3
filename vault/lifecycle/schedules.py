"""Record classes and the events they count from, each change with its ledger event."""

from datetime import datetime

from vault.domain.identity import Subject, check_id
from vault.domain.retention import RetentionRule
from vault.ledger.journal import Journal
from vault.lifecycle.authority import governed
from vault.lifecycle.requests import DISPOSITION, RequestDesk
from vault.policy.engine import PolicyEngine
from vault.store.session import Store


class Schedules:
    """Says how long records of each class are kept, counted from what.

    Args:
        store: the database.
        journal: the ledger.
        policy: decides whose documents they are.
        requests: knows who keeps records.
    """

    def __init__(
        self, store: Store, *, journal: Journal, policy: PolicyEngine, requests: RequestDesk
    ) -> None:
        self._store = store
        self._journal = journal
        self._policy = policy
        self._requests = requests

    def define(self, rule: RetentionRule, subject: Subject | None) -> None:
        """Keep a record class; documents of it are scheduled by it from now on.

        Raises:
            AccessDeniedError: the subject does not keep records.
        """
        if subject is not None:
            self._requests.check(subject, "request", kind=DISPOSITION, requested_by="")
        with self._store.write() as unit:
            unit.retention.define(rule)
            self._journal.note(
                unit,
                "record_class.defined",
                subject=subject,
                about=rule.name,
                facts={
                    "record_class": rule.name,
                    "trigger": rule.trigger,
                    "period": rule.period,
                    "disposition": rule.disposition.value,
                },
            )

    def rules(self) -> list[RetentionRule]:
        """Return every record class by name."""
        with self._store.read() as unit:
            return list(unit.retention.rules().values())

    def note_event(
        self, document_id: str, name: str, *, at: datetime, subject: Subject | None
    ) -> None:
        """Keep that something happened to a document that its schedule may count from.

        Raises:
            NotFoundError: it does not exist for the subject, or is not its own.
        """
        check_id(name, noun="event")
        with self._store.write() as unit:
            kept = governed(unit, self._policy, document_id, subject)
            unit.retention.note_event(kept.document.id, name, at)
            self._journal.note(
                unit,
                "document.event_noted",
                subject=subject,
                about=document_id,
                facts={"document_id": document_id, "event": name, "at": at.isoformat()},
            )

    def classify(self, document_id: str, name: str, subject: Subject | None) -> None:
        """Put a document under a record class; its dates follow at once.

        Raises:
            NotFoundError: it does not exist for the subject, or is not its own.
            InvalidRequestError: there is no such class.
        """
        with self._store.write() as unit:
            kept = governed(unit, self._policy, document_id, subject)
            unit.documents.change(kept.document.id, record_class=name)
            unit.retention.schedule([kept.document.id])
            self._journal.note(
                unit,
                "document.classified",
                subject=subject,
                about=document_id,
                facts={"document_id": document_id, "record_class": name},
            )
