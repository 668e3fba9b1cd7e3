"""How a vector lies in an inverted list; the only place that would change for smaller codes."""

import faiss
import numpy as np
from numpy.typing import NDArray


class FlatCodec:
    """Rows as they are, four bytes a dimension: scores are exact and nothing is learned.

    A codec that learned ranges from rows would let them shape what other readers see,
    so any other codec must have constants of its own too.

    Args:
        dimension: length of a row.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension

    def make_index(self, lists: int) -> faiss.IndexIVF:
        """Return an empty index of ``lists`` lists by inner product, ready to be filled."""
        quantizer = faiss.IndexFlatIP(self.dimension)
        index = faiss.IndexIVFFlat(quantizer, self.dimension, lists, faiss.METRIC_INNER_PRODUCT)
        # The lists are chosen by us, so the quantizer stays empty and nothing is trained.
        index.is_trained = True
        return index

    def decode(self, codes: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the (n, dimension) float32 rows that ``codes``, (n, bytes), stand for."""
        return np.ascontiguousarray(codes).view(np.float32)
