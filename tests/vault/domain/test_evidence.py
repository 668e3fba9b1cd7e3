"""An answer is its cited sentences, or says why there is none."""

from datetime import UTC, datetime

import pytest

from vault.domain.documents import CharSpan
from vault.domain.evidence import (
    AbstentionReason,
    Answer,
    AnswerSentence,
    Citation,
    ModelUse,
    Passage,
    ScoreTerm,
    Usage,
    total,
)
from vault.domain.labels import LOWEST


def _passage() -> Passage:
    return Passage(
        chunk_id=1,
        document_id="d",
        revision="r",
        digest="sha256:ab",
        title="Leave",
        uri="file:///leave.md",
        span=CharSpan(0, 40),
        text="Employees receive 25 days. It is renewed.",
        label=LOWEST,
        modified_at=datetime(2026, 11, 22, tzinfo=UTC),
        fresh=True,
    )


def _answer(*sentences: AnswerSentence, reason: AbstentionReason | None = None) -> Answer:
    citations = (Citation(1, _passage(), CharSpan(0, 26), "Employees receive 25 days."),)
    return Answer("How much leave?", sentences, citations, LOWEST, reason)


def test_the_text_carries_the_numbers_of_its_citations() -> None:
    answer = _answer(
        AnswerSentence("Employees receive 25 days.", (1,)), AnswerSentence("It is renewed.", (1, 2))
    )
    assert answer.text == "Employees receive 25 days. [1] It is renewed. [1] [2]"


def test_a_sentence_without_a_citation_gets_no_number() -> None:
    assert _answer(AnswerSentence("See below.", ())).text == "See below."


@pytest.mark.parametrize("reason", AbstentionReason)
def test_an_answer_with_a_reason_is_an_abstention(reason: AbstentionReason) -> None:
    abstention = _answer(reason=reason)
    assert abstention.abstained
    assert abstention.text == ""


def test_an_answer_without_a_reason_is_none() -> None:
    assert not _answer(AnswerSentence("Employees receive 25 days.", (1,))).abstained


def test_the_reasons_are_the_published_words() -> None:
    assert [reason.value for reason in AbstentionReason] == [
        "no_evidence",
        "insufficient_evidence",
        "conflict",
        "stale_evidence",
        "model_unavailable",
    ]


def test_an_answer_that_no_model_helped_with_names_none_and_costs_nothing() -> None:
    answer = _answer()
    assert answer.model == ModelUse(None, None)
    assert answer.usage == Usage(0, 0, 0.0, 0.0, "estimated")
    assert (answer.confidence, answer.short, answer.related, answer.conflicts) == (
        0.0,
        None,
        (),
        (),
    )


def test_passages_do_not_share_their_scores() -> None:
    one, other = _passage(), _passage()
    assert one.scores == other.scores == {}
    assert one.scores is not other.scores


def test_the_terms_of_a_score_add_up_to_it_exactly_as_shown() -> None:
    terms = [ScoreTerm("lexical", 0.3, 1 / 3), ScoreTerm("dense", 0.7, 2 / 3, raw=0.81)]
    assert [term.contribution for term in terms] == [0.1, 0.466667]
    assert total(terms) == 0.566667
    assert total([]) == 0
