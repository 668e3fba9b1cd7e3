"""Arrays that do not fit together make no index."""

import numpy as np
import pytest

from tests.vault.index.reference import clustered, rows_of
from vault.index.archive import (
    TYPES,
    ArchiveError,
    dense_arrays,
    dense_index,
    lexical_arrays,
    lexical_index,
)
from vault.index.index import VaultIndex
from vault.index.statistics import USUAL


def arrays() -> dict:
    index = VaultIndex(6, "model")
    vectors = clustered(np.random.default_rng(0), 120, 6)
    index.add(rows_of(range(120), np.arange(120) % 3, vectors))
    state = index.snapshot()
    return dense_arrays(state.dense) | lexical_arrays(state.lexical)


def test_every_array_has_its_declared_form() -> None:
    for name, values in arrays().items():
        kind, axes = TYPES[name]
        assert (values.dtype, values.ndim) == (np.dtype(kind), axes)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        pytest.param("row_cells", lambda a: a + 10**6, id="row_cells 1"),
        pytest.param("row_cells", lambda a: a - 5, id="row_cells 2"),
        pytest.param("row_cells", lambda a: a[:-1], id="row_cells 3"),
        pytest.param("row_chunks", lambda a: a[:-1], id="row_chunks 4"),
        pytest.param("vectors", lambda a: a[:-1], id="vectors 5"),
        pytest.param("vectors", lambda a: a[:, :-1], id="vectors 6"),
        pytest.param("segments", lambda a: a[:, :-1], id="segments 7"),
        pytest.param("segments", lambda a: a * [1, 2, 1, 1, 1, 1, 1, 1, 1, 1], id="segments 8"),
        pytest.param("segments", lambda a: -a, id="segments 9"),
        pytest.param("fine", lambda a: a[:-1], id="fine 10"),
        pytest.param("fine_groups", lambda a: a + 99, id="fine_groups 11"),
        pytest.param("coarse", lambda a: np.repeat(a, 2, 0), id="coarse 12"),
    ],
)
def test_dense_arrays_that_do_not_fit_are_refused(name: str, spoil) -> None:
    found = arrays()
    found[name] = spoil(found[name])
    with pytest.raises(ArchiveError):
        dense_index(found, 6)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        pytest.param("posting_documents", lambda a: a + 10**6, id="posting_documents 13"),
        pytest.param("posting_documents", lambda a: a - 10**6, id="posting_documents 14"),
        pytest.param("posting_documents", lambda a: a[:-1], id="posting_documents 15"),
        pytest.param("posting_counts", lambda a: a[:-1], id="posting_counts 16"),
        pytest.param("posting_starts", lambda a: a[:-1], id="posting_starts 17"),
        pytest.param("posting_starts", lambda a: a[::-1], id="posting_starts 18"),
        pytest.param("vocabulary", lambda a: a[:-5], id="vocabulary 19"),
        pytest.param("document_labels", lambda a: a[:-1], id="document_labels 20"),
    ],
)
def test_lexical_arrays_that_do_not_fit_are_refused(name: str, spoil) -> None:
    found = arrays()
    found[name] = spoil(found[name])
    if name == "vocabulary":
        found[name] = np.frombuffer(found[name].tobytes() + b"\nextra", np.uint8)
    with pytest.raises(ArchiveError):
        lexical_index(found, scoring=USUAL)
