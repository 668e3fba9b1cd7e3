"""Rows that tests of the store put into it: a labelled document with its revisions."""

import os
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from vault.domain.documents import CharSpan, Chunk, Document, DocumentState, Revision
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.layout import LAYOUT, TEXT, Layout
from vault.domain.records import Governance
from vault.store.documents import KeptDocument
from vault.store.session import Store, UnitOfWork

STAFF = AccessLabel("papers", Label(Classification.INTERNAL), frozenset({"group:staff"}))
BOARD = AccessLabel(
    "deals",
    Label(Classification.SECRET, frozenset({"legal", "hr"})),
    frozenset({"group:board", "user:olga"}),
    frozenset({"user:bo"}),
)
RULES = Governance("olga", "7y", "180d", "30d", "minutes")


@dataclass(frozen=True)
class Shelved:
    """What one call of ``shelve`` put into the store."""

    kept: KeptDocument
    revision: Revision
    chunks: tuple[int, int]
    key: tuple[str, bytes]

    @property
    def id(self) -> str:
        return self.kept.document.id


def document(name: str, now: datetime, *, access: AccessLabel = STAFF) -> Document:
    """Return a document without a revision."""
    return Document(
        id=name,
        source_id="shelf",
        uri=f"file:///{name}",
        title=f"Title of {name}",
        media_type="text/plain",
        state=DocumentState.CURRENT,
        access=access,
        governance=RULES,
        captured_at=now,
        modified_at=now,
    )


def revision_of(name: str, now: datetime, *, number: int = 1, chunks: int = 2) -> Revision:
    """Return a revision's facts."""
    return Revision(
        id=f"{name}-{number}",
        document_id=name,
        number=number,
        digest=f"sha256:{number:064x}",
        text_digest=f"sha256:{number:064x}",
        captured_at=now,
        modified_at=now,
        characters=10 * chunks,
        chunk_count=chunks,
        engine="plain",
        coverage=0.5,
        pages=3,
        language="en",
    )


def pieces(count: int) -> tuple[Chunk, ...]:
    """Return chunks of ten characters each, on pages that count from 1."""
    return tuple(
        Chunk(number, CharSpan(10 * number, 10 * number + 10), f"{number:010}", (), number + 1)
        for number in range(count)
    )


def shelve(
    store: Store,
    name: str,
    now: datetime,
    *,
    access: AccessLabel = STAFF,
    chunks: int = 2,
    parent: str | None = None,
) -> Shelved:
    """Keep a document with one current revision of so many chunks."""
    key = store.keys.new(collection=access.collection, now=now)
    with store.write() as unit:
        label_id, _ = unit.labels.intern(access, now=now)
        kept = KeptDocument(document(name, now, access=access), label_id, key[0], "v1", parent)
        unit.documents.add(kept)
        revision = revision_of(name, now, chunks=chunks)
        span = unit.revisions.add(revision, pieces(chunks))
        unit.documents.change(name, revision_id=revision.id)
    kept = replace(kept, document=replace(kept.document, revision=revision))
    return Shelved(kept, revision, span, key)


def write_content(
    unit: UnitOfWork, shelved: Shelved, vectors: NDArray[np.float32], *, stamp: str
) -> None:
    """Seal text, layout and vectors of a shelved document's revision."""
    revision = shelved.revision
    text = "".join(piece.text for piece in pieces(revision.chunk_count))
    headings = tuple((f"Part {number}",) for number in range(revision.chunk_count))
    layout = Layout(os.urandom(32), headings)
    unit.blobs.put(revision.id, TEXT, text.encode(), key=shelved.key)
    unit.blobs.put(revision.id, LAYOUT, layout.to_bytes(), key=shelved.key)
    unit.vectors.put(revision.id, vectors, key=shelved.key, stamp=stamp)
