"""Keeps one parsed and embedded document: a single transaction that ends in the ledger."""

import hashlib
import hmac
import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from vault.domain.attestation import SALT_BYTES, commit_content
from vault.domain.documents import (
    Chunk,
    Document,
    DocumentState,
    ParsedDocument,
    Revision,
)
from vault.domain.identity import Subject
from vault.domain.layout import LAYOUT, TEXT, VECTORS, Layout
from vault.ingest.intake import Intake
from vault.ledger.journal import Journal
from vault.store.changes import ADD, RELABEL, REMOVE
from vault.store.documents import LIVE, KeptDocument
from vault.store.session import Store, UnitOfWork


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything of one document that its transaction needs.

    Attributes:
        uri: where the source keeps it.
        version: the source's own token for this state.
        digest: ``sha256:`` of the bytes.
        vectors: (n, d) float32, one unit-norm row per chunk.
        parent_id: the document it was attached to, if any.
    """

    uri: str
    version: str | None
    digest: str
    modified_at: datetime
    intake: Intake
    parsed: ParsedDocument
    chunks: tuple[Chunk, ...]
    vectors: NDArray[np.float32]
    parent_id: str | None = None


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
        """
        intake, now = prepared.intake, self._now()
        found_id = self.id_of(intake.source_id, prepared.uri)
        with self._store.read() as unit:
            before = unit.documents.get(found_id)
        key = self._key(before, intake, now)
        with self._store.write() as unit:
            before = unit.documents.get(found_id)
            label_id = self._label(unit, intake, now)
            revision = self._revision(unit, found_id, prepared, now)
            if before is None:
                unit.documents.add(_new(found_id, prepared, label_id, key[0], now))
            else:
                self._retire(unit, before)
            span = unit.documents.add_revision(revision, prepared.chunks)
            salt = os.urandom(SALT_BYTES)
            layout = Layout.of(prepared.parsed, prepared.chunks, salt=salt)
            unit.blobs.put(revision.id, TEXT, prepared.parsed.text.encode(), key=key)
            unit.blobs.put(revision.id, LAYOUT, layout.to_bytes(), key=key)
            vectors = np.ascontiguousarray(prepared.vectors, dtype="<f4").tobytes()
            unit.blobs.put(revision.id, VECTORS, vectors, key=key, stamp=stamp)
            unit.documents.change(
                found_id,
                revision_id=revision.id,
                access_label_id=label_id,
                state=DocumentState.CURRENT.value,
                title=_title(prepared),
                media_type=prepared.parsed.media_type,
                version=prepared.version,
                modified_at=revision.modified_at,
                key_id=key[0],
            )
            unit.documents.govern(found_id, intake.governance)
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

    def remove(self, held_id: str, *, reason: str) -> None:
        """Take a document that its source no longer has out of every result."""
        with self._store.write() as unit:
            kept = unit.documents.get(held_id)
            if kept is None or kept.document.state.value not in LIVE:
                return
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
            number=len(unit.documents.revisions(found_id)) + 1,
            digest=prepared.digest,
            text_digest=digest_of(parsed.text.encode()),
            captured_at=now,
            modified_at=prepared.intake.modified_at or prepared.modified_at,
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
        span = unit.documents.chunk_range(revision.id)
        unit.changes.append(REMOVE, revision.id, span, access_label_id=kept.access_label_id)

    def _move(self, unit: UnitOfWork, kept: KeptDocument, label_id: int) -> None:
        unit.documents.change(kept.document.id, access_label_id=label_id)
        revision = kept.document.revision
        if revision is not None and kept.document.state.value in LIVE:
            span = unit.documents.chunk_range(revision.id)
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
            },
        )


def _title(prepared: Prepared) -> str:
    return prepared.intake.title or prepared.parsed.title or prepared.uri.rsplit("/", 1)[-1]


def _new(
    found_id: str, prepared: Prepared, label_id: int, key_id: str, now: datetime
) -> KeptDocument:
    document = Document(
        id=found_id,
        source_id=prepared.intake.source_id,
        uri=prepared.uri,
        title=_title(prepared),
        media_type=prepared.parsed.media_type,
        state=DocumentState.CURRENT,
        access=prepared.intake.access,
        governance=prepared.intake.governance,
        captured_at=now,
        modified_at=prepared.intake.modified_at or prepared.modified_at,
    )
    return KeptDocument(document, label_id, key_id, prepared.version, prepared.parent_id)


def digest_of(content: bytes) -> str:
    """Return ``sha256:`` and the hexadecimal digest of ``content``."""
    return "sha256:" + hashlib.sha256(content).hexdigest()
