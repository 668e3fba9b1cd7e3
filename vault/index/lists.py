"""Inverted lists of all segments in one place, where each can be searched by its number."""

from bisect import bisect_right
from collections import deque
from threading import Lock
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from vault.index.codec import ByteCodec

_LEAST_BLOCK = 1024
_NO_PAIRS = False


class ListRange:
    """Neighbouring lists that belong to one segment; they are freed when nobody holds this.

    Attributes:
        first: number of the first list.
        count: how many there are.
    """

    __slots__ = ("_freed", "count", "first")

    def __init__(self, first: int, count: int, freed: deque[tuple[int, int]]) -> None:
        self.first = first
        self.count = count
        self._freed = freed

    def __del__(self) -> None:
        """Leave the lists to a later writer: this may run inside any reader."""
        self._freed.append((self.first, self.count))

    def numbers(self) -> NDArray[np.int64]:
        """Return the numbers of the lists, rising."""
        return np.arange(self.first, self.first + self.count, dtype=np.int64)


class _Stack:
    """Blocks of lists laid end to end, searched as one index."""

    def __init__(self, codec: ByteCodec, blocks: tuple[faiss.ArrayInvertedLists, ...]) -> None:
        self.blocks = blocks
        self.starts = np.cumsum([0, *(block.nlist for block in blocks)]).tolist()
        self._pointers = faiss.InvertedListsPtrVector()  # type: ignore[attr-defined]
        for block in blocks:
            self._pointers.push_back(block)
        self._lists = faiss.VStackInvertedLists(  # type: ignore[attr-defined]
            self._pointers.size(), self._pointers.data()
        )
        self.index: Any = codec.scanner(self._lists)


class ListArena:
    """Lists that are filled once and then only read, until their range is freed.

    Writers fill lists that no version of the index names yet, so readers need no lock.
    Memory of freed lists is used again; all of it goes when the arena goes.

    Args:
        codec: form of the rows.

    Attributes:
        sizes: int32, rows of every list; valid for the lists of live ranges.
    """

    def __init__(self, codec: ByteCodec) -> None:
        self.codec = codec
        self.sizes: NDArray[np.int32] = np.zeros(_LEAST_BLOCK, np.int32)
        self._room: NDArray[np.int32] = np.zeros(_LEAST_BLOCK, np.int32)
        self._stack = _Stack(codec, (_block(codec, _LEAST_BLOCK),))
        self._used = 0
        self._freed: deque[tuple[int, int]] = deque()
        self._holes: list[tuple[int, int]] = []
        self._writing = Lock()

    def store(
        self,
        codes: NDArray[np.uint8],
        ids: NDArray[np.int64],
        sizes: NDArray[np.int64],
    ) -> ListRange:
        """Return new lists with these rows in them.

        Args:
            codes: (n, d), list after list.
            ids: (n,) what a search returns for each row.
            sizes: (lists,) rows of each list.
        """
        with self._writing:
            held = ListRange(self._reserve(len(sizes)), len(sizes), self._freed)
            span = slice(held.first, held.first + held.count)
            self.sizes[span] = sizes
            np.maximum(self._room[span], self.sizes[span], out=self._room[span])
        self._fill(held, np.ascontiguousarray(codes), np.ascontiguousarray(ids, np.int64))
        return held

    @property
    def idle_share(self) -> float:
        """Share of the memory for rows that freed lists hold on to, 0 to 1."""
        with self._writing:
            self._collect()
            room = int(self._room.sum(dtype=np.int64))
            return 1 - int(self.sizes.sum(dtype=np.int64)) / room if room else 0.0

    def search(
        self,
        query: NDArray[np.float32],
        *,
        lists: NDArray[np.int64],
        limit: int,
        allowed: faiss.IDSelector | None = None,
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return scores and ids of the ``limit`` best codes in ``lists``, and in no other.

        Args:
            query: (d,) float32.
            lists: numbers of lists, each once.
            limit: at least 1; fewer come back when the lists hold fewer.
            allowed: the only ids that may come back.
        """
        stack = self._stack
        if not len(lists):
            return np.empty(0, np.float32), np.empty(0, np.int64)
        parameters = faiss.SearchParametersIVF()
        parameters.nprobe = len(lists)
        parameters.sel = allowed
        asked = self.codec.asked(query)
        scores, ids = np.empty(limit, np.float32), np.empty(limit, np.int64)
        unused = np.zeros(len(lists), np.float32)
        stack.index.search_preassigned_c(
            1,
            faiss.swig_ptr(asked.numbers),
            limit,
            faiss.swig_ptr(np.ascontiguousarray(lists)),
            faiss.swig_ptr(unused),
            faiss.swig_ptr(scores),
            faiss.swig_ptr(ids),
            _NO_PAIRS,
            parameters,
        )
        found = int(np.count_nonzero(ids >= 0))
        return scores[:found] * np.float32(asked.unit), ids[:found]

    def _fill(self, held: ListRange, codes: NDArray[np.uint8], ids: NDArray[np.int64]) -> None:
        block, first = self._block_of(held.first)
        row = 0
        # One call a list gives each exactly the memory it needs; row by row would double it.
        for number, size in enumerate(self.sizes[held.first : held.first + held.count].tolist()):
            if size:
                part = slice(row, row + size)
                block.add_entries(
                    first + number, size, faiss.swig_ptr(ids[part]), faiss.swig_ptr(codes[part])
                )
                row += size

    def _block_of(self, number: int) -> tuple[faiss.ArrayInvertedLists, int]:
        """Return the block that holds a list, and the list's number in it."""
        stack = self._stack
        place = bisect_right(stack.starts, number) - 1
        return stack.blocks[place], number - stack.starts[place]

    def _reserve(self, count: int) -> int:
        """Return the first of ``count`` empty neighbouring lists of one block."""
        self._collect()
        for place, (first, length) in enumerate(self._holes):
            if length >= count:
                rest = [(first + count, length - count)] if length > count else []
                self._holes[place : place + 1] = rest
                return first
        if self._used + count > len(self.sizes):
            self._extend(count)
        first, self._used = self._used, self._used + count
        return first

    def _collect(self) -> None:
        """Empty the lists that were freed since the last call."""
        while self._freed:
            held, count = self._freed.popleft()
            block, first = self._block_of(held)
            for number in range(first, first + count):
                block.resize(number, 0)
            self.sizes[held : held + count] = 0
            self._holes.append((held, count))

    def _extend(self, count: int) -> None:
        """Add a block that holds at least ``count`` lists."""
        if self._used < len(self.sizes):
            self._holes.append((self._used, len(self.sizes) - self._used))
        self._used = len(self.sizes)
        more = max(count, len(self.sizes) // 2)
        # Readers keep the arrays they have; numbers already given out mean the same in both.
        nothing = np.zeros(more, np.int32)
        self.sizes, self._room = (
            np.concatenate([column, nothing]) for column in (self.sizes, self._room)
        )
        self._stack = _Stack(self.codec, (*self._stack.blocks, _block(self.codec, more)))


def _block(codec: ByteCodec, lists: int) -> faiss.ArrayInvertedLists:
    return faiss.ArrayInvertedLists(lists, codec.dimension)
