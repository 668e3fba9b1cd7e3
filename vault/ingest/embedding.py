"""Vectors of passages by one embedder, with nothing of a long passage left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.base import Embedder
from models.errors import ModelError
from vault.domain.errors import ModelUnavailableError

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """Vectors and what made them, which belong together.

    Attributes:
        rows: (n, d) float32, rows unit-norm.
        stamp: fingerprint of the embedder.
    """

    rows: Rows
    stamp: str

    def part(self, start: int, end: int) -> "Embedded":
        """Return the rows from ``start`` up to ``end``, under the same stamp."""
        return Embedded(self.rows[start:end], self.stamp)


def embed_passages(embedder: Embedder, texts: Sequence[str]) -> Embedded:
    """Return one vector a text, in order.

    A text that is longer than the model reads at once, because it was cut for another model,
    is embedded in pieces; its vector is their mean by length, made unit-norm again.

    Raises:
        ModelUnavailableError: the model failed.
    """
    try:
        counts = embedder.count_tokens(texts)
        pieces = [
            [text] if count <= embedder.max_tokens else _cut(text, embedder)
            for text, count in zip(texts, counts, strict=True)
        ]
        rows = embedder.embed([piece for each in pieces for piece in each])
    except ModelError as error:
        raise ModelUnavailableError(f"the embedder failed: {error}") from error
    return Embedded(_joined(rows, pieces), embedder.fingerprint)


def _cut(text: str, embedder: Embedder) -> list[str]:
    """Return consecutive pieces of a text that each fit, halved at white space near the middle."""
    waiting, pieces = [text], []
    while waiting:
        piece = waiting.pop()
        if len(piece) < 2 or embedder.count_tokens([piece])[0] <= embedder.max_tokens:
            pieces.append(piece)
            continue
        middle = len(piece) // 2
        space = piece.rfind(" ", 1, middle)
        place = space if space > middle // 2 else middle
        waiting += [piece[place:], piece[:place]]
    return pieces


def _joined(rows: Rows, pieces: Sequence[Sequence[str]]) -> Rows:
    if len(rows) == len(pieces):
        return rows
    joined = np.empty((len(pieces), rows.shape[1]), dtype=np.float32)
    start = 0
    for place, each in enumerate(pieces):
        own = rows[start : start + len(each)]
        start += len(each)
        mean = np.average(own, axis=0, weights=[len(piece) for piece in each])
        norm = float(np.linalg.norm(mean))
        joined[place] = mean / norm if norm > 0 else own[0]
    return joined
