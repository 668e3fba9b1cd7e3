"""The JSON form of a hit, and of what was made of a question."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from tests.vault.retrieve.worlds import Numbered
from vault.api.schemas import HitOut, UnderstandingOut
from vault.domain.documents import CharSpan
from vault.domain.evidence import Neighbour, ScoreTerm, Surroundings, total
from vault.domain.labels import Classification, Label
from vault.domain.questions import Filters, SpellingChange, Understanding
from vault.retrieve.forms import (
    explanation_form,
    filters_form,
    hit_form,
    label_form,
    moment_form,
    understanding_form,
)

TERMS = (ScoreTerm("dense", 0.55, 1.2345678, 0.61), ScoreTerm("freshness", 0.1, -1.0))
PASSAGE = replace(
    Numbered().passage("text", 0.0),
    scores={"lexical": 4.0, "dense": 0.61},
    terms=TERMS,
    score=total(TERMS),
    folded=2,
    surroundings=Surroundings(before=(Neighbour(CharSpan(0, 4), "word", 3),)),
)


def test_a_hit_is_what_the_schema_promises() -> None:
    for explain in (True, False):
        form = hit_form(PASSAGE, explain=explain)
        assert HitOut.model_validate(form).model_dump() == form


def test_the_shown_contributions_add_up_to_the_shown_score() -> None:
    form = explanation_form(PASSAGE)
    shown = [term["contribution"] for term in form["terms"]]  # type: ignore[attr-defined]
    assert round(sum(shown), 6) == hit_form(PASSAGE)["score"]
    assert form["found_by"] == ["dense", "lexical"]


def test_what_was_not_asked_for_is_null() -> None:
    form = hit_form(replace(PASSAGE, surroundings=None))
    assert (form["explanation"], form["context"], form["folded"]) == (None, None, 2)


def test_a_label_and_a_time_are_written_alike_everywhere() -> None:
    label = Label(Classification.SECRET, frozenset({"b", "a"}))
    assert label_form(label) == {"classification": "secret", "compartments": ["a", "b"]}
    moment = datetime(2025, 3, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    assert moment_form(moment) == "2025-03-01T00:00:00Z"


def test_filters_are_shown_as_they_are_given() -> None:
    filters = Filters(
        type="pdf",
        classification_at_most=Classification.PUBLIC,
        modified_after=datetime(2025, 3, 1, tzinfo=UTC),
        fresh_only=True,
    )
    assert filters_form(filters) == {
        "type": "pdf",
        "classification_at_most": "public",
        "modified_after": "2025-03-01T00:00:00Z",
        "fresh_only": True,
    }


def test_an_understanding_is_what_the_schema_promises() -> None:
    meant = Understanding(
        words="leave",
        lexical="leave",
        understood=Filters(type="pdf"),
        spelling=(SpellingChange("leev", "leave"),),
        rewritten="leave",
    )
    form = understanding_form(meant)
    assert form == {
        "understood": {"filters": {"type": "pdf"}, "words": "leave"},
        "spelling": [{"from": "leev", "to": "leave"}],
        "rewritten": "leave",
    }
    assert UnderstandingOut.model_validate(form).model_dump(by_alias=True) == form


def test_plain_words_have_nothing_to_show() -> None:
    assert understanding_form(Understanding("leave", "leave")) == {
        "understood": None,
        "spelling": [],
        "rewritten": None,
    }
