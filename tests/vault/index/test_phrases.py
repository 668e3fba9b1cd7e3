"""A phrase is found where its words stand side by side, among visible documents only."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.index.reference import stands_in, visible
from vault.index.analysis import Located
from vault.index.columns import Column
from vault.index.phrases import holding
from vault.index.postings import post
from vault.index.statistics import Bm25, Table
from vault.index.views import LabelRuns, make_view

texts = st.lists(st.lists(st.sampled_from("abc"), max_size=8), min_size=1, max_size=10)
phrases = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), min_size=1, max_size=3)


@given(texts, phrases, st.integers(0, 1023))
def test_a_phrase_is_where_its_words_stand(found, wanted, hidden: int) -> None:
    located = [Located(words, range(len(words))) for words in found]
    wanted = tuple((term, distance - wanted[0][1]) for term, distance in wanted)
    labels = [hidden >> number & 1 for number in range(len(found))]
    count = len(found)
    columns = (range(count), labels, [max(1, len(words)) for words in found], [1] * count)
    kinds = (np.int64, np.int64, np.int32, np.bool_)
    table = Table(*(Column(np.array(c, kind)) for c, kind in zip(columns, kinds, strict=True)))
    view = make_view(LabelRuns.of(table), visible(0), Bm25())
    posted = [post(located, first=0).of(term) for term, _ in wanted]
    expected = [
        number
        for number in range(count)
        if not labels[number] and stands_in(located[number], wanted)
    ]
    if None in posted:
        assert expected == []
    else:
        assert holding(wanted, posted, view).tolist() == expected
