"""How a vector lies in an inverted list: one byte a dimension, by constants nobody's rows chose."""

import math
from typing import NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

_REACH = 6.0
"""Where bytes end, in standard deviations of a coordinate of a random unit vector."""
_STEPS = 128
_ROWS_AT_ONCE = 128
"""So few that they stay in the fastest cache: three times as fast as thousands."""
_NO_RESIDUALS = False


class Asked(NamedTuple):
    """A query in the form that lists of codes are searched with.

    Attributes:
        numbers: (d,) float32, whole.
        unit: what an inner product with a code is multiplied by to be a score.
        error: Euclidean distance of the query from what the numbers stand for.
    """

    numbers: NDArray[np.float32]
    unit: float
    error: float


class ByteCodec:
    """Unit rows rounded to signed bytes on a fixed grid.

    A grid learned from rows would let some rows shape what readers of others get, so it
    follows from the dimension alone. Coordinates beyond its end are cut; how far each
    row moved is measured, so that a search can tell what rounding may have hidden.

    Args:
        dimension: length of a row.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._scale = np.float32(_STEPS / min(1.0, _REACH / math.sqrt(dimension)))

    def encode(self, rows: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Return the codes of ``rows``, (n, dimension), row for row."""
        codes = np.empty(rows.shape, np.uint8)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            part = rows[start : start + _ROWS_AT_ONCE] * self._scale
            np.rint(part, out=part)
            np.clip(part, -_STEPS, _STEPS - 1, out=part)
            codes[start : start + len(part)] = part + _STEPS
        return codes

    def decode(self, codes: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the (n, dimension) float32 rows that ``codes`` stand for."""
        return (codes.astype(np.float32) - np.float32(_STEPS)) / self._scale

    def error(self, rows: NDArray[np.float32], codes: NDArray[np.uint8]) -> float:
        """Return the largest Euclidean distance between a row and its code; 0 without rows.

        No inner product of a code and a query is further from the true one than this
        many times the length of the query.
        """
        worst = 0.0
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            span = slice(start, start + _ROWS_AT_ONCE)
            moved = rows[span] - self.decode(codes[span])
            worst = max(worst, float(np.einsum("ij,ij->i", moved, moved).max()))
        return math.sqrt(worst)

    def asked(self, query: NDArray[np.float32]) -> Asked:
        """Return ``query`` as whole numbers of at most seven bits and a sign.

        FAISS rounds the query itself on some processors and in some dimensions; sums of
        whole numbers come out alike on all.
        """
        largest = float(np.abs(query).max())
        scale = (_STEPS - 1) / largest if largest else 1.0
        numbers = np.rint(query * np.float32(scale))
        moved = float(np.linalg.norm(query - numbers / np.float32(scale)))
        return Asked(
            np.ascontiguousarray(numbers, np.float32), 1 / (scale * float(self._scale)), moved
        )

    def scanner(self, lists: faiss.InvertedLists) -> faiss.IndexIVF:
        """Return an index that searches ``lists``, which the caller keeps alive."""
        quantizer = faiss.IndexFlatIP(self.dimension)
        kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
        metric = faiss.METRIC_INNER_PRODUCT
        index = faiss.IndexIVFScalarQuantizer(
            quantizer, self.dimension, 1, kind, metric, _NO_RESIDUALS
        )
        # The lists are chosen by us, so the quantizer stays empty and nothing is trained.
        index.is_trained = True
        index.nlist = lists.nlist
        index.replace_invlists(lists, own=False)
        return index
