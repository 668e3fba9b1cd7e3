"""Inverted lists in blocks that never change, and stacks of blocks searched as one index."""

from collections.abc import Sequence
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from vault.index.codec import FlatCodec

_NO_PAIRS = False


class ListBlock:
    """Some inverted lists, filled once; readers need no lock.

    Args:
        codec: form of the rows inside the lists.
        rows: (n, d) float32.
        ids: (n,) int64, what a search returns for each row.
        assignment: (n,) int64, the list of each row, below ``lists``.
        lists: number of lists.

    Attributes:
        ids: (n,) int64, list after list.
        sizes: (lists,) int64, rows in each list.
    """

    def __init__(
        self,
        codec: FlatCodec,
        rows: NDArray[np.float32],
        *,
        ids: NDArray[np.int64],
        assignment: NDArray[np.int64],
        lists: int,
    ) -> None:
        self._codec = codec
        self._index: Any = codec.make_index(lists)
        order = np.argsort(assignment, kind="stable")
        self.ids: NDArray[np.int64] = np.ascontiguousarray(ids[order], np.int64)
        self.sizes: NDArray[np.int64] = np.bincount(assignment, minlength=lists)
        rows = np.ascontiguousarray(rows[order], np.float32)
        in_order = np.ascontiguousarray(assignment[order], np.int64)
        self._index.add_core(
            len(rows), faiss.swig_ptr(rows), faiss.swig_ptr(self.ids), faiss.swig_ptr(in_order)
        )

    @property
    def inverted(self) -> faiss.InvertedLists:
        """The FAISS lists; they live as long as this block."""
        lists: faiss.InvertedLists = self._index.invlists
        return lists

    def assignment(self) -> NDArray[np.int64]:
        """Return the list of each row, list after list."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def rows(self) -> NDArray[np.float32]:
        """Return all rows, list after list: (n, d) float32."""
        width = self.inverted.code_size
        parts = [
            faiss.rev_swig_ptr(self.inverted.get_codes(number), int(size) * width)
            for number, size in enumerate(self.sizes)
            if size
        ]
        codes = np.concatenate(parts) if parts else np.empty(0, np.uint8)
        return self._codec.decode(codes.reshape(-1, width))


class ListStack:
    """Blocks laid end to end, so that one call probes lists of any of them.

    Args:
        codec: form of the rows, the same in every block.
        blocks: kept alive by the stack.

    Attributes:
        offsets: number in the stack of each block's first list.
    """

    def __init__(self, codec: FlatCodec, blocks: Sequence[ListBlock]) -> None:
        self._blocks = tuple(blocks)
        counts = [len(block.sizes) for block in blocks]
        self.offsets: NDArray[np.int64] = np.cumsum([0, *counts], dtype=np.int64)[:-1]
        self._pointers = faiss.InvertedListsPtrVector()  # type: ignore[attr-defined]
        for block in blocks:
            self._pointers.push_back(block.inverted)
        self._index: Any = codec.make_index(sum(counts))
        if blocks:
            self._lists = faiss.VStackInvertedLists(  # type: ignore[attr-defined]
                self._pointers.size(), self._pointers.data()
            )
            self._index.replace_invlists(self._lists, own=False)

    def search(
        self,
        query: NDArray[np.float32],
        *,
        lists: NDArray[np.int64],
        limit: int,
        dead: faiss.IDSelector | None = None,
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return scores and ids of the ``limit`` best rows in ``lists``, and in no other.

        Args:
            query: (d,) float32, contiguous.
            lists: numbers in the stack, each once.
            limit: at least 1; fewer come back when the lists hold fewer.
            dead: ids to pass over.
        """
        parameters = faiss.SearchParametersIVF()
        parameters.nprobe = len(lists)
        passed_over = None if dead is None else faiss.IDSelectorNot(dead)
        parameters.sel = passed_over
        scores = np.empty(limit, np.float32)
        ids = np.empty(limit, np.int64)
        unused = np.zeros(len(lists), np.float32)
        self._index.search_preassigned_c(
            1,
            faiss.swig_ptr(query),
            limit,
            faiss.swig_ptr(lists),
            faiss.swig_ptr(unused),
            faiss.swig_ptr(scores),
            faiss.swig_ptr(ids),
            _NO_PAIRS,
            parameters,
        )
        found = int(np.count_nonzero(ids >= 0))
        return scores[:found], ids[:found]
