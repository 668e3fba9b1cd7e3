"""How much a second reading by token vectors changes the order of the best candidates."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import thread_time

import numpy as np
from corpora import EmbeddedCorpus, SentenceEmbedder
from numpy.typing import NDArray
from relevance import Candidates, candidates, ndcg

from vault.retrieve.rerank import CANDIDATES, maxsim

WEIGHTS = (0.0, 0.1, 0.25, 0.5, 1.0)
"""Shares of the second reading that are tried, beside fused scores whose terms weigh 1."""


class TokenReader:
    """Token vectors of a model in a local folder, as the product's embedder gives them."""

    def __init__(self, folder: Path) -> None:
        from models.registry import load_embedder  # noqa: PLC0415 - heavy, optional

        self._embedder = load_embedder(folder, threads=1)

    def read(self, texts: Sequence[str]) -> list[NDArray[np.float16]]:
        """Return one matrix of unit rows per text."""
        return [rows.astype(np.float16) for rows in self._embedder.token_vectors(texts)]


def reranked(
    embedded: EmbeddedCorpus, splitter: SentenceEmbedder, reader: TokenReader, *, most: int
) -> dict[str, float]:
    """Return the mean nDCG@10 by weight, and the thread seconds a question costs.

    Args:
        embedded: the question set.
        splitter: cuts documents as they were embedded.
        reader: gives token vectors.
        most: most questions that are asked, evenly spread.
    """
    found = list(candidates(embedded))
    found = found[:: max(1, len(found) // most)][:most]
    documents = list(embedded.corpus.documents.values())
    known: dict[int, list[NDArray[np.float16]]] = {}
    gained: dict[float, list[float]] = {weight: [] for weight in WEIGHTS}
    seconds = []
    for one in found:
        best = one.fused[:CANDIDATES]
        for hit in best:
            if hit.chunk_id not in known:
                known[hit.chunk_id] = reader.read(splitter.split(documents[hit.chunk_id]))
        begun = thread_time()
        measured = _measured(one, reader, [known[hit.chunk_id] for hit in best])
        seconds.append(thread_time() - begun)
        for weight in WEIGHTS:
            scores = np.array([hit.score for hit in best]) + weight * measured
            order = np.argsort(-scores, kind="stable")
            gained[weight].append(ndcg([best[place].chunk_id for place in order], one.grades))
    figures = {f"weight {weight:g}": float(np.mean(values)) for weight, values in gained.items()}
    return figures | {"questions": float(len(found)), "seconds": float(np.mean(seconds))}


def _measured(
    one: Candidates, reader: TokenReader, texts: Sequence[Sequence[NDArray[np.float16]]]
) -> NDArray[np.float64]:
    """Return the standard score of every candidate's best passage."""
    asked = reader.read([one.text])[0].astype(np.float32)
    raw = np.array([max(_each(asked, pieces)) for pieces in texts])
    return (raw - raw.mean()) / (raw.std() + 1e-6)


def _each(asked: NDArray[np.float32], pieces: Sequence[NDArray[np.float16]]) -> Iterator[float]:
    return (maxsim(asked, piece.astype(np.float32)) for piece in pieces)
