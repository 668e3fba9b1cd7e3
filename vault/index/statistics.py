"""What BM25 is told of documents, and its constants."""

import math
from dataclasses import dataclass
from typing import NamedTuple

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


def rarity(documents: int, frequency: int) -> float:
    """Return the inverse document frequency that stays positive for common terms.

    Source:
        Robertson and Sparck Jones, 1976, with one added inside the logarithm.
    """
    return math.log1p((documents - frequency + 0.5) / (frequency + 0.5))
