"""The golden questions of the sample organisation, asked as the people who would ask them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vault.bootstrap import Vault
from vault.cli.home import SAMPLE

pytestmark = [pytest.mark.model, pytest.mark.slow]
LEAST_RIGHT = 0.85


@dataclass(frozen=True)
class Outcome:
    """One golden question and what the vault made of it."""

    row: dict[str, Any]
    answer: dict[str, Any]

    @property
    def right(self) -> bool:
        if self.row["expect"] == "abstain":
            return bool(self.answer["abstained"])
        return not self.answer["abstained"] and _plain(self.row["answer"]) in _plain(
            f"{self.answer['short'] or ''} {self.answer['text']}"
        )


def _plain(text: str) -> str:
    return " ".join(text.replace("|", " ").split()).casefold()


@pytest.fixture(scope="module")
def outcomes(sample: Vault) -> list[Outcome]:
    rows = [
        json.loads(line)
        for line in (SAMPLE / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    asked = []
    for row in rows:
        subject = sample.authenticator.subject(row["principal"])
        asked.append(Outcome(row, dict(sample.answers.answer(row["question"], subject))))
    return asked


def test_there_are_enough_questions_by_enough_people(outcomes: list[Outcome]) -> None:
    assert len(outcomes) >= 80
    assert len({outcome.row["principal"] for outcome in outcomes}) >= 6


def test_most_answers_are_right(outcomes: list[Outcome]) -> None:
    wrong = {
        f"{outcome.row['id']} {outcome.row['expect']}" for outcome in outcomes if not outcome.right
    }
    assert 1 - len(wrong) / len(outcomes) >= LEAST_RIGHT, sorted(wrong)


def test_nothing_cited_is_forbidden_to_who_asked(outcomes: list[Outcome], sample: Vault) -> None:
    for outcome in outcomes:
        subject = sample.authenticator.subject(outcome.row["principal"])
        shown = [*outcome.answer["citations"], *outcome.answer["related"]]
        readable = {kept.document.id for kept in sample.shelf.all(subject)}
        assert {found["document_id"] for found in shown} <= readable, outcome.row["id"]


def test_a_forbidden_document_is_never_named(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.row.get("reason") == "not_permitted":
            told = json.dumps(outcome.answer)
            assert Path(outcome.row["document"]).name not in told


def test_every_quote_is_verbatim_at_its_span(outcomes: list[Outcome], sample: Vault) -> None:
    checked = 0
    for outcome in outcomes:
        subject = sample.authenticator.subject(outcome.row["principal"])
        for citation in outcome.answer["citations"]:
            text = sample.shelf.text(
                citation["document_id"], subject, revision=citation["revision"]
            )
            span = citation["span"]
            assert text[span["start"] : span["end"]] == citation["quote"]
            checked += 1
    assert checked >= len(outcomes) // 2
