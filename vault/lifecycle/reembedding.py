"""Vectors of every live document by another model, made beside those that are in use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.base import Embedder, space_of
from vault.domain.documents import CharSpan, Chunk, Document
from vault.domain.layout import TEXT
from vault.ingest.chunk import embedding_text
from vault.ingest.embedding import Embedded, embed_passages
from vault.store.session import Store, UnitOfWork

CHUNKS_AT_ONCE = 96
"""Chunks embedded and then kept together: what a kill loses at most."""
REVISIONS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Progress:
    """How far re-embedding is, in chunks of live documents; both grow while others take in."""

    done: int
    total: int

    @property
    def complete(self) -> bool:
        """Whether every live chunk has its vector."""
        return self.done == self.total


@dataclass(frozen=True, slots=True)
class _Passages:
    """A revision and what the embedder is to see of each of its chunks."""

    revision_id: str
    texts: tuple[str, ...]


class Reembedding:
    """Makes the vectors that live documents lack of one embedder's model.

    What is in use is neither read nor touched, so searches go on meanwhile. Every step is a
    transaction; a run that was killed goes on with what is still missing, and documents that
    come in or are erased meanwhile are seen at the next step.

    Args:
        store: the database.
        embedder: the model to make vectors with.
    """

    def __init__(self, store: Store, *, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._space = space_of(embedder.fingerprint)

    def progress(self) -> Progress:
        """Return how far it is now."""
        with self._store.read() as unit:
            return Progress(*unit.vectors.covered(self._space))

    def run(self) -> Iterator[Progress]:
        """Yield how far it is after every step, until no live document lacks vectors.

        Raises:
            ModelUnavailableError: the embedder failed.
        """
        unreadable: set[str] = set()
        while waiting := self._waiting(unreadable):
            for batch in _batches(waiting):
                texts = [text for each in batch for text in each.texts]
                self._keep(batch, embed_passages(self._embedder, texts))
                yield self.progress()

    def _waiting(self, unreadable: set[str]) -> Sequence[_Passages]:
        with self._store.read() as unit:
            limit = REVISIONS_AT_ONCE + len(unreadable)
            lacking = [
                each
                for each in unit.vectors.lacking(self._space, limit=limit)
                if each not in unreadable
            ]
            found = _passages(unit, lacking)
        # A document that is erased in these moments has lost its key before its row.
        unreadable.update(set(lacking) - {each.revision_id for each in found})
        return found

    def _keep(self, batch: Sequence[_Passages], embedded: Embedded) -> None:
        with self._store.write() as unit:
            ids = [each.revision_id for each in batch]
            still = set(unit.vectors.lacking(self._space, limit=len(ids), among=ids))
            owners = {blob.owner_id: blob.key_id for blob, _ in unit.blobs.opened(still, TEXT)}
            keys = self._store.keys.open(owners.values())
            start = 0
            for each in batch:
                rows = embedded.part(start, start + len(each.texts)).rows
                start += len(each.texts)
                key_id = owners.get(each.revision_id, "")
                if key_id in keys:
                    key = (key_id, keys[key_id])
                    unit.vectors.put(each.revision_id, rows, key=key, stamp=embedded.stamp)


def _passages(unit: UnitOfWork, revision_ids: Sequence[str]) -> list[_Passages]:
    chunks = unit.chunks.of(revision_ids)
    content = unit.content.of_chunks(chunks)
    kept = unit.documents.many({row.document_id for row in chunks})
    texts: dict[str, list[str]] = {}
    for row in chunks:
        if row.chunk_id in content:
            found = content[row.chunk_id]
            span = CharSpan(row.start, row.end)
            piece = Chunk(row.ordinal, span, found.text, found.headings, row.page)
            shown = embedding_text(piece, _title(kept[row.document_id].document))
            texts.setdefault(row.revision_id, []).append(shown)
    return [_Passages(revision_id, tuple(each)) for revision_id, each in texts.items()]


def _title(document: Document) -> str:
    """Return the title its chunks were embedded under: a file's name is none."""
    return "" if document.title == document.uri.rsplit("/", 1)[-1] else document.title


def _batches(waiting: Sequence[_Passages]) -> Iterator[list[_Passages]]:
    batch: list[_Passages] = []
    for each in waiting:
        batch.append(each)
        if sum(len(found.texts) for found in batch) >= CHUNKS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
