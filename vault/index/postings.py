"""Which chunks hold which terms, and where: posting lists that never change once made."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vault.index.analysis import Located
from vault.index.vocabulary import Vocabulary

MOST_REPEATS = 255
"""Repeats of a term in one document that are counted and located; the rest change no order."""
POSITIONS = 256
"""Positions are kept modulo this; passages are shorter, so in them a position is exact."""


class Posted(NamedTuple):
    """The postings of one term.

    Attributes:
        documents: (p,) int32, document numbers, rising.
        counts: (p,) uint8, how often the term occurs there, at most 255.
        positions: (sum of counts,) uint8, where, document after document.
    """

    documents: NDArray[np.int32]
    counts: NDArray[np.uint8]
    positions: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Postings:
    """Posting lists of a run of documents, term after term.

    Attributes:
        terms: the terms; a term's rank is its place in ``starts``.
        starts: (t + 1,) int64, where each term's postings begin.
        position_starts: (t + 1,) int64, where each term's positions begin.
        documents: (p,) int32, document numbers, rising within a term.
        counts: (p,) uint8, how often the term occurs there.
        positions: (o,) uint8, word number within the document, modulo 256.
    """

    terms: Vocabulary
    starts: NDArray[np.int64]
    position_starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    counts: NDArray[np.uint8]
    positions: NDArray[np.uint8]

    def of(self, term: str) -> Posted | None:
        """Return the documents that hold ``term``, or None."""
        place = self.terms.places([term])[0]
        return None if place < 0 else self.at(place)

    def at(self, place: int) -> Posted:
        """Return the postings of the term at ``place``."""
        where = slice(self.starts[place], self.starts[place + 1])
        spots = slice(self.position_starts[place], self.position_starts[place + 1])
        return Posted(self.documents[where], self.counts[where], self.positions[spots])

    @property
    def nbytes(self) -> int:
        """Bytes of memory, within a few per cent."""
        arrays = (self.starts, self.position_starts, self.documents, self.counts, self.positions)
        return sum(array.nbytes for array in arrays) + self.terms.nbytes


class _Places(dict[str, int]):
    """Gives every new term the next place."""

    def __missing__(self, term: str) -> int:
        place = self[term] = len(self)
        return place


def post(texts: Sequence[Located], *, first: int) -> Postings:
    """Return the postings of consecutive documents, numbered from ``first``."""
    found = _Places()
    places = np.fromiter(
        map(found.__getitem__, chain.from_iterable(text.terms for text in texts)), np.int64
    )
    positions = np.fromiter(chain.from_iterable(text.positions for text in texts), np.int64)
    names = sorted(found)
    ranks = np.empty(len(names), np.int64)
    ranks[[found[name] for name in names]] = np.arange(len(names))
    documents = np.repeat(np.arange(len(texts)), [len(text.terms) for text in texts])
    pairs = ranks[places] * len(texts) + documents
    order = np.argsort(pairs, kind="stable")
    pairs, positions = pairs[order], positions[order] % POSITIONS
    opens = np.flatnonzero(np.diff(pairs, prepend=-1))
    counts = np.diff(opens, append=len(pairs))
    if len(counts) and int(counts.max()) > MOST_REPEATS:
        nth = np.arange(len(pairs)) - np.repeat(opens, counts)
        positions = positions[nth < MOST_REPEATS]
        counts = np.minimum(counts, MOST_REPEATS)
    pairs = pairs[opens]
    starts = np.searchsorted(pairs, np.arange(len(names) + 1) * len(texts)).astype(np.int64)
    return Postings(
        Vocabulary.of(names),
        starts,
        np.concatenate([[0], np.cumsum(counts)])[starts].astype(np.int64),
        (first + pairs % max(1, len(texts))).astype(np.int32),
        counts.astype(np.uint8),
        positions.astype(np.uint8),
    )


def ranges(begins: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers ``begins[i]`` to ``begins[i] + sizes[i] - 1`` of every i in turn."""
    shift = begins - (np.cumsum(sizes) - sizes)
    numbers: NDArray[np.int64] = np.arange(int(sizes.sum())) + np.repeat(shift, sizes)
    return numbers
