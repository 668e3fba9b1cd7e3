"""The closed word lists are folded the way their users look words up."""

from vault.answer import words


def test_every_listed_word_is_lower_case_and_single() -> None:
    for known in (
        words.BEFORE_ANY,
        words.BEFORE_NUMBER,
        words.STARTERS,
        words.MONTHS,
        words.NEGATORS,
    ):
        assert known
        assert all(word == word.casefold() and len(word.split()) == 1 for word in known)


def test_the_commonest_negations_are_known() -> None:
    assert {"not", "never", "no", "don't", "nicht"} <= words.NEGATORS
