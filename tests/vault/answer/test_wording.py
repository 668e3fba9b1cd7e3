"""What a sentence commits itself to."""

import pytest

from vault.answer.wording import number_form, numbers, wording, words_in


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("1,500", "1500"),
        ("1.500,50", "1500.5"),
        ("1,500.00", "1500"),
        ("3,5", "3.5"),
        ("3.50", "3.5"),
        ("007", "7"),
        ("0", "0"),
        ("12,345,678", "12345678"),
    ],
)
def test_a_number_has_one_form(written: str, form: str) -> None:
    assert number_form(written) == form


def test_numbers_are_found_beside_letters_and_marks() -> None:
    assert numbers("Pay £1,200.50 for 3kg by 14:30.") == {"1200.5", "3", "14", "30"}


def test_names_are_capitalised_words_inside_the_sentence() -> None:
    found = wording("Staff call Harbour House before nine.")
    assert found.names == {"harbour", "house"}
    assert found.opening == frozenset(wording("staff").terms)


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("Visitors may stay.", False),
        ("Visitors may not stay.", True),
        ("Visitors don\u2019t stay.", True),
        ("It is not true that nobody stays.", False),
    ],
)
def test_an_odd_number_of_negating_words_negates(text: str, negated: bool) -> None:
    assert wording(text).negated is negated


def test_words_are_folded() -> None:
    assert words_in("Pay THE Clerk") == {"pay", "the", "clerk"}
