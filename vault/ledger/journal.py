"""Writes what happened into the ledger, in the transaction in which it happens."""

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from vault.domain.identity import Subject
from vault.ledger.log import Ledger
from vault.store.session import UnitOfWork


class Journal:
    """Gives events their id, time and actor.

    Args:
        ledger: the log.
        now: the clock.
    """

    def __init__(self, ledger: Ledger, *, now: Callable[[], datetime]) -> None:
        self.ledger = ledger
        self._now = now

    def note(
        self,
        unit: UnitOfWork,
        event: str,
        *,
        subject: Subject | None,
        about: str,
        facts: Mapping[str, object],
        run_id: str | None = None,
    ) -> int:
        """Append one event to the caller's transaction and return its index.

        Args:
            unit: the transaction that makes the event true.
            event: ``noun.verb`` in the past, such as ``document.ingested``.
            subject: who acted; None is the operator at the home itself.
            about: id of the document or run that the event is found by.
            facts: ids, digests, counts and commitments; never content.
            run_id: the run it belongs to.
        """
        body: dict[str, object] = {
            "type": event,
            "id": str(uuid.uuid4()),
            "time": self._now().astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "actor": f"user:{subject.actor.id}" if subject else "operator",
            "facts": dict(facts),
        }
        if subject is not None and subject.on_behalf_of is not None:
            body["on_behalf_of"] = f"user:{subject.on_behalf_of.id}"
        if run_id is not None:
            body["run_id"] = run_id
        return self.ledger.record(unit.ledger_about(about), body)
