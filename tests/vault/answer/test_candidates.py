"""Sentences are scored by what they and their headings say about the question."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.vault.answer.worlds import WordEmbedder, passage, retrieval
from vault.answer.candidates import Candidate, candidates, question_weights
from vault.answer.vectors import SentenceVectors
from vault.domain.evidence import Passage, Retrieval

QUESTION = "How many days of leave do porters get?"
LEAVE = passage("Porters get 28 days of leave. They wear blue.", document="leave")
KEYS = passage("Keys are kept at the desk. Ask the clerk.", document="keys")


def ranked(found: Retrieval) -> tuple[Candidate, ...]:
    vectors = SentenceVectors(WordEmbedder())
    return candidates(found, vectors.question(found.question), vectors)


def texts(*passages: Passage, question: str = QUESTION) -> list[str]:
    return [one.text for one in ranked(retrieval(question, *passages))]


def test_the_sentence_that_answers_comes_first() -> None:
    assert texts(KEYS, LEAVE)[0] == "Porters get 28 days of leave."


def test_equal_input_gives_equal_order() -> None:
    found = retrieval(QUESTION, LEAVE, KEYS)
    assert [one.text for one in ranked(found)] == [one.text for one in ranked(found)]


@given(st.text(max_size=120), st.text(max_size=200), st.text(max_size=200))
def test_every_candidate_is_a_piece_of_its_passage(question: str, one: str, other: str) -> None:
    found = retrieval(question, passage(one), passage(other, document="d2"))
    for candidate in ranked(found):
        assert candidate.span.of(candidate.passage.text) == candidate.text
        assert 0 <= candidate.coverage <= 1.0 + 1e-9


def test_a_heading_lends_its_words_to_the_sentences_below_it() -> None:
    bare = passage("Everybody gets 28 days.", document="bare")
    headed = replace(bare, document_id="headed", headings=("Leave for porters",))
    scores = {one.passage.document_id: one for one in ranked(retrieval(QUESTION, bare, headed))}
    assert scores["headed"].coverage > scores["bare"].coverage
    assert scores["headed"].terms == scores["bare"].terms


def test_the_sentence_before_lends_a_little() -> None:
    told = passage("Leave for porters is fixed. It is 28 days.", document="told")
    alone = passage("Parking is for guests. It is 28 days.", document="alone")
    found = {one.passage.document_id: one for one in ranked(retrieval(QUESTION, told, alone))}
    last = [one for one in ranked(retrieval(QUESTION, told, alone)) if one.text.startswith("It")]
    assert {one.passage.document_id for one in last} == set(found)
    by_document = {one.passage.document_id: one.coverage for one in last}
    assert by_document["told"] > by_document["alone"]


def test_questions_and_bare_echoes_are_no_evidence() -> None:
    text = "How many days of leave do porters get? 28 days.\n\nLeave porters get\n- Porters leave"
    assert texts(passage(text)) == ["28 days."]


def test_out_of_date_text_loses_to_current_text_of_like_fit() -> None:
    old = passage("Porters get 25 days of leave.", document="old", superseded_by="elsewhere")
    new = passage("Porters get 28 days of leave.", document="new")
    stale = passage("Porters get 26 days of leave.", document="stale", fresh=False)
    assert texts(old, stale, new) == [
        "Porters get 28 days of leave.",
        "Porters get 26 days of leave.",
        "Porters get 25 days of leave.",
    ]


def test_a_term_that_no_visible_chunk_holds_weighs_most() -> None:
    found = retrieval("leave zeppelin", LEAVE)
    signals = replace(found.signals, term_weights={"leav": 2.0})
    weights = question_weights(replace(found, signals=signals))
    assert weights["leav"] == 2.0
    assert weights["zeppelin"] > 2.0


def test_a_question_of_function_words_still_ranks() -> None:
    assert len(texts(LEAVE, question="what is it?")) == 2


def test_of_later_passages_only_the_sentences_that_cover_most_are_embedded() -> None:
    many = [
        passage(" ".join(f"Notice {n} {m} is posted." for m in range(4)), document=f"d{n}")
        for n in range(4)
    ]
    last = passage("Porters get leave for days. Keys are here.", document="last")
    found = {one.text for one in ranked(retrieval(QUESTION, *many, last))}
    assert len(found) == 12
    assert "Notice 1 3 is posted." in found
    assert "Porters get leave for days." in found
    assert "Notice 3 3 is posted." not in found


def test_a_line_that_only_names_columns_is_no_evidence() -> None:
    table = "Leave | Days of leave\nLeave: porters | Days of leave: 28"
    assert texts(passage(table)) == ["Leave: porters | Days of leave: 28"]
