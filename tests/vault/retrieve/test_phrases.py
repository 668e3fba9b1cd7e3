"""The lists by which filters are read are closed, lower-case and do not contradict each other."""

import pytest

from vault.domain.media_families import FAMILIES
from vault.retrieve import phrases

SETS = {name: value for name, value in vars(phrases).items() if isinstance(value, frozenset)}


@pytest.mark.parametrize("name", sorted(SETS))
def test_every_word_is_written_as_it_is_looked_up(name: str) -> None:
    assert SETS[name]
    assert all(word == word.casefold().strip(".,") for word in SETS[name])


def test_every_kind_of_file_is_a_family() -> None:
    assert set(phrases.TYPES.values()) <= set(FAMILIES)


def test_languages_are_two_letter_codes_with_names_of_their_own() -> None:
    assert all(len(code) == 2 and code.isalpha() for code in phrases.LANGUAGES.values())
    assert not phrases.LANGUAGES.keys() & phrases.TYPES.keys()


def test_a_word_that_makes_a_sentence_opens_no_filter() -> None:
    openers = {opening[0] for opening in phrases.EDGES} | phrases.INSIDE | phrases.BY
    assert not phrases.SENTENCE & openers - {"en", "es", "des"}
