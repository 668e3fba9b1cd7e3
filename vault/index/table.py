"""The rows of all labels by number: vector, chunk and label, and which of them live."""

from dataclasses import dataclass, replace

import faiss
import numpy as np
from numpy.typing import NDArray

from vault.index.columns import Column
from vault.index.directory import Directory


@dataclass(frozen=True, slots=True)
class RowTable:
    """One version of the rows; numbers are given once, and a moved row gets a new one.

    Attributes:
        chunk_ids: int64.
        label_ids: int64.
        vectors: float32, one row each.
        alive: one bit a row, low bits first; cleared once the row is removed.
        directory: chunk id to its newest number.
    """

    chunk_ids: Column
    label_ids: Column
    vectors: Column
    alive: NDArray[np.uint8]
    directory: Directory

    @classmethod
    def empty(cls, dimension: int) -> "RowTable":
        """Return a table without rows."""
        return cls.of(
            np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, dimension), np.float32)
        )

    @classmethod
    def of(
        cls,
        chunk_ids: NDArray[np.int64],
        label_ids: NDArray[np.int64],
        vectors: NDArray[np.float32],
    ) -> "RowTable":
        """Return the table of these rows, numbered from 0, all alive."""
        columns = Column(chunk_ids), Column(label_ids), Column(np.ascontiguousarray(vectors))
        return cls(
            *columns, _with_bits(np.empty(0, np.uint8), 0, len(vectors)), Directory.of(chunk_ids)
        )

    def __len__(self) -> int:
        """Return how many numbers were given."""
        return len(self.chunk_ids)

    def appended(
        self,
        chunk_ids: NDArray[np.int64],
        label_ids: NDArray[np.int64],
        vectors: NDArray[np.float32],
    ) -> "RowTable":
        """Return the table with these rows behind the others."""
        first, last = len(self), len(self) + len(chunk_ids)
        return RowTable(
            self.chunk_ids.appended(chunk_ids),
            self.label_ids.appended(label_ids),
            self.vectors.appended(vectors),
            _with_bits(self.alive, first, last),
            self.directory.appended(chunk_ids, np.arange(first, last, dtype=np.int64)),
        )

    def removed(self, numbers: NDArray[np.int64]) -> "RowTable":
        """Return the table in which these rows are dead."""
        bits = self.alive.copy()
        np.bitwise_and.at(bits, numbers >> 3, ~(1 << (numbers & 7)).astype(np.uint8))
        return replace(self, alive=bits)

    def live(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of ``numbers`` that are alive, in the given order."""
        kept: NDArray[np.int64] = numbers[
            (self.alive[numbers >> 3] >> (numbers & 7).astype(np.uint8)) & 1 == 1
        ]
        return kept

    def find(self, chunk_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of those of these chunks that are alive, in the given order."""
        found = self.directory.find(chunk_ids)
        return self.live(found[found >= 0])

    def selector(self) -> faiss.IDSelector:
        """Return what lets a search pass over dead rows."""
        return faiss.IDSelectorBitmap(self.alive)  # type: ignore[call-arg, arg-type]

    def scores(self, query: NDArray[np.float32], numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the exact inner product of ``query`` with each of these rows.

        Every row is summed alone in one order, so a score depends on nothing but the two vectors.
        """
        values = self.vectors.values
        found = np.empty(len(numbers), np.float32)
        faiss.fvec_inner_products_by_idx(  # type: ignore[attr-defined]
            faiss.swig_ptr(found),
            faiss.swig_ptr(query),
            faiss.swig_ptr(values),
            faiss.swig_ptr(np.ascontiguousarray(numbers)),
            values.shape[1],
            1,
            len(numbers),
        )
        return found


def _with_bits(bits: NDArray[np.uint8], first: int, last: int) -> NDArray[np.uint8]:
    """Return ``bits`` as a copy in which the bits from ``first`` up to ``last`` are set."""
    longer = np.zeros(-(-last // 8), np.uint8)
    longer[: len(bits)] = bits
    fresh = np.zeros(8 * len(longer) - (first & ~7), np.uint8)
    fresh[first & 7 : last - (first & ~7)] = 1
    longer[first >> 3 :] |= np.packbits(fresh, bitorder="little")
    return longer
