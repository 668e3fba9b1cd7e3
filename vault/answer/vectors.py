"""Vectors of sentences, computed once per chunk and kept in a bounded cache."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.base import Purpose

Vectors = NDArray[np.float32]


class SentenceEmbedder(Protocol):
    """What this package asks of an embedder."""

    @property
    def fingerprint(self) -> str:
        """Name of the model, its weights and its precision."""
        ...

    def embed(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> Vectors:
        """Return one row per text: (n, dimension) float32, rows unit-norm."""
        ...


@dataclass(frozen=True, slots=True)
class ChunkTexts:
    """The texts to embed for one chunk.

    Attributes:
        chunk_id: row of the chunk.
        text: the chunk's own text.
        texts: its sentences as the embedder shall read them.
    """

    chunk_id: int
    text: str
    texts: tuple[str, ...]


class SentenceVectors:
    """Embeds the sentences of chunks in one batch and remembers the latest of them.

    An entry depends on the chunk's content and the model only, never on who asked, and it
    holds no decision: whoever may not read a chunk has no passage to look it up with.
    The text is part of the key because a store may give a deleted row's number again.

    Args:
        embedder: the model.
        chunks: most chunks remembered.
    """

    def __init__(self, embedder: SentenceEmbedder, *, chunks: int = 2048) -> None:
        self._embedder = embedder
        self._limit = chunks
        self._rows: OrderedDict[tuple[str, int, bytes], Vectors] = OrderedDict()
        self._turn = threading.Lock()

    def question(self, text: str) -> Vectors:
        """Return the unit vector of a question: (dimension,) float32."""
        row: Vectors = self._embedder.embed([text], purpose=Purpose.QUERY)[0]
        return row

    def sentences(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row per text, without remembering them: (n, dimension) float32."""
        return self._embedder.embed(list(texts))

    def chunks(self, wanted: Sequence[ChunkTexts]) -> list[Vectors]:
        """Return the rows of each chunk's sentences, in the order of ``wanted``."""
        keys = [self._key(chunk) for chunk in wanted]
        with self._turn:
            found = {key: self._rows[key] for key in keys if key in self._rows}
        missing = [
            (key, chunk)
            for key, chunk in dict(zip(keys, wanted, strict=True)).items()
            if key not in found
        ]
        found |= self._computed(missing)
        with self._turn:
            for key in keys:
                self._rows[key] = found[key]
                self._rows.move_to_end(key)
            while len(self._rows) > self._limit:
                self._rows.popitem(last=False)
        return [found[key] for key in keys]

    def _computed(
        self, missing: Sequence[tuple[tuple[str, int, bytes], ChunkTexts]]
    ) -> dict[tuple[str, int, bytes], Vectors]:
        texts = [text for _, chunk in missing for text in chunk.texts]
        if not texts:
            return {key: np.empty((0, 0), dtype=np.float32) for key, _ in missing}
        rows = self._embedder.embed(texts)
        ends = np.cumsum([len(chunk.texts) for _, chunk in missing])
        parts = np.split(rows, ends[:-1])
        return {key: part for (key, _), part in zip(missing, parts, strict=True)}

    def _key(self, chunk: ChunkTexts) -> tuple[str, int, bytes]:
        content = "\0".join((chunk.text, *chunk.texts))
        digest = sha256(content.encode("utf-8", "surrogatepass")).digest()
        return self._embedder.fingerprint, chunk.chunk_id, digest
