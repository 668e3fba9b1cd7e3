"""Retention carried out: what is due is listed, asked for, approved by another, and done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from vault.domain.documents import DocumentState
from vault.domain.errors import InvalidRequestError, NotFoundError, VaultError
from vault.domain.identity import Subject
from vault.domain.requests import Request, Verdict
from vault.domain.retention import Disposition
from vault.lifecycle.erasure import Erasure
from vault.lifecycle.requests import DISPOSITION, RequestDesk
from vault.lifecycle.transfer import Transfer
from vault.store.retention import DueRecord
from vault.store.session import Store

MOST_AT_ONCE = 1_000
"""Records of one request: what a person can still look at."""


@dataclass(frozen=True, slots=True)
class Disposed:
    """What became of one record of a granted request."""

    document_id: str
    disposition: str
    done: bool
    reason: str = ""
    certificate: dict[str, object] | None = None


class Dispositions:
    """Lists what is due, and disposes of it once two persons agree.

    Args:
        store: the database.
        requests: what waits for a second person.
        erasure: destroys and certifies.
        transfer: hands records over.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        *,
        requests: RequestDesk,
        erasure: Erasure,
        transfer: Transfer,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._requests = requests
        self._erasure = erasure
        self._transfer = transfer
        self._now = now

    def due(self, *, limit: int = MOST_AT_ONCE) -> tuple[Sequence[DueRecord], int]:
        """Return the records that are due now, longest overdue first, and how many there are."""
        with self._store.read() as unit:
            now = self._now()
            return unit.retention.due(now, limit=limit), unit.retention.count_due(now)

    def ask(self, subject: Subject) -> Request:
        """Ask for the disposition of what is due and not held; reviews stay with the owners.

        Raises:
            AccessDeniedError: the subject does not keep records.
            InvalidRequestError: nothing is due.
        """
        due, _ = self.due()
        records: list[object] = [
            {"document_id": found.document_id, "disposition": found.disposition.value}
            for found in due
            if not found.held and found.disposition is not Disposition.REVIEW
        ]
        if not records:
            raise InvalidRequestError("nothing is due that could be disposed of")
        return self._requests.ask(DISPOSITION, {"records": records}, subject)

    def grant(
        self, request_id: str, *, digest: str, subject: Subject, folder: Path | None
    ) -> list[Disposed]:
        """Dispose of what a request names, unless a hold or a new schedule forbids it now.

        Args:
            request_id: the request.
            digest: digest of what the decider was shown.
            subject: the decider, who is not the one who asked.
            folder: where records to be transferred are written.

        Raises:
            NotFoundError: there is no such request.
            AccessDeniedError: the subject may not decide it, or asked for it.
            InvalidRequestError: it was decided, has expired, is not what was shown, or has
                records to transfer and no folder for them.
        """
        body: Any = self._requests.get(request_id).body
        moved = any(one["disposition"] == Disposition.TRANSFER for one in body["records"])
        if moved and folder is None:
            raise InvalidRequestError("some records are to be transferred; name a folder")
        with self._store.write() as unit:
            self._requests.decide(unit, request_id, Verdict.GRANTED, digest=digest, subject=subject)
        return [
            self._dispose(one["document_id"], Disposition(one["disposition"]), subject, folder)
            for one in body["records"]
        ]

    def refuse(self, request_id: str, *, digest: str, subject: Subject) -> None:
        """End a request without doing anything; the records stay due.

        Raises:
            NotFoundError: there is no such request.
            AccessDeniedError: the subject may not decide it, or asked for it.
            InvalidRequestError: it was decided, has expired, or is not what was shown.
        """
        with self._store.write() as unit:
            self._requests.decide(unit, request_id, Verdict.REFUSED, digest=digest, subject=subject)

    def _dispose(
        self, document_id: str, disposition: Disposition, subject: Subject, folder: Path | None
    ) -> Disposed:
        try:
            if disposition is Disposition.TRANSFER and folder is not None:
                self._check_due(document_id, disposition)
                self._transfer.write(document_id, folder)
            certificate = self._destroy(document_id, disposition, subject)
        except VaultError as problem:
            return Disposed(document_id, disposition.value, done=False, reason=problem.detail)
        return Disposed(document_id, disposition.value, done=True, certificate=certificate)

    def _destroy(
        self, document_id: str, disposition: Disposition, subject: Subject
    ) -> dict[str, object]:
        event = (
            "document.transferred" if disposition is Disposition.TRANSFER else "document.disposed"
        )
        with self._store.write() as unit:
            self._check_due_in(unit.retention.due_record(document_id, self._now()), disposition)
            kept = unit.documents.get(document_id)
            if kept is None or kept.document.state is DocumentState.ERASED:
                raise NotFoundError("the record is gone already")
            taken = self._erasure.take(
                unit, kept, subject, reason="retention has ended", event=event
            )
        return self._erasure.certify(taken)

    def _check_due(self, document_id: str, disposition: Disposition) -> None:
        with self._store.read() as unit:
            self._check_due_in(unit.retention.due_record(document_id, self._now()), disposition)

    def _check_due_in(self, found: DueRecord | None, disposition: Disposition) -> None:
        if found is None or found.disposition is not disposition:
            raise InvalidRequestError("its schedule has changed since the request was made")
        if found.held:
            raise InvalidRequestError("a legal hold covers it by now")
