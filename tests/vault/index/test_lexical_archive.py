"""Lexical arrays that do not fit together make no index."""

import numpy as np
import pytest

from vault.index.arrays import ArchiveError
from vault.index.lexical import LexicalIndex
from vault.index.lexical_archive import LEXICAL_TYPES, lexical_arrays, lexical_index
from vault.index.statistics import USUAL


def arrays() -> dict:
    texts = [f"chunk number {number}" for number in range(120)]
    index = LexicalIndex.empty().added(np.arange(120), np.arange(120) % 3, texts)
    return lexical_arrays(index)


def test_every_array_has_its_declared_form() -> None:
    for name, values in arrays().items():
        kind, axes = LEXICAL_TYPES[name]
        assert (values.dtype, values.ndim) == (np.dtype(kind), axes)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        pytest.param("posting_documents", lambda a: a + 10**6, id="posting_documents 13"),
        pytest.param("posting_documents", lambda a: a - 10**6, id="posting_documents 14"),
        pytest.param("posting_documents", lambda a: a[:-1], id="posting_documents 15"),
        pytest.param("posting_counts", lambda a: a[:-1], id="posting_counts 16"),
        pytest.param("posting_counts", lambda a: a * 0, id="posting_counts 21"),
        pytest.param("position_starts", lambda a: a + 1, id="position_starts 22"),
        pytest.param("position_starts", lambda a: a[:-1], id="position_starts 23"),
        pytest.param("positions", lambda a: a[:-1], id="positions 24"),
        pytest.param("vocabulary", lambda a: a[::-1].copy(), id="vocabulary 25"),
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
