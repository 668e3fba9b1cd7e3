"""Documents that are held back, shown to those who answer for them, and let through by two."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vault.domain.documents import DocumentState
from vault.domain.errors import InvalidRequestError, ModelUnavailableError, NotFoundError
from vault.domain.findings import Finding
from vault.domain.identity import Subject
from vault.domain.requests import Request, Verdict
from vault.ingest.screen.screening import excerpt
from vault.ledger.journal import Journal
from vault.lifecycle.authority import ABSENT, governed
from vault.lifecycle.requests import RELEASE, RequestDesk
from vault.policy.engine import PolicyEngine
from vault.store.changes import ADD
from vault.store.documents import KeptDocument
from vault.store.session import Store, UnitOfWork


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A document that nobody can retrieve until two persons let it through.

    Attributes:
        excerpts: each finding with its neighbourhood, everything in it made visible.
    """

    kept: KeptDocument
    excerpts: tuple[tuple[Finding, str], ...]


class Quarantine:
    """Shows what is held back and lets it through once two persons agree.

    Args:
        store: the database.
        journal: the ledger.
        policy: decides whose documents they are.
        requests: what waits for a second person.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        *,
        journal: Journal,
        policy: PolicyEngine,
        requests: RequestDesk,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._journal = journal
        self._policy = policy
        self._requests = requests
        self._now = now

    def all(self, subject: Subject | None) -> list[tuple[KeptDocument, Sequence[Finding]]]:
        """Return the documents held back that the subject decides over, by title.

        Args:
            subject: their owner; None is the operator at the home, who sees all.
        """
        owner = None if subject is None else subject.actor.id
        with self._store.read() as unit:
            held = unit.documents.in_state(DocumentState.QUARANTINED, owner=owner)
            return [(kept, unit.findings.of(kept.document.id)) for kept in held]

    def show(self, document_id: str, subject: Subject | None) -> HeldBack:
        """Return one document that is held back, with the places that made it so.

        Raises:
            NotFoundError: it does not exist for the subject, is not its own or not held back.
        """
        with self._store.read() as unit:
            kept = self._held(unit, document_id, subject)
            text = unit.content.text(_revision(kept))
            found = unit.findings.of(document_id)
        return HeldBack(kept, tuple((one, excerpt(text, one.span)) for one in found))

    def ask(self, document_id: str, subject: Subject) -> Request:
        """Ask for a document to be let through; another person has to grant it.

        Raises:
            NotFoundError: it does not exist for the subject, is not its own or not held back.
            AccessDeniedError: the subject may not ask.
        """
        with self._store.read() as unit:
            kept = self._held(unit, document_id, subject)
        revision = kept.document.revision
        body: dict[str, object] = {
            "document_id": document_id,
            "text": "" if revision is None else revision.text_digest,
        }
        return self._requests.ask(RELEASE, body, subject)

    def grant(self, request_id: str, *, digest: str, subject: Subject) -> str:
        """Let the very text through that was asked for; return the document's id.

        Raises:
            NotFoundError: there is no such request, or its document is gone.
            AccessDeniedError: the subject may not decide it, or asked for it.
            InvalidRequestError: it was decided, has expired, is not what was shown, or the
                text has changed since.
            ModelUnavailableError: the home went over to another embedder meanwhile.
        """
        with self._store.write() as unit:
            made = self._requests.decide(
                unit, request_id, Verdict.GRANTED, digest=digest, subject=subject
            )
            body: Any = made.body
            kept = self._held(unit, body["document_id"], None)
            revision = kept.document.revision
            if revision is None or revision.text_digest != body["text"]:
                raise InvalidRequestError("the text has changed since the request was made")
            self._let_through(unit, kept, subject, text_digest=revision.text_digest)
        return kept.document.id

    def refuse(self, request_id: str, *, digest: str, subject: Subject) -> None:
        """End a request; the document stays held back.

        Raises:
            NotFoundError: there is no such request.
            AccessDeniedError: the subject may not decide it, or asked for it.
            InvalidRequestError: it was decided, has expired, or is not what was shown.
        """
        with self._store.write() as unit:
            self._requests.decide(unit, request_id, Verdict.REFUSED, digest=digest, subject=subject)

    def _let_through(
        self, unit: UnitOfWork, kept: KeptDocument, subject: Subject, *, text_digest: str
    ) -> None:
        document_id, revision_id = kept.document.id, _revision(kept)
        used = unit.vectors.in_use()
        if used is not None and unit.vectors.opened([revision_id], used).foreign:
            raise ModelUnavailableError(
                "it was taken in under another embedder; erase it and take it in again"
            )
        unit.documents.enter(
            document_id, DocumentState.CURRENT, at=self._now(), released_text=text_digest
        )
        unit.findings.replace(document_id, ())
        span = unit.revisions.chunk_range(revision_id)
        unit.changes.append(ADD, revision_id, span, access_label_id=kept.access_label_id)
        self._journal.note(
            unit,
            "document.released",
            subject=subject,
            about=document_id,
            facts={"document_id": document_id, "revision": revision_id},
        )

    def _held(self, unit: UnitOfWork, document_id: str, subject: Subject | None) -> KeptDocument:
        kept = governed(unit, self._policy, document_id, subject)
        if kept.document.state is not DocumentState.QUARANTINED:
            raise NotFoundError(ABSENT)
        return kept


def _revision(kept: KeptDocument) -> str:
    if kept.document.revision is None:
        raise NotFoundError(ABSENT)
    return kept.document.revision.id
