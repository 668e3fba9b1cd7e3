"""Fusion is defined for every pair of lists and depends on nothing but their scores."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vault.index.ranked import Ranked, nothing
from vault.retrieve.fusion import DEPTH, Fused, fuse

ids = st.lists(st.integers(1, 60), unique=True, max_size=30)


@st.composite
def ranked_lists(draw: st.DrawFn) -> Ranked:
    chunks = draw(ids)
    grid = st.integers(0, 40).map(lambda step: step / 8)
    return ranked({chunk: draw(grid) for chunk in chunks})


def ranked(scores: dict[int, float]) -> Ranked:
    ordered = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return Ranked(
        np.array([chunk for chunk, _ in ordered], np.int64),
        np.array([score for _, score in ordered], np.float32),
    )


def order(fused: list[Fused]) -> list[int]:
    return [hit.chunk_id for hit in fused]


def test_nothing_found_stays_nothing() -> None:
    assert fuse(nothing(), nothing()) == []


def test_one_list_alone_keeps_its_order() -> None:
    found = ranked({7: 3.0, 2: 2.0, 9: 1.0})
    assert order(fuse(found, nothing())) == [7, 2, 9]
    assert order(fuse(nothing(), found)) == [7, 2, 9]


def test_a_list_whose_scores_are_all_alike_decides_nothing() -> None:
    dense = ranked(dict.fromkeys(range(1, 6), 0.5))
    lexical = ranked({1: 1.0, 2: 2.0, 3: 3.0, 4: 4.0, 5: 5.0})
    assert order(fuse(dense, lexical)) == [5, 4, 3, 2, 1]


def test_equal_scores_stand_in_order_of_chunk_id() -> None:
    alike = ranked(dict.fromkeys((8, 3, 5), 0.5))
    assert order(fuse(alike, alike)) == [3, 5, 8]


def test_the_only_chunk_with_the_word_gains_from_it() -> None:
    """A lexical list of one is complete: the others hold the word nowhere, so they score zero."""
    dense = ranked({chunk: 0.5 - chunk / 1000 for chunk in range(1, 51)})
    fused = fuse(dense, ranked({30: 6.0}))
    assert fused[0].chunk_id == 30
    assert order(fused)[1:] == [chunk for chunk in range(1, 51) if chunk != 30]


def test_a_cut_list_counts_what_it_lacks_as_its_lowest_score() -> None:
    lexical = ranked({chunk: 20 - chunk / 10 for chunk in range(1, DEPTH + 1)})
    dense = ranked({DEPTH: 0.5, DEPTH + 1: 0.5})
    scores = {hit.chunk_id: hit.score for hit in fuse(dense, lexical)}
    assert scores[DEPTH] == scores[DEPTH + 1]


def test_each_hit_names_the_scores_it_had() -> None:
    fused = {hit.chunk_id: hit.scores for hit in fuse(ranked({1: 0.5}), ranked({2: 4.0}))}
    assert fused == {1: {"dense": 0.5}, 2: {"lexical": 4.0}}


@given(ranked_lists(), ranked_lists())
def test_every_chunk_comes_back_once_with_a_finite_falling_score(
    dense: Ranked, lexical: Ranked
) -> None:
    fused = fuse(dense, lexical)
    assert sorted(order(fused)) == sorted({*dense.chunk_ids.tolist(), *lexical.chunk_ids.tolist()})
    scores = [hit.score for hit in fused]
    assert np.isfinite(scores).all()
    assert scores == sorted(scores, reverse=True)


@given(ranked_lists(), ranked_lists(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(dense: Ranked, lexical: Ranked, random) -> None:
    places = list(range(len(dense.scores)))
    random.shuffle(places)
    shuffled = Ranked(dense.chunk_ids[places], dense.scores[places])
    assert fuse(shuffled, lexical) == fuse(dense, lexical)


@given(ranked_lists(), ranked_lists())
def test_better_in_both_lists_is_never_worse_in_the_fused_one(
    dense: Ranked, lexical: Ranked
) -> None:
    fused = {hit.chunk_id: hit for hit in fuse(dense, lexical)}
    both = [hit for hit in fused.values() if len(hit.scores) == 2]
    for one in both:
        for other in both:
            if all(one.scores[name] >= other.scores[name] for name in ("dense", "lexical")):
                assert one.score >= other.score - 1e-12
