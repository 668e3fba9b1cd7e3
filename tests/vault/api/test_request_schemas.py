"""Requests have bounds, and mean what they say."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from vault.api.request_schemas import FiltersIn, QuestionIn, SearchIn
from vault.domain.labels import Classification
from vault.domain.questions import MOST_TURNS, NO_FILTERS, PLAIN, EarlierTurn, Rerank

MARCH = datetime(2025, 3, 1, tzinfo=UTC)


def test_a_bare_request_means_plain_options() -> None:
    assert SearchIn(query="leave").options() == PLAIN
    assert QuestionIn(question="leave").options() == PLAIN
    assert FiltersIn().filters() == NO_FILTERS


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-01",
        "2025-03-01T00:00:00Z",
        "2025-03-01T01:00:00+01:00",
        "2025-02-28T19:00:00-05:00",
    ],
)
def test_a_time_is_the_same_moment_however_it_is_written(text: str) -> None:
    assert FiltersIn.model_validate({"modified_after": text}).filters().modified_after == MARCH


@pytest.mark.parametrize(
    "filters",
    [
        {"modified_after": "soon"},
        {"modified_after": 20250301},
        {"modified_after": "2025-03-01T00:00:00"},
        {"modified_before": "0001-01-01T00:00:00+10:00"},
        {"classification_at_most": "cosmic"},
        {"type": ""},
        {"owner": "o" * 201},
        {"colour": "red"},
    ],
)
def test_a_filter_that_means_nothing_is_refused(filters: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SearchIn.model_validate({"query": "leave", "filters": filters})


def test_the_lowest_classification_narrows() -> None:
    filters = FiltersIn(classification_at_most="public").filters()
    assert filters.classification_at_most is Classification.PUBLIC
    assert filters.given


@pytest.mark.parametrize(
    "change",
    [
        {"rerank": "best"},
        {"context": 4},
        {"context": -1},
        {"context": True},
        {"conversation": [{"question": "leave?", "run_id": "r"}] * (MOST_TURNS + 1)},
        {"conversation": [{"question": "leave?"}]},
        {"conversation": [{"question": "", "run_id": "r"}]},
    ],
)
def test_what_is_out_of_bounds_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SearchIn.model_validate({"query": "leave", **change})


def test_a_question_says_the_same_of_how_it_is_searched() -> None:
    body = {
        "question": "And doctors?",
        "conversation": [{"question": "leave?", "run_id": "r"}],
        "rerank": "cross_encoder",
        "interpret": False,
        "exact": True,
    }
    options = QuestionIn.model_validate(body).options()
    assert options.conversation == (EarlierTurn("leave?", "r"),)
    assert (options.rerank, options.interpret, options.exact) == (
        Rerank.CROSS_ENCODER,
        False,
        True,
    )
    with pytest.raises(ValidationError):
        QuestionIn.model_validate(body | {"explain": True})
