"""Access labels for rows that have none, shaped like those of an organisation."""

import numpy as np
from numpy.typing import NDArray

_LEVELS = (0.2, 0.5, 0.2, 0.1)
_GROUPS = 3
_DOCUMENT_ROWS = 12
_LEAST_DOCUMENTS = 3
_SPREAD = 1.0
_VARIANTS = len(_LEVELS) * _GROUPS


def label_rows(rows: int, labels: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return a label number for each row, from 0 upward and none left out.

    Neighbouring rows form departments of log-normal size. From 24 labels on, while there are
    three documents of twelve rows for each label, departments have four levels of unequal
    weight times three groups of readers, drawn for each document. A few labels are large,
    most are small; about ``labels`` of them exist.
    """
    many = rows >= labels * _LEAST_DOCUMENTS * _DOCUMENT_ROWS
    variants = _VARIANTS if many and labels >= 2 * _VARIANTS else 1
    departments = max(1, labels // variants)
    sizes = rng.lognormal(0.0, _SPREAD, departments)
    ends = np.cumsum(sizes / sizes.sum()) * rows
    number = np.searchsorted(ends[:-1], np.arange(rows), side="right") * variants
    if variants > 1:
        document = np.arange(rows) // _DOCUMENT_ROWS
        count = int(document[-1]) + 1
        level = rng.choice(len(_LEVELS), count, p=_LEVELS)
        group = rng.choice(_GROUPS, count)
        number += (level * _GROUPS + group)[document]
    return np.unique(number, return_inverse=True)[1].astype(np.int64)
