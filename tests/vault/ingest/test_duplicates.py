"""Near copies meet, others do not, and short texts say nothing."""

import numpy as np
import pytest

from vault.ingest.duplicates import BANDS, PERMUTATIONS, groups, sketch, sketches

WORDS = [f"word{place}" for place in range(5_000)]


def written(seed: int, *, edited: int = 0) -> str:
    words = np.random.default_rng(seed).choice(WORDS, size=200).tolist()
    for place in np.random.default_rng(99).permutation(200)[:edited]:
        words[place] = "changed"
    return " ".join(words)


@pytest.mark.parametrize("edited", [0, 4, 10])
def test_a_text_and_its_edited_copy_are_one_group(edited: int) -> None:
    texts = [written(1), written(2), written(1, edited=edited), written(3)]
    assert groups(sketches(texts)) == [[0, 2]]


def test_several_copies_are_one_group_and_other_texts_in_none() -> None:
    texts = [written(seed % 5) for seed in range(20)] + [written(50 + seed) for seed in range(50)]
    found = groups(sketches(texts))
    assert sorted(found) == [[start, start + 5, start + 10, start + 15] for start in range(5)]


def test_half_a_text_is_no_copy() -> None:
    half = " ".join(written(1).split()[:100] + written(2).split()[:100])
    assert groups(sketches([written(1), half])) == []


def test_a_short_text_has_no_sketch_and_no_group() -> None:
    assert sketch("This page is left blank.") == b""
    assert groups([b"", b""]) == []
    assert groups([b"", sketch(written(1)), sketch(written(1))]) == [[1, 2]]
    assert groups([]) == []


def test_a_sketch_is_small_and_the_same_each_time() -> None:
    made = sketch(written(1))
    assert len(made) == 4 * PERMUTATIONS
    assert made == sketch(written(1).upper().replace(" ", ",\n"))
    assert made != sketch(written(2))
    assert PERMUTATIONS % BANDS == 0
