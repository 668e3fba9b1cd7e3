"""A view counts and selects the live documents of visible labels, however they lie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.index.reference import visible
from vault.index import views
from vault.index.columns import Column
from vault.index.statistics import Bm25, Table
from vault.index.views import LabelRuns, make_view


def table_of(labels: list[int], lengths: list[int], alive: list[bool]) -> Table:
    return Table(
        Column(np.arange(10, 10 + len(labels))),
        Column(np.array(labels, np.int64)),
        Column(np.array(lengths, np.int32)),
        Column(np.array(alive, np.bool_)),
    )


def test_hidden_and_removed_documents_do_not_count() -> None:
    table = table_of([1, 1, 2, 1], [4, 8, 1000, 1000], [True, True, True, False])
    view = make_view(LabelRuns.of(table), visible(1, 7), Bm25(k1=1.0, b=0.5))
    assert view.runs.tolist() == [[0, 2]]
    assert view.documents == 2
    assert not view.whole
    assert view.flat == pytest.approx(0.5)
    assert view.steep == pytest.approx(0.5 / 6)


def test_no_label_opens_removed_documents() -> None:
    table = table_of([1, 1], [4, 8], [True, False])
    view = make_view(LabelRuns.of(table), visible(1, views.NOBODY), Bm25())
    assert view.runs.tolist() == [[0, 1]]


documents = st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=60)


@given(documents, documents, st.sets(st.integers(0, 3)), st.sampled_from([0, 1, 10**6]))
def test_runs_and_bytes_select_the_same(first, second, labels, cost) -> None:
    rows = first + second
    table = table_of([row[0] for row in rows], [1] * len(rows), [row[1] for row in rows])
    part = table_of([row[0] for row in first], [1] * len(first), [row[1] for row in first])
    runs = LabelRuns.of(part).grown(table)
    seen = np.array([row[1] and row[0] in labels for row in rows], np.bool_)
    postings = np.arange(0, len(rows), 2, dtype=np.int32)
    expected = postings[seen[postings]].tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "STEP_COST", cost)
        view = make_view(runs, visible(*labels), Bm25())
        assert view.documents == int(seen.sum())
        assert view.count(postings) == len(expected)
        pieces = view.pieces(postings)
        found = [number for piece in pieces for number in postings[piece].tolist()]
        assert found == expected
        patch.setattr(views, "_MOST_PIECES", 0)
        pieces = view.pieces(postings)
        assert [number for piece in pieces for number in postings[piece].tolist()] == expected
