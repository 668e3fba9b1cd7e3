"""Contradictions are told when sure, and only then."""

import pytest

from tests.vault.answer.worlds import WordEmbedder, passage, retrieval
from vault.answer.candidates import Candidate, candidates
from vault.answer.conflicts import conflicts, explain, opponents
from vault.answer.vectors import SentenceVectors
from vault.domain.evidence import Passage


def pair(question: str, first: str, second: str, **changes: object) -> list[Candidate]:
    passages: list[Passage] = [
        passage(first, document="a"),
        passage(second, document="b", **changes),
    ]
    vectors = SentenceVectors(WordEmbedder())
    found = candidates(retrieval(question, *passages), vectors.question(question), vectors)
    return sorted(found, key=lambda one: one.passage.document_id)


LEAVE = "How many days of leave may staff carry over?"


@pytest.mark.parametrize(
    ("question", "first", "second", "told"),
    [
        pytest.param(
            LEAVE,
            "Staff may carry over 5 days of leave.",
            "Staff may carry over 10 days of leave.",
            "The sources give different values: 5 days and 10 days.",
            id="a number",
        ),
        pytest.param(
            "When does the depot close?",
            "The depot closes at 18:00 on weekdays.",
            "The depot closes at 19:30 on weekdays.",
            "The sources give different values: 18:00 and 19:30.",
            id="a time",
        ),
        pytest.param(
            "What is the parking fee?",
            "The parking fee is £4 a day.",
            "The parking fee is £6.50 a day.",
            "The sources give different values: £4 and £6.50.",
            id="an amount",
        ),
        pytest.param(
            "When does the contract end?",
            "The contract ends on 31 March.",
            "The contract ends on 30 June.",
            "The sources give different values: 31 March and 30 June.",
            id="a date",
        ),
        pytest.param(
            "May visitors park in yard B?",
            "Visitors may park in yard B.",
            "Visitors may not park in yard B.",
            "One source denies what the other states.",
            id="a negation",
        ),
    ],
)  # fmt: skip
def test_contradictions_are_told(question: str, first: str, second: str, told: str) -> None:
    one, other = pair(question, first, second)
    assert explain(one, other) == told
    assert [found.citations for found in conflicts([(1, one), (2, other)])] == [(1, 2)]
    assert opponents(one, (one, other)) == (other,)


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        pytest.param(
            LEAVE,
            "Staff may carry over 5 days of leave.",
            "Leave of 5 days may be carried over by staff.",
            id="the same number",
        ),
        pytest.param(
            LEAVE,
            "Staff may carry over 5 days of leave.",
            "Staff may carry over 120 hours of leave.",
            id="another unit",
        ),
        pytest.param(
            LEAVE,
            "In 2024 staff may carry over 5 days of leave.",
            "In 2025 staff may carry over 10 days of leave.",
            id="another year as well",
        ),
        pytest.param(
            "How many desks are there?",
            "The site in Oxford has 12 desks in use.",
            "The site in Harrow has 30 desks in use.",
            id="other names",
        ),
        pytest.param(
            LEAVE,
            "Staff may carry over 5 days of leave.",
            "The depot in the north was flooded for 10 days.",
            id="another matter",
        ),
        pytest.param(
            LEAVE,
            "Staff may carry over 5 days of leave.",
            "Staff may not smoke in the canteen.",
            id="a negation of something else",
        ),
    ],
)  # fmt: skip
def test_differences_that_are_no_contradiction_stay_quiet(
    question: str, first: str, second: str
) -> None:
    one, other = pair(question, first, second)
    assert explain(one, other) == explain(other, one) == ""
    assert conflicts([(1, one), (2, other)]) == ()


def test_a_superseded_document_contradicts_nobody() -> None:
    one, other = pair(
        LEAVE,
        "Staff may carry over 5 days of leave.",
        "Staff may carry over 10 days of leave.",
        superseded_by="a",
    )
    assert explain(one, other) == ""


def test_a_document_does_not_contradict_itself() -> None:
    text = "Staff may carry over 5 days of leave. Staff may carry over 10 days of leave."
    vectors = SentenceVectors(WordEmbedder())
    one, other = candidates(retrieval(LEAVE, passage(text)), vectors.question(LEAVE), vectors)
    assert explain(one, other) == ""
