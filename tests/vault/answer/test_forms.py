"""An answer goes out with exactly the promised members, and its ids name one run."""

from tests.vault.answer.worlds import passage
from vault.answer.forms import answer_form, citation_form, sentence_form, streamed_form
from vault.domain.documents import CharSpan
from vault.domain.evidence import (
    AbstentionReason,
    Answer,
    AnswerSentence,
    Citation,
    Conflict,
    ModelUse,
    Usage,
)
from vault.domain.labels import Classification, Label

LEAVE = passage("Employees receive 25 days of leave.", title="Leave", page=2)
QUOTE = Citation(1, LEAVE, CharSpan(0, 35), "Employees receive 25 days of leave.")
SENTENCE = AnswerSentence("Employees receive 25 days of leave.", (1,))
USAGE = Usage(12, 3, 1.23456, 4.56789, "estimated")


def answer(**changes: object) -> Answer:
    whole: dict[str, object] = {
        "question": "How much leave?",
        "sentences": (SENTENCE,),
        "citations": (QUOTE,),
        "label": Label(Classification.INTERNAL, frozenset({"hr"})),
        "confidence": 0.912345,
        "model": ModelUse("small", "sha256:ab"),
        "usage": USAGE,
        "short": "25 days",
        "conflicts": (Conflict((1, 2), "They differ."),),
        "note": "A note.",
    }
    return Answer(**(whole | changes))


def form(found: Answer) -> dict[str, object]:
    return answer_form(found, run_id="run-1", ledger={"index": 4, "size": 5})


def test_a_citation_says_which_words_of_which_revision() -> None:
    found = citation_form(QUOTE)
    assert found["n"] == 1
    assert found["quote"] == "Employees receive 25 days of leave."
    assert found["span"] == {"start": 0, "end": 35}
    assert (found["document_id"], found["revision"], found["page"]) == ("d1", "d1-r1", 2)
    assert found["digest"] == LEAVE.digest
    assert "text" not in found
    assert "chunk_id" not in found


def test_a_streamed_sentence_carries_the_citations_it_needs() -> None:
    assert streamed_form(SENTENCE, [QUOTE]) == {
        **sentence_form(SENTENCE),
        "citation_details": [citation_form(QUOTE)],
    }


def test_a_whole_answer_has_every_member() -> None:
    found = form(answer())
    assert found["answer_id"] == found["run_id"] == "run-1"
    assert found["ledger"] == {"index": 4, "size": 5}
    assert found["sentences"] == [{"text": SENTENCE.text, "citations": [1]}]
    assert found["citations"] == [citation_form(QUOTE)]
    assert found["conflicts"] == [{"citations": [1, 2], "explanation": "They differ."}]
    assert found["label"] == {"classification": "internal", "compartments": ["hr"]}
    assert found["model"] == {"name": "small", "digest": "sha256:ab"}
    assert (found["abstained"], found["reason"], found["short"]) == (False, None, "25 days")
    assert found["confidence"] == 0.9123
    assert found["usage"] == {
        "input_tokens": 12,
        "output_tokens": 3,
        "seconds": 1.2346,
        "joules": 4.568,
        "energy_method": "estimated",
    }


def test_an_abstention_says_why_and_shows_what_is_near() -> None:
    found = form(
        answer(
            sentences=(),
            citations=(),
            conflicts=(),
            reason=AbstentionReason.INSUFFICIENT_EVIDENCE,
            related=(LEAVE,),
        )
    )
    assert (found["abstained"], found["reason"]) == (True, "insufficient_evidence")
    assert found["text"] == ""
    [near] = found["related"]  # type: ignore[misc]
    assert near["text"] == LEAVE.text
