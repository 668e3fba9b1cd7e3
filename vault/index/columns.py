"""One column of row values that grows without disturbing those who read it."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


class Column:
    """An append-only array; every value of this class keeps the length it was made with.

    Versions share one buffer: a newer one only writes behind the end of the older ones.
    """

    def __init__(self, values: NDArray[Any]) -> None:
        self._buffer = values
        self._filled = [len(values)]
        self.values: NDArray[Any] = values

    def __len__(self) -> int:
        return len(self.values)

    def appended(self, values: NDArray[Any]) -> Self:
        """Return a column that continues with ``values``; this one stays as it is."""
        start, end = len(self.values), len(self.values) + len(values)
        grown = object.__new__(type(self))
        if end <= len(self._buffer) and self._filled[0] == start:
            grown._buffer, grown._filled = self._buffer, self._filled
        else:
            room = max(end, start + start // 2, 1024)
            grown._buffer = np.empty((room, *self.values.shape[1:]), self.values.dtype)
            grown._buffer[:start] = self.values
            grown._filled = [start]
        grown._buffer[start:end] = values
        grown._filled[0] = end
        grown.values = grown._buffer[:end]
        return grown

    def replaced(self, positions: NDArray[np.int64], value: int) -> Self:
        """Return a copy that holds ``value`` at ``positions``."""
        copy = self.values.copy()
        copy[positions] = value
        return type(self)(copy)
