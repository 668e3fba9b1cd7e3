"""A lexical workload: real passages with real questions, under labels, tiled to any size."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet

PASSAGE_WORDS = 130
FOLDER_CHUNKS = 257
LONGEST_QUESTION = 120
"""Characters; what is longer is a conversation rather than a query."""
NOISE = 0.4
"""Share of words that a passage exchanges for words of others, so that no two are alike."""
SETS = ("scifact", "cranfield", "policyqa", "clapnq", "xquad-en", "conflictnq")


@dataclass(frozen=True, slots=True)
class Workload:
    """Passages, their labels, and what is asked of them.

    Attributes:
        texts: one a chunk.
        labels: (n,) int64; neighbours in a folder share one.
        questions: plain words.
    """

    texts: Sequence[str]
    labels: NDArray[np.int64]
    questions: Sequence[str]


def workload(data: Path, *, size: int, labels: int, questions: int, seed: int = 0) -> Workload:
    """Return ``size`` passages made of the question sets below ``data``."""
    rng = np.random.default_rng(seed)
    real, asked = [], []
    for name in SETS:
        real += [words for row in _rows(data / name / "corpus.jsonl") for words in _cut(row)]
        found = [str(row["text"]) for row in _rows(data / name / "queries.jsonl")]
        short = [text for text in found if len(text) <= LONGEST_QUESTION]
        asked += [short[place] for place in rng.permutation(len(short))[: questions // 2]]
    pool = np.array([word for words in real for word in words], dtype=object)
    texts = [_mixed(real[place % len(real)], pool, rng) for place in range(size)]
    folders = np.arange(size) // FOLDER_CHUNKS
    owners = rng.integers(0, labels, int(folders[-1]) + 1)
    chosen = [asked[place] for place in rng.permutation(len(asked))[:questions]]
    return Workload(texts, owners[folders].astype(np.int64), chosen)


def visible_share(labels: NDArray[np.int64], share: float, *, seed: int = 0) -> VisibleSet:
    """Return a VisibleSet of random labels that open about ``share`` of the chunks."""
    rng = np.random.default_rng(seed)
    known, sizes = np.unique(labels, return_counts=True)
    order = rng.permutation(len(known))
    enough = int(np.searchsorted(np.cumsum(sizes[order]), share * len(labels))) + 1
    chosen = known if share >= 1 else known[order[:enough]]
    return VisibleSet(frozenset(chosen.tolist()), "benchmark", 0, f"{share}")


def _mixed(words: list[str], pool: NDArray[np.object_], rng: np.random.Generator) -> str:
    mixed = list(words)
    swapped = int(NOISE * len(words))
    places = rng.integers(0, len(words), swapped)
    for place, word in zip(places, pool[rng.integers(0, len(pool), swapped)], strict=True):
        mixed[place] = word
    return " ".join(mixed)


def _cut(row: dict[str, str]) -> Iterator[list[str]]:
    words = f"{row.get('title') or ''} {row['text']}".split()
    for start in range(0, len(words), PASSAGE_WORDS):
        yield words[start : start + PASSAGE_WORDS]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
