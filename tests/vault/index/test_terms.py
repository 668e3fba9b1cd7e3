"""Terms are looked up in every part and counted on what is visible."""

import numpy as np

from tests.vault.index.reference import visible
from vault.index.analysis import located
from vault.index.columns import Column
from vault.index.postings import post
from vault.index.statistics import Bm25, Table
from vault.index.terms import Terms
from vault.index.views import LabelRuns, View, make_view

TEXTS = ["alpha beta", "alpha", "gamma beta", "alpha"]
LABELS = [0, 1, 0, 0]


def view_of(*labels: int) -> View:
    columns = (range(4), LABELS, [2, 1, 2, 1], [1] * 4)
    kinds = (np.int64, np.int64, np.int32, np.bool_)
    table = Table(*(Column(np.array(c, kind)) for c, kind in zip(columns, kinds, strict=True)))
    return make_view(LabelRuns.of(table), visible(*labels), Bm25())


def terms() -> Terms:
    texts = [located(text) for text in TEXTS]
    return Terms((post(texts[:2], first=0), post(texts[2:], first=2)))


def test_each_part_tells_what_it_holds() -> None:
    found = terms()
    for _ in range(2):
        both, late, none = found.spreads(["alpha", "gamma", "delta"])
        assert [held.documents.tolist() for held in both] == [[0, 1], [3]]
        assert late[0] is None
        assert late[1].documents.tolist() == [2]
        assert none == (None, None)
    assert [held.documents.tolist() for held in found.posted("gamma")] == [[2]]


def test_frequencies_are_those_of_the_view() -> None:
    found = terms()
    for _ in range(2):
        assert found.frequencies(["gamma", "alpha"], view_of(0)) == {"gamma": 1, "alpha": 2}
        assert found.frequencies(["gamma", "alpha"], view_of(1)) == {"alpha": 1}


def test_a_near_term_of_hidden_documents_does_not_show() -> None:
    found = terms()
    assert found.near("gamna", view_of(1)) == []
    assert found.near("gamna", view_of(0)) == [("gamma", 1, 1)]
