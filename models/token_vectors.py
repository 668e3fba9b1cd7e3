"""Vectors of single tokens, for comparing a question and a text word by word."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def unit_rows(states: NDArray[Any]) -> NDArray[np.float32]:
    """Return the token states of one text as unit rows: (tokens, width) float32.

    A state without length stays zero, so that it is like nothing.
    """
    rows = np.array(states, np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    np.divide(rows, lengths, out=rows, where=lengths > 0)
    return rows
