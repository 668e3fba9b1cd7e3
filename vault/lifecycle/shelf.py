"""Documents as one subject sees them, and the act that lets one replace another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from vault.domain.decisions import VisibleSet
from vault.domain.documents import CharSpan, DocumentState, Revision
from vault.domain.errors import InvalidRequestError, NotFoundError
from vault.domain.identity import Subject
from vault.ledger.journal import Journal
from vault.lifecycle.authority import ABSENT, governed
from vault.lifecycle.pages import MOST_ON_A_PAGE, DocumentPage, Place
from vault.policy.engine import PolicyEngine
from vault.retrieve.permissions import Permissions
from vault.store.documents import LIVE, KeptDocument
from vault.store.session import Store, UnitOfWork


class Shelf:
    """Lists, shows and supersedes documents.

    Args:
        store: the database.
        journal: the ledger.
        permissions: makes VisibleSets.
        policy: decides who may govern a document.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        *,
        journal: Journal,
        permissions: Permissions,
        policy: PolicyEngine,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._journal = journal
        self._permissions = permissions
        self._policy = policy
        self._now = now

    def page(self, subject: Subject, *, limit: int, after: Place | None = None) -> DocumentPage:
        """Return some of the documents a subject may read now, by title.

        Args:
            subject: who looks.
            limit: most documents to return, at least 1.
            after: where an earlier page ended.
        """
        place = None if after is None else (after.title, after.document_id)
        with self._store.read() as unit:
            visible = self._permissions.visible(unit, subject)
            # One more tells whether there is a next page, without a count.
            kept = unit.documents.visible(visible.label_ids, limit=limit + 1, after=place)
            shown = [self._as_seen(unit, found, visible) for found in kept[:limit]]
        return DocumentPage(shown, Place.after(shown[-1]) if len(kept) > limit else None)

    def all(self, subject: Subject, *, at_once: int = MOST_ON_A_PAGE) -> Iterator[KeptDocument]:
        """Yield every document a subject may read, by title; rights count page by page."""
        page = self.page(subject, limit=at_once)
        yield from page.documents
        while page.next is not None:
            page = self.page(subject, limit=at_once, after=page.next)
            yield from page.documents

    def show(self, document_id: str, subject: Subject) -> KeptDocument:
        """Return one document.

        Raises:
            NotFoundError: it does not exist for this subject.
        """
        with self._store.read() as unit:
            visible = self._permissions.visible(unit, subject)
            return self._as_seen(unit, self._readable(unit, document_id, visible), visible)

    def read(self, document_id: str, subject: Subject, *, revision: str | None = None) -> str:
        """Return the canonical text for a subject to keep; the ledger knows of it first.

        Raises:
            NotFoundError: it does not exist for this subject.
        """
        text = self.text(document_id, subject, revision=revision)
        with self._store.write() as unit:
            self._journal.note(
                unit,
                "document.read",
                subject=subject,
                about=document_id,
                facts={"document_id": document_id, "revision": revision or "current"},
            )
        return text

    def text(self, document_id: str, subject: Subject, *, revision: str | None = None) -> str:
        """Return the canonical text of a document's revision, the current one by default.

        Raises:
            NotFoundError: it does not exist for this subject.
        """
        with self._store.read() as unit:
            visible = self._permissions.visible(unit, subject)
            kept = self._readable(unit, document_id, visible)
            return unit.content.text(_revision_id(unit, kept, revision))

    def span(self, document_id: str, revision: str, span: CharSpan, subject: Subject) -> str:
        """Return what a span of a revision covers, as it stands in the store now.

        Raises:
            NotFoundError: the revision does not exist for this subject.
        """
        return span.of(self.text(document_id, subject, revision=revision))

    def history(self, document_id: str, subject: Subject) -> Sequence[Revision]:
        """Return the revisions of a document, oldest first.

        Raises:
            NotFoundError: it does not exist for this subject.
        """
        with self._store.read() as unit:
            visible = self._permissions.visible(unit, subject)
            kept = self._readable(unit, document_id, visible)
            return unit.revisions.of(kept.document.id)

    def supersede(self, older: str, newer: str, subject: Subject | None) -> None:
        """Let ``newer`` replace ``older`` wherever a reader may read both.

        Args:
            older: id of the document that gives way.
            newer: id of the one that replaces it.
            subject: the older document's owner; None is the operator at the home.

        Raises:
            NotFoundError: one of them does not exist for the subject, or is not its own.
            InvalidRequestError: the link would close a circle.
        """
        with self._store.write() as unit:
            governed(unit, self._policy, older, subject)
            follower = unit.documents.get(newer)
            if follower is None or follower.document.state.value not in LIVE:
                raise NotFoundError(ABSENT)
            if subject is not None:
                self._readable(unit, newer, self._permissions.visible(unit, subject))
            _check_no_circle(unit, older, newer)
            unit.documents.enter(
                older, DocumentState.SUPERSEDED, at=self._now(), superseded_by=newer
            )
            self._journal.note(
                unit,
                "document.superseded",
                subject=subject,
                about=older,
                facts={"document_id": older, "superseded_by": newer},
            )

    def _as_seen(self, unit: UnitOfWork, kept: KeptDocument, visible: VisibleSet) -> KeptDocument:
        """Leave out a successor the subject may not know of: its document stays current."""
        found = kept.document
        if found.superseded_by is None:
            return kept
        successor = unit.documents.get(found.superseded_by)
        if successor is not None and successor.access_label_id in visible.label_ids:
            return kept
        return replace(
            kept, document=replace(found, superseded_by=None, state=DocumentState.CURRENT)
        )

    def _readable(self, unit: UnitOfWork, document_id: str, visible: VisibleSet) -> KeptDocument:
        kept = unit.documents.get(document_id)
        if (
            kept is None
            or kept.access_label_id not in visible.label_ids
            or kept.document.state.value not in LIVE
        ):
            raise NotFoundError(ABSENT)
        return kept


def _revision_id(unit: UnitOfWork, kept: KeptDocument, wanted: str | None) -> str:
    current = kept.document.revision
    if wanted is None and current is not None:
        return current.id
    if any(found.id == wanted for found in unit.revisions.of(kept.document.id)):
        return str(wanted)
    raise NotFoundError(ABSENT)


def _check_no_circle(unit: UnitOfWork, older: str, newer: str) -> None:
    step: str | None = newer
    while step is not None:
        if step == older:
            raise InvalidRequestError("the two documents would supersede each other")
        found = unit.documents.get(step)
        step = None if found is None else found.document.superseded_by
