"""Slips of the hand are counted, and near terms found whatever else there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.index.spelling import distance, forgiven, near
from vault.index.vocabulary import Vocabulary

words = st.text("abc\u00e9\u0436", min_size=1, max_size=10)


@pytest.mark.parametrize(
    ("first", "second", "slips"),
    [
        ("leave", "leave", 0),
        ("leave", "leav", 1),
        ("leave", "leaave", 1),
        ("leave", "laeve", 1),
        ("leave", "heave", 1),
        ("parental", "praentla", 2),
        ("leave", "report", 3),
    ],
)
def test_slips_are_counted(first: str, second: str, slips: int) -> None:
    assert distance(first, second, 2) == distance(second, first, 2) == slips


@pytest.mark.parametrize(
    ("word", "most"), [("cat", 0), ("leave", 1), ("parental", 2), ("hr204", 0)]
)
def test_short_words_and_names_are_left_alone(word: str, most: int) -> None:
    assert forgiven(word) == most
    assert list(near(word, Vocabulary.of([word]))) == []


@given(words, st.lists(words, unique=True, max_size=40))
def test_near_terms_are_all_that_few_slips_reach(word: str, held: list[str]) -> None:
    ordered = sorted(held, key=str.encode)
    most = forgiven(word)
    expected = [
        (term, slips)
        for term in ordered
        if term[0] == word[0] and 0 < (slips := distance(word, term, most)) <= most
    ]
    assert list(near(word, Vocabulary.of(ordered))) == expected


def test_however_many_near_terms_there_are_all_are_found() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    crowd = sorted({f"str{a}at{b}ion" for a in letters for b in letters})
    assert [term for term, _ in near("stration", Vocabulary.of(crowd))] == crowd
