"""Requests have bounds, and answers are exactly what they promise."""

import pytest
from pydantic import ValidationError

from tests.vault.api.conftest import ANSWER
from vault.api.request_schemas import QuestionIn, SearchIn
from vault.api.schemas import LONGEST_QUESTION, AnswerOut


def test_an_answer_is_its_form_again() -> None:
    assert AnswerOut.model_validate(ANSWER).model_dump() == ANSWER


@pytest.mark.parametrize("change", [{"hidden": 1}, {"citations": [{"n": 1}]}, {"text": None}])
def test_an_answer_with_anything_else_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        AnswerOut.model_validate(ANSWER | change)


def test_a_request_is_bounded() -> None:
    longest = "a" * LONGEST_QUESTION
    assert QuestionIn(question=longest).question == longest
    for question in ("", longest + "a"):
        with pytest.raises(ValidationError):
            QuestionIn(question=question)


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert SearchIn.model_validate({"query": "leave", "limit": 5.0}).limit == 5


@pytest.mark.parametrize("limit", [0, -1, 1001, "5", 1.5, True])
def test_a_limit_is_a_whole_number_within_bounds(limit: object) -> None:
    with pytest.raises(ValidationError):
        SearchIn.model_validate({"query": "leave", "limit": limit})
