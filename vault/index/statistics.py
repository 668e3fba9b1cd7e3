"""Counts that BM25 needs, taken over the documents one reader may see."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.index.columns import Column


@dataclass(frozen=True, slots=True)
class Bm25:
    """The two constants of BM25.

    Attributes:
        k1: how fast repeats of a term stop to count.
        b: how much long documents are held back, 0 to 1.

    Source:
        Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, section 3.
    """

    k1: float = 0.9
    b: float = 0.4


USUAL = Bm25()
"""What short passages and short questions do well with."""


class Table(NamedTuple):
    """What is known of every document, by number.

    Attributes:
        chunk_ids: int64.
        label_ids: int64.
        lengths: int32, in terms.
        alive: bool; false once removed.
    """

    chunk_ids: Column
    label_ids: Column
    lengths: Column
    alive: Column


@dataclass(frozen=True, slots=True)
class View:
    """Statistics of the documents one VisibleSet opens.

    Attributes:
        mask: (n,) bool, by document number.
        documents: number of visible documents, N.
        penalty: (n,) float32, what a document's length adds to the denominator.
        frequencies: visible document frequency of the terms asked so far.
    """

    mask: NDArray[np.bool_]
    documents: int
    penalty: NDArray[np.float32]
    frequencies: dict[str, int] = field(default_factory=dict)


def make_view(table: Table, visible: VisibleSet, scoring: Bm25) -> View:
    """Return the statistics of the live documents whose label is in ``visible``."""
    wanted = np.array(sorted(visible.label_ids), np.int64)
    mask = table.alive.values & np.isin(table.label_ids.values, wanted)
    lengths = table.lengths.values
    documents = int(np.count_nonzero(mask))
    total = int(lengths[mask].sum(dtype=np.int64))
    mean = total / documents if total else 1.0
    k1, b = scoring.k1, scoring.b
    penalty = (k1 * (1 - b) + (k1 * b / mean) * lengths).astype(np.float32)
    return View(mask, documents, penalty)


def rarity(documents: int, frequency: int) -> float:
    """Return the inverse document frequency that stays positive for common terms.

    Source:
        Robertson and Sparck Jones, 1976, with one added inside the logarithm.
    """
    return math.log1p((documents - frequency + 0.5) / (frequency + 0.5))
