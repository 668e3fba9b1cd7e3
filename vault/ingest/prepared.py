"""One document that is parsed, cut and embedded, and waits only for its transaction."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from vault.domain.description import DESCRIPTION, Description
from vault.domain.documents import Chunk, Document, DocumentState, ParsedDocument
from vault.domain.findings import Finding
from vault.ingest.duplicates import SKETCH
from vault.ingest.intake import Intake
from vault.store.documents import KeptDocument
from vault.store.floors import Floor

LONGEST_TITLE = 200
"""Characters; a name inside an archive can be as long as a chapter."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything of one document that its transaction needs.

    Attributes:
        uri: where the source keeps it.
        version: the source's own token for this state.
        digest: ``sha256:`` of the bytes.
        vectors: (n, d) float32, one unit-norm row per chunk.
        parent_id: the document it was attached to, if any.
        findings: what holds it back: in its text, or in its description.
        description: what is known about it beside its text.
        floor: the level that its text needs, if it needs one.
        sketch: what near copies are told by; empty for a short text.
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
    findings: tuple[Finding, ...] = ()
    description: Description | None = None
    floor: Floor | None = None
    sketch: bytes = b""

    @property
    def title(self) -> str:
        """The owner's title, else the parser's, else the last part of the address; one line."""
        return title_of(self.intake.title, self.parsed.title, self.uri)

    def blobs(self) -> dict[str, bytes]:
        """Return what is sealed with the document's key beside its text, by kind."""
        described = b"" if self.description is None else self.description.to_bytes()
        found = {DESCRIPTION: described, SKETCH: self.sketch}
        return {kind: content for kind, content in found.items() if content}

    @property
    def changed_at(self) -> datetime:
        """When its text last changed, as its owner says, else as its source does."""
        return self.intake.modified_at or self.modified_at

    def document(
        self, document_id: str, *, label_id: int, key_id: str, now: datetime
    ) -> KeptDocument:
        """Return the document as it is first kept, still without a revision."""
        document = Document(
            id=document_id,
            source_id=self.intake.source_id,
            uri=self.uri,
            title=self.title,
            media_type=self.parsed.media_type,
            state=DocumentState.CURRENT,
            access=self.intake.access,
            governance=self.intake.governance,
            captured_at=now,
            modified_at=self.changed_at,
        )
        return KeptDocument(document, label_id, key_id, self.version, self.parent_id)


def title_of(stated: str | None, found: str, uri: str) -> str:
    """Return the first title there is: stated, found, or the last part of the address."""
    titles = (stated, found, uri.rsplit("/", 1)[-1])
    lines = (" ".join((title or "").split())[:LONGEST_TITLE] for title in titles)
    return next(filter(None, lines), "")


def digest_of(content: bytes) -> str:
    """Return ``sha256:`` and the hexadecimal digest of ``content``."""
    return "sha256:" + hashlib.sha256(content).hexdigest()
