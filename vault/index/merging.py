"""Posting lists of several runs made one, in bounded memory and without long pauses."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from vault.index.postings import Postings, ranges
from vault.index.vocabulary import Vocabulary

MERGE_SHARE = 4
"""Neighbouring lists are merged when the older is less than this many times as long."""
LARGEST_MERGE = 1 << 23
"""Postings that a change of the index merges at most, about a second's work."""
_BLOCK = 1 << 21


def with_newest(
    parts: tuple[Postings, ...], newest: Postings, alive: NDArray[np.bool_]
) -> tuple[Postings, ...]:
    """Return ``parts`` and ``newest``, merged so that few remain and no merge takes long.

    Parts of a size that a merge would carry past ``LARGEST_MERGE`` postings stay as they are
    until the index is compacted.
    """
    run = [newest]
    rest = list(parts)
    size = len(newest.documents)
    while rest:
        older = len(rest[-1].documents)
        if older >= MERGE_SHARE * size or older + size > LARGEST_MERGE:
            break
        run.insert(0, rest.pop())
        size += older
    merged = merge(run, np.where(alive, np.arange(len(alive)), -1)) if len(run) > 1 else newest
    return (*rest, merged)


def merge(parts: Sequence[Postings], numbers: NDArray[np.int64]) -> Postings:
    """Return one Postings for all ``parts``, whose documents are renumbered.

    Terms that no document is left to hold are forgotten, for they may name what was erased.
    Beyond the result, memory holds the distinct terms and some blocks of a few million postings.

    Args:
        parts: oldest first; no document is in two of them.
        numbers: (n,) int64, the new number of each document, -1 for those to leave out.
    """
    names, renamed = _common_terms(parts)
    postings, occurrences = np.zeros(len(names), np.int64), np.zeros(len(names), np.int64)
    for part, places in zip(parts, renamed, strict=True):
        for block in _blocks(part):
            kept = numbers[block.documents] >= 0
            owners = places[block.owners[kept]]
            postings += np.bincount(owners, minlength=len(names))
            counts = block.counts[kept]
            occurrences += np.bincount(owners, counts, len(names)).astype(np.int64)
    merged = _Merged(postings, occurrences)
    for part, places in zip(parts, renamed, strict=True):
        for block in _blocks(part):
            merged.take(block, places, numbers)
    held = np.flatnonzero(postings)
    if len(held) < len(names):
        names = [names[place] for place in held]
    return _in_order(merged.postings(Vocabulary.of(names), held))


class _Block:
    """Whole terms of one part, with some million postings.

    Attributes:
        owners: (p,) int64, the place of each posting's term within the part.
        documents, counts, positions: as in Postings.
    """

    def __init__(self, part: Postings, first: int, last: int) -> None:
        where = slice(part.starts[first], part.starts[last])
        self.owners = np.repeat(np.arange(first, last), np.diff(part.starts[first : last + 1]))
        self.documents = part.documents[where]
        self.counts = part.counts[where].astype(np.int64)
        self.positions = part.positions[part.position_starts[first] : part.position_starts[last]]


class _Merged:
    """The arrays of a merge as they fill up, block after block."""

    def __init__(self, postings: NDArray[np.int64], occurrences: NDArray[np.int64]) -> None:
        self._starts = np.concatenate([[0], np.cumsum(postings)]).astype(np.int64)
        self._position_starts = np.concatenate([[0], np.cumsum(occurrences)]).astype(np.int64)
        self._next, self._next_position = (
            self._starts[:-1].copy(),
            self._position_starts[:-1].copy(),
        )
        self._documents = np.empty(int(self._starts[-1]), np.int32)
        self._counts = np.empty(len(self._documents), np.uint8)
        self._positions = np.empty(int(self._position_starts[-1]), np.uint8)

    def take(self, block: _Block, places: NDArray[np.int64], numbers: NDArray[np.int64]) -> None:
        """Write what is left of ``block`` behind what its terms hold already."""
        new = numbers[block.documents]
        kept = new >= 0
        owners, counts = places[block.owners[kept]], block.counts[kept]
        targets = _behind(owners, np.ones(len(owners), np.int64), self._next)
        self._documents[targets] = new[kept]
        self._counts[targets] = counts
        spots = ranges(_behind(owners, counts, self._next_position), counts)
        self._positions[spots] = block.positions[np.repeat(kept, block.counts)]

    def postings(self, terms: Vocabulary, held: NDArray[np.int64]) -> Postings:
        """Return the finished lists, of the terms at ``held`` alone."""
        last = slice(len(self._starts) - 1, None)
        return Postings(
            terms,
            np.concatenate([self._starts[held], self._starts[last]]),
            np.concatenate([self._position_starts[held], self._position_starts[last]]),
            self._documents,
            self._counts,
            self._positions,
        )


def _common_terms(parts: Sequence[Postings]) -> tuple[list[str], list[NDArray[np.int64]]]:
    """Return all terms in order, and the place there of each part's terms."""
    names = sorted(set().union(*(part.terms for part in parts)))
    places = {name: place for place, name in enumerate(names)}
    return names, [
        np.fromiter(map(places.__getitem__, part.terms), np.int64, len(part.terms))
        for part in parts
    ]


def _blocks(part: Postings) -> Iterator[_Block]:
    first, count = 0, len(part.terms)
    while first < count:
        full = int(np.searchsorted(part.starts, part.starts[first] + _BLOCK, "right")) - 1
        last = min(count, max(first + 1, full))
        yield _Block(part, first, last)
        first = last


def _behind(
    owners: NDArray[np.int64], sizes: NDArray[np.int64], following: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return where each item begins that is put behind its owner's others; advance those ends.

    Args:
        owners: (p,) rising.
        sizes: (p,) room each item takes.
        following: where each owner's next item begins; moved behind what was put there.
    """
    before = np.cumsum(sizes) - sizes
    opens = np.flatnonzero(np.diff(owners, prepend=-1))
    within = before - np.repeat(before[opens], np.diff(opens, append=len(owners)))
    begins: NDArray[np.int64] = following[owners] + within
    following[owners[opens]] += np.add.reduceat(sizes, opens) if len(opens) else 0
    return begins


def _in_order(merged: Postings) -> Postings:
    """Return the lists with rising document numbers within each term, sorted in place."""
    for block, first in _numbered_blocks(merged):
        keys = block.owners << 32 | block.documents
        if bool((keys[1:] > keys[:-1]).all()):
            continue
        order = np.argsort(keys)
        begins = (np.cumsum(block.counts) - block.counts)[order]
        block.positions[:] = block.positions[ranges(begins, block.counts[order])]
        block.documents[:] = block.documents[order]
        merged.counts[first : first + len(order)] = block.counts[order]
    return merged


def _numbered_blocks(merged: Postings) -> Iterator[tuple[_Block, int]]:
    first = 0
    for block in _blocks(merged):
        yield block, first
        first += len(block.documents)
