"""Question sets with what a right answer holds, and the passages they are cut into."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vault.answer.sentences import sentences

PASSAGE_CHARACTERS = 900
"""Passages end with the sentence that reaches this length, in code points."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a set.

    Attributes:
        gold: ids of documents that answer it; empty when none does.
        near: ids of the documents about it, whether they answer it, deny it or fall short.
        answers: strings of which a good answer holds one.
        answerable: what the set's authors say.
    """

    id: str
    text: str
    gold: frozenset[str]
    near: frozenset[str]
    answers: tuple[str, ...]
    answerable: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage: a span of one document's text."""

    document: str
    title: str
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Documents cut into passages, and questions about them."""

    name: str
    texts: dict[str, str]
    pieces: tuple[Piece, ...]
    questions: tuple[Question, ...]


def load_set(folder: Path) -> QuestionSet:
    """Return the question set in BEIR layout that lies in ``folder``."""
    judgements = _pairs(folder / "qrels" / "test.tsv", refused="0")
    stances = _pairs(folder / "stance.tsv", refused="") if _has_stances(folder) else {}
    rows = _rows(folder / "corpus.jsonl")
    texts = {row["_id"]: row["text"] for row in rows}
    pieces = tuple(piece for row in rows for piece in _pieces(row))
    questions = tuple(
        _question(
            row,
            frozenset(judgements.get(row["_id"], ())),
            frozenset(stances.get(row["_id"], ())),
        )
        for row in _rows(folder / "queries.jsonl")
    )
    return QuestionSet(folder.name, texts, pieces, questions)


def _question(row: dict[str, Any], gold: frozenset[str], stances: frozenset[str]) -> Question:
    known = row.get("metadata") or {}
    answerable = bool(known.get("answerable", bool(gold)))
    near = frozenset({known["near_doc"]}) if known.get("near_doc") else gold
    near |= stances
    answers = tuple(answer for answer in known.get("answers", ()) if isinstance(answer, str))
    right = gold if answerable else frozenset()
    return Question(row["_id"], row["text"], right, near, answers, answerable)


def _pieces(row: dict[str, Any]) -> list[Piece]:
    text, found, start, end = row["text"], [], 0, 0
    for sentence in sentences(text):
        if end > start and sentence.span.end - start > PASSAGE_CHARACTERS:
            found.append(Piece(row["_id"], row.get("title") or "", start, text[start:end]))
            start = sentence.span.start
        end = sentence.span.end
    found.append(Piece(row["_id"], row.get("title") or "", start, text[start:]))
    return found


def _has_stances(folder: Path) -> bool:
    return (folder / "stance.tsv").exists()


def _pairs(path: Path, *, refused: str) -> dict[str, set[str]]:
    """Return the documents of each question, but for rows whose third column is ``refused``."""
    found: dict[str, set[str]] = {}
    lines = path.read_text(encoding="utf-8").splitlines()
    for question, document, third in list(csv.reader(lines, delimiter="\t"))[1:]:
        if third != refused:
            found.setdefault(question, set()).add(document)
    return found


def sample(questions: QuestionSet, *, answered: int, others: int, seed: int) -> QuestionSet:
    """Return a smaller set: documents of some answered questions and some other documents."""
    draws = np.random.default_rng(seed)
    asked = [one for one in questions.questions if one.gold]
    kept = [asked[n] for n in draws.permutation(len(asked))[:answered]]
    documents = sorted(questions.texts)
    wanted = {documents[n] for n in draws.permutation(len(documents))[:others]}
    wanted.update(document for one in kept for document in one.gold)
    return QuestionSet(
        questions.name,
        {document: questions.texts[document] for document in sorted(wanted)},
        tuple(piece for piece in questions.pieces if piece.document in wanted),
        tuple(kept),
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]
