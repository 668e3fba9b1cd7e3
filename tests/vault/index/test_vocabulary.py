"""A vocabulary finds the place of every term it holds, and of no other."""

from hypothesis import given
from hypothesis import strategies as st

from vault.index.vocabulary import Vocabulary

words = st.text(st.characters(exclude_characters="\n\0", exclude_categories=["Cs"]), min_size=1)
lists = st.lists(words | st.sampled_from(["counter", "counterpart", "counterparty"]), unique=True)


@given(lists, lists)
def test_terms_are_found_at_their_rank(held: list[str], asked: list[str]) -> None:
    ordered = sorted(held, key=str.encode)
    vocabulary = Vocabulary.of(ordered)
    assert list(vocabulary) == ordered == [vocabulary[place] for place in range(len(held))]
    ranks = {term: place for place, term in enumerate(ordered)}
    assert vocabulary.places(held + asked) == [ranks.get(term, -1) for term in held + asked]
    assert vocabulary.rising()


@given(lists, words)
def test_terms_that_open_with_a_letter_are_neighbours(held: list[str], word: str) -> None:
    ordered = sorted(held, key=str.encode)
    first, last = Vocabulary.of(ordered).opening(word[0])
    assert ordered[first:last] == [term for term in ordered if term[0] == word[0]]


def test_terms_out_of_order_are_noticed() -> None:
    assert not Vocabulary.of(["b", "a"]).rising()
