"""Vectors of sentences, computed once per reader and chunk and kept in a bounded cache."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.base import Purpose
from vault.domain.evidence import Retrieval

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
class ChunkText:
    """A text to embed, and the chunk it belongs to."""

    chunk_id: int
    text: str


class SentenceRows(Protocol):
    """Gives the vectors of sentences."""

    def rows(self, wanted: Sequence[ChunkText]) -> list[Vectors]:
        """Return the unit row of each text, in the order of ``wanted``."""
        ...


@dataclass(frozen=True, slots=True)
class ScopedVectors:
    """What one scope has asked for; to it, nothing that another asked for is there."""

    shared: "SentenceVectors"
    scope: str

    def rows(self, wanted: Sequence[ChunkText]) -> list[Vectors]:
        """Return the unit row of each text, in the order of ``wanted``."""
        return self.shared.rows(wanted, scope=self.scope)


class SentenceVectors:
    """Embeds the sentences of chunks in one batch and remembers the latest of them.

    An entry depends on a chunk's content and the model only and holds no decision: whoever may
    not read a chunk has no passage to look its sentences up with. The text is part of the key
    because a store may give a deleted row's number again. The scope and the chunk are, so that
    neither a reader's timing nor the rounding of a batch tells what others asked or may read.

    Args:
        embedder: the model.
        sentences: most sentences remembered.
    """

    def __init__(self, embedder: SentenceEmbedder, *, sentences: int = 16_384) -> None:
        self._embedder = embedder
        self._limit = sentences
        self._rows: OrderedDict[tuple[str, str, int, bytes], Vectors] = OrderedDict()
        self._turn = threading.Lock()

    def question_of(self, retrieval: Retrieval) -> Vectors:
        """Return the unit vector of what was searched, the search's own: (dimension,) float32."""
        # Another model's vector would compare with nothing here.
        if retrieval.vector and retrieval.made_by in {"", self._embedder.fingerprint}:
            return np.array(retrieval.vector, np.float32)
        return self.question(retrieval.question)

    def question(self, text: str) -> Vectors:
        """Return the unit vector of a question: (dimension,) float32."""
        row: Vectors = self._embedder.embed([text], purpose=Purpose.QUERY)[0]
        return row

    def sentences(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row per text, without remembering them: (n, dimension) float32."""
        return self._embedder.embed(list(texts))

    def within(self, scope: str) -> ScopedVectors:
        """Return what is remembered for one scope."""
        return ScopedVectors(self, scope)

    def rows(self, wanted: Sequence[ChunkText], *, scope: str = "") -> list[Vectors]:
        """Return the unit row of each text, in the order of ``wanted``."""
        keys = [self._key(one, scope) for one in wanted]
        with self._turn:
            found = {key: self._rows[key] for key in keys if key in self._rows}
        missing = {key: one.text for key, one in zip(keys, wanted, strict=True) if key not in found}
        if missing:
            made = self._embedder.embed(list(missing.values()))
            found |= dict(zip(missing, made, strict=True))
        with self._turn:
            for key in keys:
                self._rows[key] = found[key]
                self._rows.move_to_end(key)
            while len(self._rows) > self._limit:
                self._rows.popitem(last=False)
        return [found[key] for key in keys]

    def _key(self, one: ChunkText, scope: str) -> tuple[str, str, int, bytes]:
        digest = sha256(one.text.encode("utf-8", "surrogatepass")).digest()
        return scope, self._embedder.fingerprint, one.chunk_id, digest
