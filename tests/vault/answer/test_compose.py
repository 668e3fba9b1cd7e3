"""Evidence is chosen, found again and numbered; what is lost is as if never found."""

from tests.vault.answer.worlds import Source, WordEmbedder, passage, retrieval, source
from vault.answer.candidates import candidates, question_weights
from vault.answer.compose import Composition, compose
from vault.answer.vectors import SentenceVectors
from vault.domain.evidence import Passage
from vault.domain.labels import Classification, Label

ASKED = "How many days of leave do porters get?"
FIVE = passage("Porters get 25 days of leave.", document="a")
TEN = passage("Porters get 30 days of leave.", document="b")
OTHER = passage("Porters ask for leave at the desk.", document="c")


def composed(store: Source, *passages: Passage, limit: int = 3) -> Composition:
    found = retrieval(ASKED, *passages)
    vectors = SentenceVectors(WordEmbedder())
    ranked = candidates(found, vectors.question(ASKED), vectors)
    return compose(ranked, question_weights(found), read_span=store, limit=limit)


def test_numbers_count_from_one_without_gaps() -> None:
    found = composed(source(FIVE, TEN, OTHER), FIVE, TEN, OTHER)
    assert [citation.n for citation in found.citations] == list(range(1, len(found.citations) + 1))
    assert [one.citations for one in found.sentences] == [(n.n,) for n in found.citations]


def test_losing_a_source_equals_never_having_had_it() -> None:
    store = source(FIVE, TEN, OTHER)
    store.hidden.add("a")
    assert composed(store, FIVE, TEN, OTHER) == composed(store, TEN, OTHER)


def test_nothing_is_left_when_no_source_can_be_read() -> None:
    assert composed(Source(), FIVE, TEN).citations == ()


def test_a_contradiction_is_quoted_beside_the_best_sentence_whatever_the_limit() -> None:
    found = composed(source(FIVE, TEN), FIVE, TEN, limit=1)
    assert [conflict.citations for conflict in found.conflicts] == [(1, 2)]
    assert {citation.quote for citation in found.citations} == {FIVE.text, TEN.text}


def test_the_label_is_the_least_above_all_quotes_and_of_nothing_else() -> None:
    secret = Label(Classification.SECRET, frozenset({"legal"}))
    hr = Label(Classification.INTERNAL, frozenset({"hr"}))
    one = passage(FIVE.text, document="a", label=hr)
    two = passage(TEN.text, document="b", label=Label(Classification.CONFIDENTIAL))
    unused = passage("Keys are at the desk.", document="c", label=secret)
    found = composed(source(one, two, unused), one, two, unused)
    assert found.label == Label(Classification.CONFIDENTIAL, frozenset({"hr"}))


def test_evidence_is_stale_only_when_none_of_it_is_fresh() -> None:
    old = passage(FIVE.text, document="a", fresh=False)
    assert composed(source(old), old).stale
    assert not composed(source(old, TEN), old, TEN).stale
