"""Rows that shall be indexed, and what is demanded of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vault.domain.errors import InvalidRequestError

NORM_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class IndexRows:
    """Chunks to be indexed.

    Attributes:
        chunk_ids: (n,) int64, each once.
        label_ids: (n,) int64, at least 0, the AccessLabel of each chunk.
        vectors: (n, d) float32, rows unit-norm.
        texts: the words of each chunk that can be searched, headings included.
    """

    chunk_ids: NDArray[np.int64]
    label_ids: NDArray[np.int64]
    vectors: NDArray[np.float32]
    texts: Sequence[str]

    def checked(self, dimension: int) -> "IndexRows":
        """Return the rows as arrays of the right form.

        Raises:
            InvalidRequestError: lengths differ, a vector is not a finite unit vector of
                ``dimension`` numbers, a label id is out of range, or a chunk is named twice.
        """
        chunk_ids = np.ascontiguousarray(self.chunk_ids, np.int64)
        label_ids = np.ascontiguousarray(self.label_ids, np.int64)
        vectors = np.ascontiguousarray(self.vectors, np.float32)
        count = len(chunk_ids)
        if not len(label_ids) == len(vectors) == len(self.texts) == count:
            raise InvalidRequestError("chunk ids, labels, vectors and texts differ in number")
        if count and vectors.shape != (count, dimension):
            raise InvalidRequestError(f"vectors must have {dimension} numbers each")
        norms = np.linalg.norm(vectors.astype(np.float64), axis=-1)
        # Written so that NaN, which compares false, is refused too.
        if not bool((np.abs(norms - 1) <= NORM_TOLERANCE).all()):
            raise InvalidRequestError("vectors must be finite and of length 1")
        if count and (int(label_ids.min()) < 0 or int(label_ids.max()) >= 2**31):
            raise InvalidRequestError("label ids must lie between 0 and 2147483647")
        if len(np.unique(chunk_ids)) < count:
            raise InvalidRequestError("a chunk is named twice")
        return IndexRows(chunk_ids, label_ids, vectors, self.texts)
