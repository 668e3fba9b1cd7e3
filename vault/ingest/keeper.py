"""Keeps one parsed and embedded document: a single transaction that ends in the ledger."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from vault.domain.documents import DocumentState
from vault.domain.identity import Subject
from vault.domain.labels import AccessLabel
from vault.ingest.intake import Intake
from vault.ingest.places import Places, item_of
from vault.ingest.prepared import Prepared
from vault.ingest.spills import note_spills
from vault.ingest.writing import is_suspicious, kept_facts, new_revision, seal_content
from vault.ledger.events import LoggedEvent
from vault.ledger.journal import Journal
from vault.store.changes import ADD, RELABEL, REMOVE
from vault.store.documents import LIVE, KeptDocument
from vault.store.session import Store, UnitOfWork

DELETION_WITHHELD = "document.deletion_withheld"
"""What the ledger says once when a hold keeps what its source no longer has."""


class Keeper:
    """Writes documents, their rights and their removal.

    Args:
        store: the database.
        journal: the ledger.
        now: the clock.
        identifiers: key that document ids are made with.
        subject: who takes the documents in; None is the operator at the home.
    """

    def __init__(
        self,
        store: Store,
        *,
        journal: Journal,
        now: Callable[[], datetime],
        identifiers: bytes,
        subject: Subject | None = None,
    ) -> None:
        self._store = store
        self._journal = journal
        self._now = now
        self._places = Places(identifiers)
        self._subject = subject

    def id_of(self, source_id: str, item_id: str) -> str:
        """Return the id that an item has or would get if it never moved."""
        return self._places.id_of(source_id, item_id)

    def keep(self, prepared: Prepared, *, stamp: str) -> str:
        """Take in a new document or a new revision of one; return its id.

        Args:
            prepared: the parsed and embedded document.
            stamp: fingerprint of the embedder that made the vectors.

        Raises:
            EmbedderSwitchedError: the home uses another embedder now; nothing was kept.
        """
        intake, now = prepared.intake, self._now()
        with self._store.read() as unit:
            before = unit.documents.get(self._places.find(unit, prepared))
        key = self._key(before, intake, now)
        with self._store.write() as unit:
            unit.vectors.admit(stamp)
            found_id = self._places.find(unit, prepared)
            before = unit.documents.get(found_id)
            label_id = self._label(unit, intake.access, now)
            revision = new_revision(unit, found_id, prepared, now=now)
            suspicious = is_suspicious(unit, prepared, revision)
            state = DocumentState.QUARANTINED if suspicious else _state(before)
            if before is None:
                added = prepared.document(found_id, label_id=label_id, key_id=key[0], now=now)
                unit.documents.add(self._places.settle(unit, added, prepared))
            else:
                self._retire(unit, before)
                self._move_below(unit, found_id, intake.access)
            span = unit.revisions.add(revision, prepared.chunks)
            salt = seal_content(unit, revision.id, prepared, key=key)
            unit.vectors.put(revision.id, prepared.vectors, key=key, stamp=stamp)
            unit.documents.enter(
                found_id,
                state,
                at=now,
                revision_id=revision.id,
                access_label_id=label_id,
                title=prepared.title,
                media_type=prepared.parsed.media_type,
                version=prepared.version,
                modified_at=revision.modified_at,
                # Its owner's word was about the text before this one.
                verified_at=None,
                key_id=key[0],
            )
            unit.documents.govern(found_id, intake.governance)
            self._follow_rules(unit, found_id)
            unit.findings.replace(found_id, prepared.findings if suspicious else ())
            unit.floors.settle(found_id, prepared.floor)
            if state.value in LIVE:
                unit.changes.append(ADD, revision.id, span, access_label_id=label_id)
            unit.sources.unbury(intake.source_id, prepared.uri)
            self._place(unit, found_id, prepared)
            self._note(
                unit,
                "document.ingested",
                found_id,
                kept_facts(unit, revision, prepared, label_id=label_id, salt=salt),
            )
            if state.value in LIVE:
                note_spills(unit, self._journal, revision, subject=self._subject)
        return found_id

    def relabel(self, held_id: str, intake: Intake, *, version: str | None) -> bool:
        """Put an unchanged document under the intake's rights and rules; tell if any differed."""
        with self._store.write() as unit:
            unit.documents.change(held_id, version=version)
            return self._relabel(unit, held_id, intake)

    def relabel_all(self, changes: Sequence[tuple[str, Intake]]) -> list[str]:
        """Put unchanged documents under other rights and rules, all at once; return which differed.

        Args:
            changes: document ids, each with its intake.
        """
        with self._store.write() as unit:
            return [held_id for held_id, intake in changes if self._relabel(unit, held_id, intake)]

    def _relabel(self, unit: UnitOfWork, held_id: str, intake: Intake) -> bool:
        kept = unit.documents.get(held_id)
        if kept is None:
            return False
        access = unit.floors.under(held_id, intake.access)
        label_id = self._label(unit, access, self._now())
        same = label_id == kept.access_label_id and intake.governance == kept.document.governance
        self._observe(unit, held_id, intake)
        if same:
            return False
        self._move(unit, kept, label_id)
        self._move_below(unit, held_id, access)
        unit.documents.govern(held_id, intake.governance)
        self._follow_rules(unit, held_id)
        unit.raise_epoch()
        facts = {"document_id": held_id, "label": access.digest}
        self._note(unit, "document.relabelled", held_id, facts)
        return True

    def touch(self, held_id: str, *, version: str | None) -> None:
        """Note the source's new token for a document whose bytes are the same."""
        with self._store.write() as unit:
            unit.documents.change(held_id, version=version)

    def move(self, held_id: str, *, item_id: str, uri: str, version: str | None) -> bool:
        """Let a document be another item of its source from now on; tell if that could be done.

        Its id, its revisions and every citation of it stay as they are.
        """
        with self._store.write() as unit:
            kept = unit.documents.get(held_id)
            if kept is None or not self._places.move(
                unit, kept, item_id=item_id, uri=uri, version=version
            ):
                return False
            unit.sources.unbury(kept.document.source_id, uri)
            self._note(unit, "document.moved", held_id, {"document_id": held_id})
            return True

    def remove(self, held_id: str, *, reason: str) -> bool:
        """Take a document that its source no longer has out of every result; tell if it was.

        What a legal hold covers stays: a hold beats a deletion at the source.
        """
        with self._store.write() as unit:
            kept = unit.documents.get(held_id)
            if kept is None or kept.document.state.value not in LIVE:
                return False
            if unit.holds.on(held_id):
                self._note_withheld(unit, held_id)
                return False
            for each in (kept, *_below(unit, held_id)):
                self._retire(unit, each)
                unit.documents.enter(each.document.id, DocumentState.DELETED, at=self._now())
            unit.sources.unbury(kept.document.source_id, kept.document.uri)
            facts = {"document_id": held_id, "reason": reason}
            self._note(unit, "document.deleted", held_id, facts)
            return True

    def _follow_rules(self, unit: UnitOfWork, found_id: str) -> None:
        """Compute when the document is due, and let the holds that fit it cover it."""
        unit.retention.schedule([found_id])
        kept = unit.documents.get(found_id)
        if kept is None:
            return
        for hold_id in unit.holds.catch(kept.document, now=self._now()):
            facts = {"hold": hold_id, "document_id": found_id}
            self._note(unit, "hold.extended", hold_id, facts)

    def _note_withheld(self, unit: UnitOfWork, held_id: str) -> None:
        rows = unit.ledger_about(held_id)
        last = LoggedEvent.parse(rows.leaf(rows.of_subject(held_id)[-1]))
        # A source is followed every hour; that it still lacks the item is no news.
        if last.type != DELETION_WITHHELD:
            self._note(unit, DELETION_WITHHELD, held_id, {"document_id": held_id})

    def _key(self, before: KeptDocument | None, intake: Intake, now: datetime) -> tuple[str, bytes]:
        if before is not None:
            keys = self._store.keys.open([before.key_id])
            if before.key_id in keys:
                return before.key_id, keys[before.key_id]
        return self._store.keys.new(collection=intake.access.collection, now=now)

    def _label(self, unit: UnitOfWork, access: AccessLabel, now: datetime) -> int:
        label_id, new = unit.labels.intern(access, now=now)
        if new:
            unit.raise_epoch()
        return label_id

    def _retire(self, unit: UnitOfWork, kept: KeptDocument) -> None:
        revision = kept.document.revision
        if revision is None or kept.document.state.value not in LIVE:
            return
        span = unit.revisions.chunk_range(revision.id)
        unit.changes.append(REMOVE, revision.id, span, access_label_id=kept.access_label_id)

    def _move(self, unit: UnitOfWork, kept: KeptDocument, label_id: int) -> None:
        unit.documents.change(kept.document.id, access_label_id=label_id)
        revision = kept.document.revision
        if revision is not None and kept.document.state.value in LIVE:
            span = unit.revisions.chunk_range(revision.id)
            unit.changes.append(RELABEL, revision.id, span, access_label_id=label_id)

    def _move_below(self, unit: UnitOfWork, held_id: str, access: AccessLabel) -> None:
        """Let attachments follow the rights of what they are attached to."""
        for child in _below(unit, held_id):
            raised = unit.floors.under(child.document.id, access)
            label_id = self._label(unit, raised, self._now())
            if child.access_label_id != label_id:
                self._move(unit, child, label_id)

    def _place(self, unit: UnitOfWork, found_id: str, prepared: Prepared) -> None:
        if prepared.parent_id is None:
            unit.items.place(found_id, prepared.intake.source_id, item_of(prepared))
            self._observe(unit, found_id, prepared.intake)

    def _observe(self, unit: UnitOfWork, held_id: str, intake: Intake) -> None:
        seen = intake.seen
        if seen is not None:
            unit.items.observe(held_id, acl_id=seen.acl_id, acl_hash=seen.acl_hash, now=seen.at)

    def _note(self, unit: UnitOfWork, event: str, about: str, facts: Mapping[str, object]) -> None:
        self._journal.note(unit, event, subject=self._subject, about=about, facts=facts)


def _below(unit: UnitOfWork, held_id: str) -> Iterator[KeptDocument]:
    """Yield the attachments of a document, and theirs."""
    for child in unit.documents.children(held_id):
        yield child
        yield from _below(unit, child.document.id)


def _state(before: KeptDocument | None) -> DocumentState:
    # What gave way to another document does not come back because its own text changed.
    superseded = before is not None and before.document.superseded_by is not None
    return DocumentState.SUPERSEDED if superseded else DocumentState.CURRENT
