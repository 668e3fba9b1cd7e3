"""A search finds the best visible passages, and nothing else has any part in what it says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.vault.homes import home, subject
from tests.vault.retrieve.worlds import keep
from vault.bootstrap import Vault
from vault.domain.evidence import total
from vault.domain.questions import PLAIN, Filters, SearchOptions
from vault.retrieve.search import Found

LEAVE = "Employees receive 25 days of annual leave."
SICK = "Sick leave needs a note from the third day of absence."
TRAVEL = "Hotels cost at most 90 euros a night."
HIDDEN = "The annual leave of the board is 90 days, says Halyard."


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    with home(tmp_path_factory.mktemp("search")) as found:
        keep(found, LEAVE, SICK, title="Leave")
        keep(found, TRAVEL, title="Travel", collection="finance", media_type="application/pdf")
        keep(found, HIDDEN, readers=("user:olga",), collection="board", owner="bo")
        yield found


def find(
    vault: Vault, question: str, name: str = "ana", options: SearchOptions = PLAIN, limit: int = 10
) -> Found:
    retriever = vault.retriever
    return retriever.find(
        retriever.cleaned(question), subject(vault, name), limit=limit, options=options
    )


def texts(found: Found) -> list[str]:
    return [passage.text for passage in found.retrieval.passages]


def test_the_passage_that_answers_comes_first(vault: Vault) -> None:
    assert texts(find(vault, "How many days of annual leave?"))[0] == LEAVE
    assert texts(find(vault, "What may a hotel cost?"))[0] == TRAVEL


def test_only_what_the_subject_may_read_is_found(vault: Vault) -> None:
    question = "annual leave of the board, says Halyard"
    assert HIDDEN not in texts(find(vault, question))
    assert texts(find(vault, question, "olga"))[0] == HIDDEN


def test_no_more_than_the_limit_is_found(vault: Vault) -> None:
    assert len(texts(find(vault, "leave", limit=1))) == 1


def test_every_term_of_every_score_is_there_and_adds_up(vault: Vault) -> None:
    for passage in find(vault, "annual leave").retrieval.passages:
        assert [term.name for term in passage.terms] == ["dense", "lexical"]
        assert passage.score == total(passage.terms)


def test_filters_apply_before_anything_is_ranked(vault: Vault) -> None:
    options = SearchOptions(filters=Filters(collection="finance"))
    assert texts(find(vault, "annual leave", options=options)) == [TRAVEL]


@pytest.mark.parametrize("collection", ["board", "nowhere"])
def test_a_filter_for_hidden_documents_finds_what_one_for_none_finds(
    vault: Vault, collection: str
) -> None:
    options = SearchOptions(filters=Filters(collection=collection))
    found = find(vault, "annual leave", options=options)
    assert texts(found) == []
    assert found.retrieval.signals.dense_top == ()
    assert found.retrieval.signals.lexical_top == ()


def test_the_signals_count_visible_chunks_only(vault: Vault) -> None:
    found = find(vault, "annual leave Halyard")
    assert found.retrieval.signals.visible_chunks == 3
    assert "halyard" not in found.retrieval.signals.term_weights


def test_words_that_are_a_filter_narrow_and_are_not_searched(vault: Vault) -> None:
    found = find(vault, "leave and hotels in pdf")
    assert texts(found) == [TRAVEL]
    assert found.understanding.understood == Filters(type="pdf")
    assert found.retrieval.question == "leave and hotels"
    literal = find(vault, "leave and hotels in pdf", options=SearchOptions(interpret=False))
    assert literal.understanding.understood == Filters()
    assert len(texts(literal)) == 3


def test_an_exact_search_finds_the_same_in_a_small_vault(vault: Vault) -> None:
    exact = find(vault, "annual leave", options=SearchOptions(exact=True))
    assert exact.retrieval == find(vault, "annual leave").retrieval


def test_the_question_is_embedded_once_and_its_vector_is_passed_on(vault: Vault) -> None:
    vault.embedder.calls.clear()  # type: ignore[attr-defined]
    found = find(vault, "annual leave")
    assert vault.embedder.calls == [("annual leave",)]  # type: ignore[attr-defined]
    vector = vault.embedder.embed(["annual leave"])[0]
    assert found.retrieval.vector == tuple(vector.tolist())


def test_candidates_are_read_on_until_enough_are_shown(tmp_path: Path) -> None:
    with home(tmp_path) as vault:
        for place in range(12):
            keep(vault, "annual leave annual leave", title=f"copy {place}")
        keep(vault, "annual leave for nurses")
        found = find(vault, "annual leave", limit=2)
        assert texts(found) == ["annual leave annual leave", "annual leave for nurses"]
        assert found.retrieval.passages[0].folded == 11


def test_a_stale_document_gives_way_to_a_fresh_one_of_like_words(tmp_path: Path) -> None:
    old = datetime(2020, 1, 1, tzinfo=UTC)
    with home(tmp_path) as vault:
        keep(vault, "annual leave is 25 days", fresh_for="30d", modified_at=old)
        keep(vault, "annual leave is 28 days", fresh_for="30d", modified_at=vault.now())
        first, second = find(vault, "annual leave").retrieval.passages
        assert (first.fresh, second.fresh) == (True, False)
        assert [term.name for term in second.terms] == ["dense", "lexical", "freshness"]


def test_a_higher_rank_of_the_collection_decides_between_like_words(tmp_path: Path) -> None:
    with home(tmp_path) as vault:
        vault.settings = vault.settings.model_copy(update={"authority": {"policies": 1.0}})
        keep(vault, "annual leave is 25 days", collection="wiki")
        keep(vault, "annual leave is 28 days", collection="policies")
        first, second = find(vault, "annual leave").retrieval.passages
        assert first.text == "annual leave is 28 days"
        assert [term.name for term in first.terms] == ["dense", "lexical", "authority"]
        assert [term.name for term in second.terms] == ["dense", "lexical"]
