"""What one document's transaction writes: its revision, its sealed content, its ledger facts."""

import os
import uuid
from datetime import datetime

from vault.domain.attestation import SALT_BYTES, commit_content
from vault.domain.documents import Revision
from vault.domain.layout import LAYOUT, TEXT, Layout
from vault.ingest.prepared import Prepared, digest_of
from vault.store.session import UnitOfWork


def new_revision(unit: UnitOfWork, found_id: str, prepared: Prepared, *, now: datetime) -> Revision:
    """Return the next revision of a document, not yet kept."""
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


def seal_content(
    unit: UnitOfWork, revision_id: str, prepared: Prepared, *, key: tuple[str, bytes]
) -> bytes:
    """Seal the text and its layout; return the salt of the ledger's commitments to them."""
    salt = os.urandom(SALT_BYTES)
    layout = Layout.of(prepared.parsed, prepared.chunks, salt=salt)
    unit.blobs.put(revision_id, TEXT, prepared.parsed.text.encode(), key=key)
    unit.blobs.put(revision_id, LAYOUT, layout.to_bytes(), key=key)
    for kind, content in prepared.blobs().items():
        unit.blobs.put(revision_id, kind, content, key=key)
    return salt


def is_suspicious(unit: UnitOfWork, prepared: Prepared, revision: Revision) -> bool:
    """Tell whether a text is to be held back: two persons may have let this very text through."""
    released = unit.findings.let_through(revision.document_id)
    return bool(prepared.findings) and released != revision.text_digest


def kept_facts(
    unit: UnitOfWork, revision: Revision, prepared: Prepared, *, label_id: int, salt: bytes
) -> dict[str, object]:
    """Return what the ledger keeps of a document that was taken in."""
    return {
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
        "floor": None if prepared.floor is None else prepared.floor.level.word,
    }
