"""Lowers a level that screening raised, for one very text, once two persons agree."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from vault.domain.documents import Revision
from vault.domain.errors import InvalidRequestError, NotFoundError
from vault.domain.identity import Subject
from vault.domain.labels import Classification, Label
from vault.domain.requests import Request, Verdict
from vault.ledger.journal import Journal
from vault.lifecycle.authority import ABSENT, governed
from vault.lifecycle.requests import LOWERING, RequestDesk
from vault.policy.engine import PolicyEngine
from vault.store.changes import RELABEL
from vault.store.documents import LIVE, KeptDocument
from vault.store.floors import Floor
from vault.store.session import Store, UnitOfWork


class LoweringDesk:
    """Lowers floors; nothing and nobody else does.

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

    def ask(self, document_id: str, to: Classification, subject: Subject) -> Request:
        """Ask, as its owner, for a lower level; another person has to grant it.

        Raises:
            NotFoundError: it does not exist for the subject, or is not its own.
            AccessDeniedError: the subject may not ask.
            InvalidRequestError: no level was raised, or ``to`` is not below it.
        """
        with self._store.read() as unit:
            kept = governed(unit, self._policy, document_id, subject)
            self._check(unit, kept, to)
            revision = _revision(kept)
        body: dict[str, object] = {
            "document_id": document_id,
            "text": revision.text_digest,
            "from": kept.document.access.label.classification.word,
            "to": to.word,
        }
        return self._requests.ask(LOWERING, body, subject)

    def grant(self, request_id: str, *, digest: str, subject: Subject) -> str:
        """Lower the level for the very text that was asked for; return the document's id.

        Raises:
            NotFoundError: there is no such request, or its document is gone.
            AccessDeniedError: the subject may not decide it, or asked for it.
            InvalidRequestError: it was decided, has expired, is not what was shown, or the
                text or its level has changed since.
        """
        with self._store.write() as unit:
            made = self._requests.decide(
                unit, request_id, Verdict.GRANTED, digest=digest, subject=subject
            )
            body: Any = made.body
            kept = governed(unit, self._policy, body["document_id"], None)
            to = Classification.of(body["to"])
            self._check(unit, kept, to)
            if _revision(kept).text_digest != body["text"]:
                raise InvalidRequestError("the text has changed since the request was made")
            self._lower(unit, kept, to, subject)
        return kept.document.id

    def refuse(self, request_id: str, *, digest: str, subject: Subject) -> None:
        """End a request; the level stays as it is.

        Raises:
            NotFoundError: there is no such request.
            AccessDeniedError: the subject may not decide it, or asked for it.
            InvalidRequestError: it was decided, has expired, or is not what was shown.
        """
        with self._store.write() as unit:
            self._requests.decide(unit, request_id, Verdict.REFUSED, digest=digest, subject=subject)

    def _check(self, unit: UnitOfWork, kept: KeptDocument, to: Classification) -> None:
        floor = unit.floors.of(kept.document.id)
        if floor is None:
            raise InvalidRequestError(
                "screening raised no level here; its source says under which level it is kept"
            )
        if to >= kept.document.access.label.classification or to >= floor.level:
            raise InvalidRequestError("a level can be lowered only to one below it")

    def _lower(
        self, unit: UnitOfWork, kept: KeptDocument, to: Classification, subject: Subject
    ) -> None:
        found, digest = kept.document, _revision(kept).text_digest
        access = replace(found.access, label=Label(to, found.access.label.compartments))
        label_id, _ = unit.labels.intern(access, now=self._now())
        unit.floors.put(found.id, Floor(to, digest, digest))
        unit.documents.change(found.id, access_label_id=label_id)
        revision = _revision(kept)
        if found.state.value in LIVE:
            span = unit.revisions.chunk_range(revision.id)
            unit.changes.append(RELABEL, revision.id, span, access_label_id=label_id)
        unit.raise_epoch()
        self._journal.note(
            unit,
            "document.lowered",
            subject=subject,
            about=found.id,
            facts={
                "document_id": found.id,
                "revision": revision.id,
                "from": found.access.label.classification.word,
                "to": to.word,
                "label": access.digest,
            },
        )


def _revision(kept: KeptDocument) -> Revision:
    if kept.document.revision is None:
        raise NotFoundError(ABSENT)
    return kept.document.revision
