"""What a question asks for, found or not."""

import pytest

from vault.answer.kinds import amount_missing, kind_found


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("When does the depot close?", "It closes on Friday.", 1.0),
        ("When does the depot close?", "It is a large building.", 0.0),
        ("How many trays are kept?", "There are twelve trays.", 1.0),
        ("How many trays are kept?", "Trays are kept clean.", 0.0),
        ("Who signs the form?", "The form is signed by Ines Castillo.", 1.0),
        ("Who signs the form?", "the form is signed twice.", 0.0),
        ("Why is the depot closed?", "It was flooded.", 0.5),
    ],
)
def test_the_kind_asked_for_is_looked_for(question: str, text: str, found: float) -> None:
    assert kind_found(question, [text]) == found


def test_one_of_several_sentences_is_enough() -> None:
    assert kind_found("When is it?", ["Nothing here.", "In 2024."]) == 1.0


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("How many cases are there on Ward 6A?", "Several people on Ward 6A are ill.", True),
        ("How many cases are there on Ward 6A?", "Ward 6A has 11 cases.", False),
        ("How many of the 40 beds are free?", "The 40 beds are new.", True),
        ("How long is the break?", "The break lasts half an hour.", False),
        ("How often are drills held?", "Drills are held every spring.", False),
        ("How often are drills held?", "Drills are held at the gate.", True),
        ("Why is the ward closed?", "Norovirus is suspected.", False),
    ],
)
def test_an_amount_is_missing_only_where_one_is_asked_for(
    question: str, text: str, missing: bool
) -> None:
    assert amount_missing(question, [text]) is missing
