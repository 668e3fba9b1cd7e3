"""Few sentences, none twice, current ones first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.vault.answer.worlds import CAPTURED, WordEmbedder, passage, retrieval
from vault.answer.candidates import Candidate, candidates, question_weights
from vault.answer.evidence import choose, current, fold, same
from vault.answer.vectors import SentenceVectors
from vault.domain.evidence import Passage


def chosen(question: str, *passages: Passage, limit: int = 3) -> list[Candidate]:
    found = retrieval(question, *passages)
    vectors = SentenceVectors(WordEmbedder())
    ranked = candidates(found, vectors.question(question), vectors)
    return list(choose(ranked, question_weights(found), limit=limit))


def texts(found: list[Candidate]) -> list[str]:
    return [one.text for one in found]


ASKED = "How many days of leave do porters get?"


def test_one_sentence_is_enough_when_it_covers_the_question() -> None:
    text = "Porters get 28 days of leave. The canteen opens at six. Blue is worn by all."
    assert texts(chosen(ASKED, passage(text))) == ["Porters get 28 days of leave."]


def test_a_sentence_that_covers_the_rest_of_the_question_is_added() -> None:
    question = "When does the canteen open and what do lockers cost?"
    found = chosen(
        question,
        passage("The canteen opens at six.", document="canteen"),
        passage("Lockers cost five a month.", document="lockers"),
    )
    assert set(texts(found)) == {"The canteen opens at six.", "Lockers cost five a month."}


def test_no_more_than_the_limit() -> None:
    passages = [
        passage(f"Porters of depot {name} get leave.", document=name)
        for name in ("Aran", "Bute", "Coll", "Doon")
    ]
    assert len(chosen("Which porters get leave?", *passages)) == 3
    assert len(chosen("Which porters get leave?", *passages, limit=1)) == 1


def test_the_same_sentence_in_two_documents_is_quoted_once_from_the_newest() -> None:
    text = "Porters get 28 days of leave."
    old = passage(text, document="old")
    new = passage(text, document="new", modified_at=CAPTURED + timedelta(days=1))
    assert [one.passage.document_id for one in chosen(ASKED, old, new)] == ["new"]


@pytest.mark.parametrize("flaw", [{"fresh": False}, {"superseded_by": "elsewhere"}])
def test_of_two_that_say_the_same_the_current_one_is_kept(flaw: dict[str, object]) -> None:
    text = "Porters get 28 days of leave."
    later = CAPTURED + timedelta(days=9)
    flawed = passage(text, document="flawed", modified_at=later, **flaw)
    sound = passage(text, document="sound")
    assert [one.passage.document_id for one in chosen(ASKED, flawed, sound)] == ["sound"]


def test_sentences_that_differ_in_a_number_are_not_the_same() -> None:
    five = passage("Porters get 5 days of leave.", document="a")
    ten = passage("Porters get 10 days of leave.", document="b")
    assert len(chosen(ASKED, five, ten)) == 2


def test_likeness_needs_the_same_numbers_names_and_negation() -> None:
    def candidate(text: str) -> Candidate:
        row = WordEmbedder().embed(["one and the same direction"])[0]
        held = passage(text, document=text)
        return Candidate(held, held.span, text, frozenset(), 0.0, 0.0, 0.0, row)

    plain = candidate("The depot closes at 6.")
    assert same(plain, candidate("Closing of the depot is at 6."))
    assert not same(plain, candidate("The depot closes at 7."))
    assert not same(plain, candidate("The depot never closes at 6."))
    assert not same(plain, candidate("The depot in Harrow closes at 6."))


def test_a_superseded_document_gives_way_to_the_one_that_replaces_it() -> None:
    old = passage("Porters get 25 days of leave.", document="old", superseded_by="new")
    new = passage("From May on 28 days of leave are given.", document="new")
    assert [one.passage.document_id for one in chosen(ASKED, old, new)] == ["new"]


def test_a_superseded_document_stands_in_while_its_successor_is_out_of_sight() -> None:
    old = passage("Porters get 25 days of leave.", document="old", superseded_by="unseen")
    assert [one.passage.document_id for one in chosen(ASKED, old)] == ["old"]


def test_of_two_that_score_alike_another_document_comes_first() -> None:
    found = retrieval(ASKED, passage("Porters get 28 days of leave."))
    vectors = SentenceVectors(WordEmbedder())
    best = candidates(found, vectors.question(ASKED), vectors)[0]

    def beside(document: str, text: str, score: float) -> Candidate:
        held = passage(text, document=document)
        row = WordEmbedder().embed([text])[0]
        return replace(best, passage=held, text=text, score=score, vector=row)

    close = best.score - 0.01
    ranked = [best, beside("d1", "Leave is asked for early.", close)]
    ranked.append(beside("d2", "Leave follows the rota.", close - 0.01))
    assert [one.passage.document_id for one in choose(ranked, {}, limit=2)] == ["d1", "d2"]


def test_nothing_gives_nothing() -> None:
    assert choose((), {}) == ()
    assert fold(()) == ()
    assert current(()) == ()


def test_a_sentence_that_leaves_much_open_is_continued_in_its_own_paragraph() -> None:
    question = "Which heavy patient may ride on the wide trolley of the porters?"
    text = "The wide trolley is ordered an hour ahead. Soup is served at noon. Blue is worn."
    found = texts(chosen(question, passage(text)))
    assert found[:2] == ["The wide trolley is ordered an hour ahead.", "Soup is served at noon."]


def test_nothing_goes_on_across_a_paragraph() -> None:
    question = "Which heavy patient may ride on the wide trolley of the porters?"
    text = "The wide trolley is ordered an hour ahead.\n\nSoup is served at noon."
    assert "Soup is served at noon." not in texts(chosen(question, passage(text)))[:2]
