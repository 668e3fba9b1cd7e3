"""Named arrays that come from a file, and the doubt they deserve."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
"""Arrays of one generation by name."""


class ArchiveError(Exception):
    """Arrays do not fit together, so no index can be made of them."""


def require(holds: bool) -> None:  # noqa: FBT001 - the condition is the whole point
    """Return if ``holds``.

    Raises:
        ArchiveError: it does not hold.
    """
    if not holds:
        raise ArchiveError("the arrays of the generation do not fit together")


def within(values: NDArray[np.integer[Any]], low: int, high: int) -> bool:
    """Tell whether every value lies in ``low <= value < high``; no values do."""
    return bool(((values >= low) & (values < high)).all())
