"""A citation is exact or it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.answer.worlds import WordEmbedder, passage, retrieval, source
from vault.answer.candidates import Candidate, candidates
from vault.answer.cite import cite, stands
from vault.answer.vectors import SentenceVectors
from vault.domain.documents import CharSpan
from vault.domain.evidence import Passage

TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from(" .!?\n\t|-#。🙂\u0301")), min_size=1, max_size=300
)


def ranked(question: str, *passages: Passage) -> tuple[Candidate, ...]:
    vectors = SentenceVectors(WordEmbedder())
    return candidates(retrieval(question, *passages), vectors.question(question), vectors)


@given(TEXTS, st.text(max_size=50), st.text(max_size=40))
def test_every_citation_is_verbatim_at_its_place_in_the_revision(
    text: str, before: str, question: str
) -> None:
    held = passage(text, before=before)
    revision = before + text
    for candidate in ranked(question, held):
        citation = cite(
            candidate, n=1, read_span=lambda _document, _revision, span: span.of(revision)
        )
        assert citation is not None
        assert citation.span.of(revision) == citation.quote != ""
        assert held.span.start <= citation.span.start < citation.span.end <= held.span.end


@given(TEXTS, st.integers(0, 300))
def test_a_source_that_changed_anywhere_in_the_quote_gives_no_citation(text: str, at: int) -> None:
    held = passage(text)
    for candidate in ranked("anything", held):
        place = candidate.span.start + at % (candidate.span.end - candidate.span.start)
        changed = text[:place] + ("a" if text[place] != "a" else "b") + text[place + 1 :]
        assert cite(candidate, n=1, read_span=lambda _d, _r, span, t=changed: span.of(t)) is None


def test_the_citation_carries_its_number_and_passage() -> None:
    held = passage("Doors close at six.", before="Notice. ")
    citation = cite(ranked("When do doors close?", held)[0], n=7, read_span=source(held))
    assert citation is not None
    assert (citation.n, citation.passage, citation.span) == (7, held, CharSpan(8, 27))


def test_a_document_the_caller_may_not_read_any_more_gives_no_citation() -> None:
    held = passage("Doors close at six.")
    store = source(held)
    store.hidden.add("d1")
    assert cite(ranked("When do doors close?", held)[0], n=1, read_span=store) is None
    assert not stands(held, store)


def test_other_failures_of_the_store_are_not_swallowed() -> None:
    def broken(_document: str, _revision: str, _span: CharSpan) -> str:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        cite(ranked("When?", passage("Doors close at six."))[0], n=1, read_span=broken)


def test_a_span_outside_its_passage_is_refused_though_the_text_is_there() -> None:
    held = passage("Doors close at six.", document="wide")
    narrow = passage("Doors close at six.", document="wide", span=CharSpan(0, 4))
    candidate = ranked("When do doors close?", narrow)[0]
    assert cite(candidate, n=1, read_span=source(held)) is None
