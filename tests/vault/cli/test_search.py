"""Searching and asking show what the named principal may read, and nothing else."""

import json
from pathlib import Path

import pytest

from tests.vault.cli.conftest import Kept, Strongroom
from vault.cli.search import show_answer

Capture = pytest.CaptureFixture[str]

CITATION: dict[str, object] = {
    "n": 1,
    "title": "Leave [draft]",
    "page": 3,
    "span": {"start": 14, "end": 56},
    "quote": "Employees receive 25 days.",
    "label": {"classification": "internal", "compartments": ["hr"]},
    "modified_at": "2026-11-01T00:00:00Z",
    "fresh": False,
    "verified_at": "2026-10-01T00:00:00Z",
}
ANSWER: dict[str, object] = {
    "abstained": False,
    "reason": None,
    "text": "Employees receive 25 days. [1]",
    "short": "25 days",
    "citations": [CITATION],
    "related": [],
    "conflicts": [{"citations": [1, 2], "explanation": "one says [red] and one says blue"}],
    "label": {"classification": "internal", "compartments": ["hr"]},
    "note": "No generator is loaded.",
    "run_id": "run-1",
}


def hits(strongroom: Strongroom, *words: str) -> list[dict[str, object]]:
    """Return the hits of a search that must succeed."""
    result = strongroom("search", *words, "--json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, object]] = json.loads(result.stdout)["hits"]
    return found


def test_a_search_finds_what_its_principal_may_read(strongroom: Strongroom, kept: Kept) -> None:
    words = ["annual leave offer Halyard", "--as"]
    assert {hit["document_id"] for hit in hits(strongroom, *words, "ana")} == {kept.leave}
    both = hits(strongroom, *words, "olga")
    assert {hit["document_id"] for hit in both} == {kept.leave, kept.merger}
    assert hits(strongroom, *words, "bo") == []
    assert len(hits(strongroom, *words, "olga", "--limit", "1")) == 1


def test_hits_are_told_to_people_with_their_title_and_text(strongroom: Strongroom) -> None:
    result = strongroom("search", "annual leave", "--as", "ana")
    first, second = result.stdout.splitlines()[:2]
    assert first.startswith("1. Leave policy")
    assert "internal, 2026-11-01" in first
    assert "25 days of annual leave" in second
    assert "score" not in result.stdout


def test_the_terms_of_a_score_are_shown_when_they_are_asked_for(strongroom: Strongroom) -> None:
    result = strongroom("search", "annual leave", "--as", "ana", "--explain")
    assert result.exit_code == 0
    assert "score" in result.stdout
    assert "lexical" in result.stdout


def test_a_search_is_narrowed_by_options_and_by_words(strongroom: Strongroom, kept: Kept) -> None:
    words = ["annual leave offer Halyard", "--as", "olga"]
    assert len(hits(strongroom, *words, "--collection", "papers")) == 2
    assert hits(strongroom, *words, "--collection", "nowhere") == []
    assert hits(strongroom, *words, "--modified-before", "2026-11-01") == []
    assert hits(strongroom, *words, "--type", "pdf", "--fresh-only") == []
    result = strongroom("search", "annual leave from papers", "--as", "ana")
    assert "understood: collection papers" in result.stdout
    literal = strongroom("search", "annual leave from papers", "--as", "ana", "--literal")
    assert "understood" not in literal.stdout


def test_an_answer_is_narrowed_in_the_same_way(strongroom: Strongroom) -> None:
    question = "How many days of annual leave do employees receive?"
    result = strongroom("ask", question, "--as", "ana", "--owner", "nobody", "--json")
    assert json.loads(result.stdout)["reason"] == "no_evidence"


def test_nothing_found_and_nothing_allowed_are_told_alike(strongroom: Strongroom) -> None:
    shown = {
        strongroom("search", query, "--as", "bo").stdout for query in ("Halyard", "Zanzibar cloves")
    }
    assert len(shown) == 1
    assert "Nothing was found that this principal may read." in shown.pop()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["search", "leave", "--as", "ghost"], 66),
        (["search", " ", "--as", "ana"], 65),
        (["search", "leave", "--as", "ana", "--limit", "0"], 65),
        (["search", "leave", "--as", "ana", "--limit", "99999"], 65),
        (["search", "leave", "--as", "ana", "--modified-after", "soon"], 65),
        (["search", "leave", "--as", "ana", "--context", "4"], 65),
        (["search", "leave", "--as", "ana", "--rerank", "best"], 2),
        (["search", "leave", "--as", "ana", "--rerank", "cross_encoder"], 69),
        (["search", "leave"], 2),
        (["ask", "leave?", "--as", "ghost"], 66),
        (["ask", "", "--as", "ana"], 65),
    ],
)
def test_a_question_that_cannot_be_put_is_refused(
    strongroom: Strongroom, words: list[str], code: int
) -> None:
    result = strongroom(*words)
    assert (result.exit_code, result.stdout) == (code, "")


def test_a_search_without_its_model_is_told(
    strongroom: Strongroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_MODELS_DIR", str(tmp_path / "no-models"))
    result = strongroom("search", "leave", "--as", "ana")
    assert result.exit_code == 69
    assert "/problems/model-unavailable" in result.stderr


def test_an_answer_quotes_only_what_its_principal_may_read(
    strongroom: Strongroom, kept: Kept
) -> None:
    question = "How many days of annual leave do employees receive?"
    for principal, allowed in (("ana", {kept.leave}), ("bo", set())):
        result = strongroom("ask", question, "--as", principal, "--json")
        assert result.exit_code == 0, result.output
        answer = json.loads(result.stdout)
        used = {found["document_id"] for found in [*answer["citations"], *answer["related"]]}
        assert used == allowed
        assert answer["question"] == question


def test_a_question_nothing_answers_is_told_as_no_answer(strongroom: Strongroom) -> None:
    result = strongroom("ask", "Who won the race?", "--as", "bo")
    assert result.exit_code == 0
    assert result.stdout.startswith("No answer (no_evidence)")


def test_an_answer_is_shown_with_its_span_its_citations_and_its_conflicts(capsys: Capture) -> None:
    show_answer(ANSWER)
    assert capsys.readouterr().out.splitlines() == [
        "25 days",
        "Employees receive 25 days. [1]",
        "conflict: one says [red] and one says blue",
        "  [1] Leave [draft], page 3, characters 14-56  internal, hr, 2026-11-01, stale, "
        "last verified 2026-10-01",
        "No generator is loaded.",
        "label internal; run run-1",
    ]


def test_an_answer_shows_nothing_it_does_not_have(capsys: Capture) -> None:
    citation = CITATION | {"page": None, "fresh": True}
    show_answer(ANSWER | {"short": None, "note": "", "conflicts": [], "citations": [citation]})
    assert capsys.readouterr().out.splitlines() == [
        "Employees receive 25 days. [1]",
        "  [1] Leave [draft], characters 14-56  internal, hr, 2026-11-01",
        "label internal; run run-1",
    ]


@pytest.mark.parametrize("note", ["", "What was found is too weak."])
def test_an_abstention_shows_its_reason_and_what_is_near(capsys: Capture, note: str) -> None:
    abstention = ANSWER | {
        "abstained": True,
        "reason": "insufficient_evidence",
        "note": note,
        "related": [{"title": "Leave [draft]"}],
    }
    show_answer(abstention)
    lines = ["No answer (insufficient_evidence)", note, "  related: Leave [draft]"]
    assert capsys.readouterr().out.splitlines() == [line for line in lines if line]
