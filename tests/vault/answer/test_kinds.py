"""What a question asks for, found or not."""

import pytest

from vault.answer.kinds import kind_found


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
