"""Statistics are those of the live, visible documents."""

import numpy as np
import pytest

from tests.vault.index.reference import visible
from vault.index.columns import Column
from vault.index.statistics import Bm25, Table, make_view, rarity


def test_hidden_and_removed_documents_do_not_count() -> None:
    table = Table(
        Column(np.array([10, 11, 12, 13])),
        Column(np.array([1, 1, 2, 1])),
        Column(np.array([4, 8, 1000, 1000], np.int32)),
        Column(np.array([True, True, True, False])),
    )
    view = make_view(table, visible(1, 7), Bm25(k1=1.0, b=0.5))
    assert view.mask.tolist() == [True, True, False, False]
    assert view.documents == 2
    assert view.penalty[:2] == pytest.approx([0.5 + 0.5 * 4 / 6, 0.5 + 0.5 * 8 / 6])


def test_rarity_falls_with_frequency_and_stays_positive() -> None:
    values = [rarity(100, frequency) for frequency in range(101)]
    assert values == sorted(values, reverse=True)
    assert values[-1] > 0
