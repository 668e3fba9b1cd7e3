"""Reads the sealed content of live chunks: what was said, under which headings, as which vector."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.base import space_of
from vault.domain.layout import LAYOUT, TEXT, Layout
from vault.store.blobs import Blobs
from vault.store.chunks import ChunkRow
from vault.store.documents import Documents
from vault.store.vectors import Vectors


@dataclass(frozen=True, slots=True)
class ChunkContent:
    """The text of one chunk and the headings above it."""

    text: str
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexContent:
    """What an index needs of some chunks, in their order.

    Attributes:
        vectors: (n, d) float32, rows unit-norm.
        texts: title, headings and text of each chunk.
        foreign: revisions that this model never embedded; their chunks are left out.
    """

    chunks: tuple[ChunkRow, ...]
    vectors: NDArray[np.float32]
    texts: tuple[str, ...]
    foreign: tuple[str, ...]


class Content:
    """Opens text, layout and vectors of revisions within one transaction."""

    def __init__(self, documents: Documents, blobs: Blobs, vectors: Vectors) -> None:
        self._documents = documents
        self._blobs = blobs
        self._vectors = vectors

    def text(self, revision_id: str) -> str:
        """Return the canonical text of a revision.

        Raises:
            NotFoundError: it does not exist, or was erased.
        """
        return self._blobs.get(revision_id, TEXT).decode()

    def layout(self, revision_id: str) -> Layout:
        """Return the layout of a revision.

        Raises:
            NotFoundError: it does not exist, or was erased.
        """
        return Layout.from_bytes(self._blobs.get(revision_id, LAYOUT))

    def of_chunks(self, chunks: Iterable[ChunkRow]) -> dict[int, ChunkContent]:
        """Return the content of each chunk that can still be opened, by chunk id."""
        rows = list(chunks)
        revisions = {row.revision_id for row in rows}
        texts = {
            owner: body.decode() for owner, body in self._blobs.get_many(revisions, TEXT).items()
        }
        layouts = self._layouts(revisions)
        return {
            row.chunk_id: ChunkContent(
                texts[row.revision_id][row.start : row.end],
                layouts[row.revision_id].headings[row.ordinal],
            )
            for row in rows
            if row.revision_id in texts and row.revision_id in layouts
        }

    def for_index(self, chunks: Sequence[ChunkRow], *, fingerprint: str) -> IndexContent:
        """Return vectors and texts of the chunks that ``fingerprint``'s model embedded.

        Args:
            chunks: every chunk of some revisions.
            fingerprint: of an embedder; what runs its model does not matter.
        """
        opened = self._vectors.opened({row.revision_id for row in chunks}, space_of(fingerprint))
        counts = Counter(row.revision_id for row in chunks)
        rows_of = {
            revision_id: np.frombuffer(body, dtype="<f4").reshape(counts[revision_id], -1)
            for revision_id, body in opened.rows.items()
            if body
        }
        content = self.of_chunks(chunks)
        titles = {
            kept.document.id: kept.document.title
            for kept in self._documents.many({row.document_id for row in chunks}).values()
        }
        used = tuple(
            row for row in chunks if row.revision_id in rows_of and row.chunk_id in content
        )
        vectors = [rows_of[row.revision_id][row.ordinal] for row in used]
        texts = tuple(_searchable(titles[row.document_id], content[row.chunk_id]) for row in used)
        stacked = np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)
        return IndexContent(used, stacked, texts, opened.foreign)

    def _layouts(self, revisions: Iterable[str]) -> Mapping[str, Layout]:
        return {
            owner: Layout.from_bytes(body)
            for owner, body in self._blobs.get_many(revisions, LAYOUT).items()
        }


def _searchable(title: str, content: ChunkContent) -> str:
    above = dict.fromkeys((title, *content.headings))
    return "\n".join((*above, content.text))
