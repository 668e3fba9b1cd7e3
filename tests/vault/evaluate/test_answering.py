"""Answers are counted right, wrong, refused and verbatim against what is known."""

import json
from pathlib import Path

import pytest

from vault.domain.errors import InvalidRequestError
from vault.evaluate.answering import KnownQuestion, measure_answers, read_questions

KNOWN = [
    KnownQuestion("ada", "How long?", "20 seconds"),
    KnownQuestion("ada", "How many?", "four"),
    KnownQuestion("ben", "Where?", "the north wing"),
    KnownQuestion("ben", "What is secret?", None),
    KnownQuestion("ben", "Who knows?", None),
]
QUOTE = {"quote": "For 20 | seconds.", "document_id": "d", "revision": "r"}
REFUSED = {"abstained": True, "short": None, "text": "", "citations": []}
ANSWERS = {
    "How long?": {
        "abstained": False,
        "short": None,
        "text": "For 20 | Seconds.",
        "citations": [QUOTE],
    },
    "How many?": {
        "abstained": False,
        "short": "five",
        "text": "",
        "citations": [{**QUOTE, "quote": "altered"}],
    },
    "Where?": REFUSED,
    "What is secret?": REFUSED,
    "Who knows?": {"abstained": False, "short": None, "text": "I do", "citations": []},
}


def test_what_is_right_wrong_refused_and_verbatim_is_counted() -> None:
    asked: list[tuple[str, str]] = []
    told: list[int] = []

    def ask(principal: str, question: str) -> dict:
        asked.append((principal, question))
        return ANSWERS[question]

    figures = measure_answers(
        KNOWN,
        ask,
        lambda principal, citation: "For 20 | seconds.",
        advance=lambda doing, done, of: told.append(done),
    )
    assert asked == [(known.principal, known.question) for known in KNOWN]
    assert told == [0, 1, 2, 3, 4]
    assert (figures.questions, figures.answered) == (5, 3)
    assert figures.right == pytest.approx(2 / 5)
    assert (figures.wrongly_answered, figures.wrongly_refused) == (1, 1)
    assert (figures.citations, figures.verbatim) == (2, 0.5)
    assert 0 <= figures.seconds_p50 <= figures.seconds_p95


def test_questions_are_read_one_in_a_line(tmp_path: Path) -> None:
    rows = [
        {"principal": "ada", "question": "How long?", "expect": "answer", "answer": "20 s"},
        {"principal": "ben", "question": "Who?", "expect": "abstain", "answer": "unused"},
    ]
    path = tmp_path / "known.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    assert read_questions(path) == [
        KnownQuestion("ada", "How long?", "20 s"),
        KnownQuestion("ben", "Who?", None),
    ]


@pytest.mark.parametrize(
    "content", ["", "\n", "no json", "[]", '{"principal": "a"}', "3", b"\xff\xfe".decode("latin-1")]
)
def test_a_file_without_questions_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "known.jsonl"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(InvalidRequestError, match=r"known\.jsonl"):
        read_questions(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequestError, match="known"):
        read_questions(tmp_path / "known.jsonl")
