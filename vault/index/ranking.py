"""The best documents of one query, exactly, without reading every posting of common terms."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from vault.index.postings import Posted
from vault.index.views import View

BATCH = 32_768
"""Postings that are read before it is worth asking whether the rest is needed."""
SURE = 2
"""Documents completed to learn what the last of the result scores, as a multiple of the limit."""
_ROUNDING = 1.0001
_MOST_BUFFERS = 4

Kept = Callable[[NDArray[np.int64]], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class TermHits:
    """What one term of a query can add.

    Attributes:
        weight: more than the term adds to any document.
        frequency: visible documents that hold it, at least 1.
        posted: its postings, part after part.
    """

    weight: np.float32
    frequency: int
    posted: tuple[Posted, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """Documents with their scores.

    Attributes:
        documents: (n,) int64, rising, each once.
        scores: (n,) float32, positive.
    """

    documents: NDArray[np.int64]
    scores: NDArray[np.float32]


class ScoreBuffers:
    """Arrays of zeros, one number a document, that searches borrow one after the other."""

    def __init__(self) -> None:
        self._idle: list[NDArray[np.float32]] = []

    @contextmanager
    def borrowed(self, size: int) -> Iterator[NDArray[np.float32]]:
        """Lend an array of at least ``size`` zeros; it must be all zeros again at the end."""
        try:
            buffer = self._idle.pop()
        except IndexError:
            buffer = np.zeros(0, np.float32)
        if len(buffer) < size:
            buffer = np.zeros(size + size // 8, np.float32)
        yield buffer
        # What was left in the middle by an error is not lent again.
        if len(self._idle) < _MOST_BUFFERS:
            self._idle.append(buffer)


class Ranking:
    """Scores documents of one view for one query.

    A document's score is the sum of the shares of its terms, always added in the order of
    ``hits``; every way to it gives the same bits.

    Args:
        view: what may be seen.
        lengths: (n,) int32, terms of each document.
        hits: the query's terms, the heaviest first.
    """

    def __init__(self, view: View, lengths: NDArray[np.int32], hits: Sequence[TermHits]) -> None:
        self._view = view
        self._lengths = lengths
        self._hits = hits
        weights = [_ROUNDING * float(hit.weight) for hit in reversed(hits)]
        # What all terms from each place on can add together.
        self._most = [*accumulate(weights, initial=0.0)][::-1]

    def every(self, documents: NDArray[np.int64], lifts: NDArray[np.float32]) -> Scored:
        """Return those of the rising, visible ``documents`` that hold a term.

        Args:
            documents: visible documents, rising.
            lifts: (n,) what each scores before any term is counted.
        """
        scores = lifts.copy()
        for hit in self._hits:
            self._add(hit, documents, scores)
        held = scores > 0
        return Scored(documents[held], scores[held])

    def best(
        self,
        lifted: Scored,
        buffer: NDArray[np.float32],
        limit: int,
        kept: Kept | None = None,
    ) -> Scored:
        """Return documents among which are the ``limit`` best, and all that tie with the last.

        Terms are read whole, the rarest first, until the others together cannot lift a
        document that is not found yet into the result. These are only looked up in the
        documents found.

        Args:
            lifted: documents that score before any term is counted.
            buffer: zeros for every document; zeros again at the end.
            limit: how many are wanted, at least 1.
            kept: tells which documents may be in the result; None for all.

        Source:
            Turtle and Flood, "Query evaluation: strategies and optimizations", 1995 (max-score).
        """
        buffer[lifted.documents] = lifted.scores
        found = [lifted.documents]
        place, least = 0, 0.0
        while place < len(self._hits):
            least = self._least(place, found, buffer, limit)
            if self._most[place] < least:
                break
            end = self._end_of_batch(place, least)
            found.append(self._read(self._hits[place:end], buffer, kept))
            place = end
        documents = _joined(found)
        scores = buffer[documents]
        buffer[documents] = 0
        return self._completed(place, Scored(documents, scores), least)

    def _end_of_batch(self, place: int, least: float) -> int:
        """Return the end of the terms to be read next: few postings, or one term."""
        end, size = place + 1, self._hits[place].frequency
        while end < len(self._hits) and self._most[end] >= least:
            size += self._hits[end].frequency
            if size > BATCH:
                break
            end += 1
        return end

    def _least(
        self, place: int, found: list[NDArray[np.int64]], buffer: NDArray[np.float32], limit: int
    ) -> float:
        """Return a score that the last of the result reaches for certain; 0 if not known.

        A few of the documents found are completed for it, the most promising ones.
        """
        if self._hits[place].frequency < BATCH // 8 or sum(map(len, found)) < limit:
            return 0.0
        documents = _joined(found)
        scores = buffer[documents]
        if len(documents) > SURE * limit:
            top = np.argpartition(scores, len(scores) - SURE * limit)[-SURE * limit :]
            documents = np.sort(documents[top])
            scores = buffer[documents]
        for hit in self._hits[place:]:
            self._add(hit, documents, scores)
        return float(np.partition(scores, len(scores) - limit)[len(scores) - limit])

    def _read(
        self,
        hits: Sequence[TermHits],
        buffer: NDArray[np.float32],
        kept: Kept | None,
    ) -> NDArray[np.int64]:
        """Add all postings of ``hits`` to ``buffer``; return the documents that are new."""
        documents, counts, weights = self._visible(hits)
        if kept is not None:
            inside = kept(documents)
            documents, counts = documents.compress(inside), counts.compress(inside)
            weights = weights.compress(inside)
        shares = self._shares(weights, documents, counts)
        before = buffer[documents]
        new = documents.compress(before == 0)
        if len(hits) == 1:
            buffer[documents] = before + shares
            return new
        np.add.at(buffer, documents, shares)
        # Sorted as 32 bits, which takes half the time.
        ordered = np.sort(new.astype(np.int32))
        distinct = ordered.compress(np.append(ordered[1:] > ordered[:-1], len(ordered) > 0))
        return distinct.astype(np.int64)

    def _visible(
        self, hits: Sequence[TermHits]
    ) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.float32]]:
        """Return the visible postings of ``hits``: documents, counts, weights of their terms."""
        pieces = [
            (posted, piece)
            for hit in hits
            for posted in hit.posted
            for piece in self._view.pieces(posted.documents)
        ]
        documents = [posted.documents[piece] for posted, piece in pieces]
        counts = [posted.counts[piece] for posted, piece in pieces]
        weights = np.array([hit.weight for hit in hits], np.float32)
        sizes = [hit.frequency for hit in hits]
        return (
            np.concatenate(documents).astype(np.int64),
            np.concatenate(counts),
            np.repeat(weights, sizes),
        )

    def _completed(self, place: int, found: Scored, least: float) -> Scored:
        """Add the terms from ``place`` on; let go whoever cannot reach ``least`` any more."""
        documents, scores = found.documents, found.scores
        for position in range(place, len(self._hits)):
            hopeful = scores >= least - self._most[position]
            documents, scores = documents.compress(hopeful), scores.compress(hopeful)
            self._add(self._hits[position], documents, scores)
        return Scored(documents, scores)

    def _add(
        self, hit: TermHits, documents: NDArray[np.int64], scores: NDArray[np.float32]
    ) -> None:
        """Add the term's share to those of the rising ``documents`` that hold it."""
        for posted in hit.posted:
            held = posted.documents
            first, last = documents.searchsorted((held[0], held[-1] + 1))
            sought = documents[first:last]
            if not len(sought):
                continue
            places = held.searchsorted(sought.astype(held.dtype))
            present = np.flatnonzero(held[places] == sought)
            shares = self._shares(hit.weight, sought[present], posted.counts[places[present]])
            scores[first + present] += shares

    def _shares(
        self,
        weights: NDArray[np.float32] | np.float32,
        documents: NDArray[np.int64],
        counts: NDArray[np.uint8],
    ) -> NDArray[np.float32]:
        repeats = counts.astype(np.float32)
        penalty = self._lengths[documents].astype(np.float32)
        penalty *= self._view.steep
        penalty += self._view.flat
        penalty += repeats
        repeats *= weights
        repeats /= penalty
        return repeats


def _joined(found: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return all documents of these rising arrays, which share none, rising."""
    held = [documents for documents in found if len(documents)]
    if len(held) == 1:
        return held[0]
    documents = np.concatenate(found).astype(np.int32)
    documents.sort()
    return documents.astype(np.int64)
