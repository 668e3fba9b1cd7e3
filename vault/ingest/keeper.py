"""Keeps one parsed and embedded document: a single transaction that ends in the ledger."""

import hashlib
import hmac
import os
import uuid
from collections.abc import Callable
from datetime import datetime

from vault.domain.attestation import SALT_BYTES, commit_content
from vault.domain.documents import DocumentState, Revision
from vault.domain.identity import Subject
from vault.domain.layout import LAYOUT, TEXT, Layout
from vault.ingest.intake import Intake
from vault.ingest.prepared import Prepared, digest_of
from vault.ledger.events import LoggedEvent
from vault.ledger.journal import Journal
from vault.store.changes import ADD, RELABEL, REMOVE
from vault.store.documents import LIVE, KeptDocument
from vault.store.session import Store, UnitOfWork

DELETION_WITHHELD = "document.deletion_withheld"
"""What the ledger says once when a hold keeps what its source no longer has."""


def document_id(key: bytes, source_id: str, uri: str) -> str:
    """Return the id of a source's item: always the same, and telling nothing of either.

    Source:
        RFC 9562, section 5.8 (UUID version 8).
    """
    digest = hmac.new(key, f"{source_id}\x00{uri}".encode(), hashlib.sha256).digest()
    bits = int.from_bytes(digest[:16])
    bits = bits & ~(0xF << 76) | 8 << 76
    bits = bits & ~(0x3 << 62) | 2 << 62
    return str(uuid.UUID(int=bits))


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
        self._identifiers = identifiers
        self._subject = subject

    def id_of(self, source_id: str, uri: str) -> str:
        """Return the id that an item has or would get."""
        return document_id(self._identifiers, source_id, uri)

    def keep(self, prepared: Prepared, *, stamp: str) -> str:
        """Take in a new document or a new revision of one; return its id.

        Args:
            prepared: the parsed and embedded document.
            stamp: fingerprint of the embedder that made the vectors.

        Raises:
            EmbedderSwitchedError: the home uses another embedder now; nothing was kept.
        """
        intake, now = prepared.intake, self._now()
        found_id = self.id_of(intake.source_id, prepared.uri)
        with self._store.read() as unit:
            before = unit.documents.get(found_id)
        key = self._key(before, intake, now)
        with self._store.write() as unit:
            unit.vectors.admit(stamp)
            before = unit.documents.get(found_id)
            label_id = self._label(unit, intake, now)
            revision = self._revision(unit, found_id, prepared, now)
            suspicious = _suspicious(unit, prepared, revision)
            state = DocumentState.QUARANTINED if suspicious else _state(before)
            if before is None:
                unit.documents.add(
                    prepared.document(found_id, label_id=label_id, key_id=key[0], now=now)
                )
            else:
                self._retire(unit, before)
            span = unit.revisions.add(revision, prepared.chunks)
            salt = _seal(unit, revision.id, prepared, key)
            unit.vectors.put(revision.id, prepared.vectors, key=key, stamp=stamp)
            unit.documents.change(
                found_id,
                revision_id=revision.id,
                access_label_id=label_id,
                state=state.value,
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
            if state.value in LIVE:
                unit.changes.append(ADD, revision.id, span, access_label_id=label_id)
            unit.sources.unbury(intake.source_id, prepared.uri)
            self._note_kept(unit, revision, prepared, label_id=label_id, salt=salt)
        return found_id

    def relabel(self, held_id: str, intake: Intake, *, version: str | None) -> bool:
        """Put an unchanged document under the intake's rights and rules; tell if any differed."""
        now = self._now()
        with self._store.write() as unit:
            kept = unit.documents.get(held_id)
            if kept is None:
                return False
            label_id = self._label(unit, intake, now)
            same = (
                label_id == kept.access_label_id and intake.governance == kept.document.governance
            )
            unit.documents.change(held_id, version=version)
            if same:
                return False
            self._move(unit, kept, label_id)
            for child in unit.documents.children(held_id):
                self._move(unit, child, label_id)
            unit.documents.govern(held_id, intake.governance)
            self._follow_rules(unit, held_id)
            unit.raise_epoch()
            self._journal.note(
                unit,
                "document.relabelled",
                subject=self._subject,
                about=held_id,
                facts={"document_id": held_id, "label": intake.access.digest},
            )
            return True

    def touch(self, held_id: str, *, version: str | None) -> None:
        """Note the source's new token for a document whose bytes are the same."""
        with self._store.write() as unit:
            unit.documents.change(held_id, version=version)

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
            for each in (kept, *unit.documents.children(held_id)):
                self._retire(unit, each)
                unit.documents.change(each.document.id, state=DocumentState.DELETED.value)
            unit.sources.unbury(kept.document.source_id, kept.document.uri)
            self._journal.note(
                unit,
                "document.deleted",
                subject=self._subject,
                about=held_id,
                facts={"document_id": held_id, "reason": reason},
            )
            return True

    def _follow_rules(self, unit: UnitOfWork, found_id: str) -> None:
        """Compute when the document is due, and let the holds that fit it cover it."""
        unit.retention.schedule([found_id])
        kept = unit.documents.get(found_id)
        if kept is None:
            return
        for hold_id in unit.holds.catch(kept.document, now=self._now()):
            self._journal.note(
                unit,
                "hold.extended",
                subject=self._subject,
                about=hold_id,
                facts={"hold": hold_id, "document_id": found_id},
            )

    def _note_withheld(self, unit: UnitOfWork, held_id: str) -> None:
        rows = unit.ledger_about(held_id)
        last = LoggedEvent.parse(rows.leaf(rows.of_subject(held_id)[-1]))
        # A source is followed every hour; that it still lacks the item is no news.
        if last.type != DELETION_WITHHELD:
            self._journal.note(
                unit,
                DELETION_WITHHELD,
                subject=self._subject,
                about=held_id,
                facts={"document_id": held_id},
            )

    def _key(self, before: KeptDocument | None, intake: Intake, now: datetime) -> tuple[str, bytes]:
        if before is not None:
            keys = self._store.keys.open([before.key_id])
            if before.key_id in keys:
                return before.key_id, keys[before.key_id]
        return self._store.keys.new(collection=intake.access.collection, now=now)

    def _label(self, unit: UnitOfWork, intake: Intake, now: datetime) -> int:
        label_id, new = unit.labels.intern(intake.access, now=now)
        if new:
            unit.raise_epoch()
        return label_id

    def _revision(
        self, unit: UnitOfWork, found_id: str, prepared: Prepared, now: datetime
    ) -> Revision:
        parsed = prepared.parsed
        return Revision(
            id=str(uuid.uuid4()),
            document_id=found_id,
            number=len(unit.revisions.of(found_id)) + 1,
            digest=prepared.digest,
            text_digest=digest_of(parsed.text.encode()),
            captured_at=now,
            modified_at=prepared.changed_at,
            characters=len(parsed.text),
            chunk_count=len(prepared.chunks),
            engine=parsed.engine,
            coverage=parsed.coverage,
            pages=parsed.pages,
            language=parsed.language,
        )

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

    def _note_kept(
        self,
        unit: UnitOfWork,
        revision: Revision,
        prepared: Prepared,
        *,
        label_id: int,
        salt: bytes,
    ) -> None:
        self._journal.note(
            unit,
            "document.ingested",
            subject=self._subject,
            about=revision.document_id,
            facts={
                "document_id": revision.document_id,
                "revision": revision.id,
                "number": revision.number,
                "content": commit_content(salt=salt, content=prepared.digest.encode()),
                "text": commit_content(salt=salt, content=revision.text_digest.encode()),
                "label": prepared.intake.access.digest,
                "label_id": label_id,
                "chunks": revision.chunk_count,
                "source": prepared.intake.source_id,
                "findings": len(unit.findings.of(revision.document_id)),
            },
        )


def _seal(unit: UnitOfWork, revision_id: str, prepared: Prepared, key: tuple[str, bytes]) -> bytes:
    """Seal the text and its layout; return the salt of the ledger's commitments to them."""
    salt = os.urandom(SALT_BYTES)
    layout = Layout.of(prepared.parsed, prepared.chunks, salt=salt)
    unit.blobs.put(revision_id, TEXT, prepared.parsed.text.encode(), key=key)
    unit.blobs.put(revision_id, LAYOUT, layout.to_bytes(), key=key)
    return salt


def _suspicious(unit: UnitOfWork, prepared: Prepared, revision: Revision) -> bool:
    """Tell whether a text is to be held back: two persons may have let this very text through."""
    released = unit.findings.let_through(revision.document_id)
    return bool(prepared.findings) and released != revision.text_digest


def _state(before: KeptDocument | None) -> DocumentState:
    # What gave way to another document does not come back because its own text changed.
    superseded = before is not None and before.document.superseded_by is not None
    return DocumentState.SUPERSEDED if superseded else DocumentState.CURRENT
