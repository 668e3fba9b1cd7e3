"""A word is corrected only if nothing visible holds it and one near word is meant."""

from collections.abc import Sequence

import pytest

from vault.index.analysis import analyse
from vault.index.terms import NearTerm
from vault.retrieve.spelling import corrected, misspelt, written

LEAVE = analyse("maternity")[0]


class Words:
    """A small vocabulary, and what is spelled almost like some words."""

    def frequency(self, term: str) -> int:
        return {LEAVE: 5, "mate": 90}.get(term, 0)

    def near(self, term: str) -> Sequence[NearTerm]:
        known = {
            "holida": [NearTerm("holidai", 1, 5), NearTerm("hold", 2, 90)],
            "merger": [NearTerm("merge", 1, 3), NearTerm("merges", 1, 4)],
            "halyrd": [NearTerm("halyard", 1, 1)],
        }
        return known.get(term, [])


def test_a_slip_is_taken_for_the_nearest_word_that_is_used() -> None:
    assert misspelt("holida leave", set(analyse("leave")), Words()) == {"holida": "holidai"}


@pytest.mark.parametrize("word", ["maternitty", "materntiy", "Maternityy"])
def test_a_slip_in_an_ending_is_found_though_endings_are_cut(word: str) -> None:
    assert misspelt(word, set(), Words()) == {word: LEAVE}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("maternity leave", "every word is known"),
        ("merger", "two words are near"),
        ("halyrd", "the only near word is rare"),
        ("xyzzyq", "nothing is near"),
        ("HALYRD", "capitals are a name"),
        ("CVE-2024-1234 hr204", "identifiers are no words"),
        ("lev", "too short to tell"),
        ("", "nothing is asked"),
    ],
)
def test_anything_else_stays_as_it_is(text: str, why: str) -> None:
    assert misspelt(text, set(analyse("maternity leave")), Words()) == {}, why


def test_the_word_is_written_as_most_visible_passages_write_it() -> None:
    texts = ["Policies on leave. A policy.", "All policies apply.", "Nothing here."]
    assert written(analyse("policy")[0], texts) == "policies"
    assert written("halyard", texts) is None


def test_only_the_misspelt_word_is_replaced() -> None:
    changed = corrected("Maternitty leave, maternitty pay?", {"maternitty": "maternity"})
    assert changed == "Maternitty leave, maternity pay?"
