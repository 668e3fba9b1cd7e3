"""Which chunks hold which terms: posting lists that never change once they are made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

MERGE_SHARE = 4
"""Neighbouring lists are merged when the older is less than this many times as long."""
_MOST_REPEATS = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class Postings:
    """Posting lists of a run of documents, term after term.

    Attributes:
        terms: term to its place in ``starts``.
        starts: (t + 1,) int64, where each term's postings begin.
        documents: (p,) int32, document numbers, rising within a term.
        counts: (p,) uint16, how often the term occurs there.
    """

    terms: Mapping[str, int]
    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    counts: NDArray[np.uint16]

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.uint16]] | None:
        """Return the documents that hold ``term`` and how often, or None."""
        place = self.terms.get(term)
        if place is None:
            return None
        where = slice(self.starts[place], self.starts[place + 1])
        return self.documents[where], self.counts[where]


class _Places(dict[str, int]):
    """Gives every new term the next place."""

    def __missing__(self, term: str) -> int:
        place = self[term] = len(self)
        return place


def post(texts: Sequence[Sequence[str]], *, first: int) -> Postings:
    """Return the postings of consecutive documents, given as terms, numbered from ``first``."""
    terms = _Places()
    places = np.fromiter(map(terms.__getitem__, chain.from_iterable(texts)), np.int64)
    documents = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    pairs, counts = np.unique(places * len(texts) + documents, return_counts=True)
    starts = np.searchsorted(pairs, np.arange(len(terms) + 1) * len(texts))
    return Postings(
        dict(terms),
        starts.astype(np.int64),
        (first + pairs % len(texts)).astype(np.int32),
        np.minimum(counts, _MOST_REPEATS).astype(np.uint16),
    )


def merge(parts: Sequence[Postings], alive: NDArray[np.bool_]) -> Postings:
    """Return one Postings for all ``parts``, oldest first, without the documents not ``alive``."""
    terms: dict[str, int] = {}
    places, documents, counts = [], [], []
    for part in parts:
        renamed = np.array([terms.setdefault(term, len(terms)) for term in part.terms], np.int64)
        place = np.repeat(renamed, np.diff(part.starts))
        kept = alive[part.documents]
        places.append(place[kept])
        documents.append(part.documents[kept])
        counts.append(part.counts[kept])
    return _sorted(terms, np.concatenate(places), np.concatenate(documents), np.concatenate(counts))


def with_newest(
    parts: tuple[Postings, ...], newest: Postings, alive: NDArray[np.bool_]
) -> tuple[Postings, ...]:
    """Return ``parts`` and ``newest``, merged so that few remain and each is much longer."""
    run = [newest]
    rest = list(parts)
    size = len(newest.documents)
    while rest and len(rest[-1].documents) < MERGE_SHARE * size:
        older = rest.pop()
        size += len(older.documents)
        run.insert(0, older)
    merged = merge(run, alive) if len(run) > 1 else newest
    return (*rest, merged)


def _sorted(
    terms: dict[str, int],
    places: NDArray[np.int64],
    documents: NDArray[np.int32],
    counts: NDArray[np.uint16],
) -> Postings:
    """Return postings by term; within a term the given order stays."""
    sizes = np.bincount(places, minlength=len(terms))
    # A term whose documents are all gone must not be remembered: it may name an erased secret.
    kept = np.flatnonzero(sizes)
    if len(kept) < len(terms):
        names = list(terms)
        terms = {names[place]: position for position, place in enumerate(kept)}
    order = np.argsort(places, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes[kept])]).astype(np.int64)
    return Postings(terms, starts, documents[order], counts[order])
