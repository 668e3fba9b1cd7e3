"""A question about the past is answered from what was held then, under the rights of now."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.vault.homes import home, subject
from tests.vault.retrieve.worlds import Note, texts_of
from vault.bootstrap import Vault
from vault.domain.errors import InvalidRequestError
from vault.domain.questions import Filters, SearchOptions
from vault.domain.records import Validity
from vault.retrieve import moments
from vault.store.vectors import VectorsMissingError

DAY = timedelta(days=1)
OLD, NEW = "Annual leave is 25 days.", "Annual leave is 28 days."
QUESTION = "annual leave"


@pytest.fixture
def vault(tmp_path: Path, clock: Clock) -> Iterator[Vault]:
    with home(tmp_path) as found:
        found.now = clock  # type: ignore[method-assign, assignment]
        yield found


def keep(vault: Vault, text: str, uri: str = "test:leave", **changes: object) -> str:
    note = Note((text,), "Leave", **changes)  # type: ignore[arg-type]
    prepared = replace(note.prepared(vault.embedder), uri=uri, modified_at=vault.now())
    return vault.keeper().keep(prepared, stamp=vault.embedder.fingerprint)


def found(vault: Vault, name: str = "ana", **options: object) -> list[str]:
    asked = SearchOptions(**options)  # type: ignore[arg-type]
    return texts_of(vault.searches.search(QUESTION, subject(vault, name), limit=10, options=asked))


def test_a_text_of_then_answers_a_question_about_then(vault: Vault, clock: Clock) -> None:
    keep(vault, OLD)
    then = clock()
    clock.forward(10 * DAY)
    keep(vault, NEW)
    assert found(vault) == [NEW]
    assert found(vault, at=then) == [OLD]
    assert found(vault, at=clock()) == [NEW]
    assert found(vault, at=then - DAY) == []


def test_a_quote_of_then_is_found_again_in_its_own_revision(vault: Vault, clock: Clock) -> None:
    keep(vault, OLD)
    then = clock()
    clock.forward(DAY)
    keep(vault, NEW)
    answer = vault.answers.answer(QUESTION, subject(vault), options=SearchOptions(at=then))
    [citation] = answer["citations"]  # type: ignore[misc]
    assert citation["quote"] == OLD
    text = vault.shelf.text(citation["document_id"], subject(vault), revision=citation["revision"])
    span = citation["span"]
    assert text[span["start"] : span["end"]] == OLD
    assert answer["at"] == "2026-11-22T09:00:00Z"


def test_rights_are_those_of_now(vault: Vault, clock: Clock) -> None:
    keep(vault, OLD)
    then = clock()
    clock.forward(DAY)
    keep(vault, NEW, readers=("user:olga",))
    assert found(vault, "olga", at=then) == [OLD]
    assert found(vault, at=then) == []


def test_what_was_erased_since_does_not_come_back(vault: Vault, clock: Clock) -> None:
    document = keep(vault, OLD)
    then = clock()
    clock.forward(DAY)
    assert found(vault, at=then) == [OLD]
    vault.erasure.erase(document, subject(vault, "olga"), reason="asked for")
    assert found(vault, at=then) == []


def test_what_its_source_deleted_since_does_not_come_back(vault: Vault, clock: Clock) -> None:
    document = keep(vault, OLD)
    then = clock()
    clock.forward(DAY)
    vault.keeper().remove(document, reason="gone")
    assert found(vault, at=then) == []


def test_what_was_replaced_since_stood_then(vault: Vault, clock: Clock) -> None:
    older = keep(vault, OLD, "test:old")
    then = clock()
    clock.forward(DAY)
    newer = keep(vault, NEW, "test:new")
    vault.shelf.supersede(older, newer, subject(vault, "olga"))
    assert found(vault) == [NEW]
    assert found(vault, at=then) == [OLD]


def test_a_text_counts_at_the_time_for_which_it_holds(vault: Vault, clock: Clock) -> None:
    document = keep(vault, OLD)
    ends = clock() + 5 * DAY
    vault.validity.set(document, Validity(clock() - DAY, ends), subject(vault, "olga"))
    assert found(vault) == [OLD]
    clock.forward(5 * DAY)
    assert found(vault) == []
    assert found(vault, expired=True) == [OLD]
    assert found(vault, at=ends - DAY) == [OLD]
    assert found(vault, at=ends) == []


def test_filters_narrow_the_past_too(vault: Vault, clock: Clock) -> None:
    keep(vault, OLD)
    keep(vault, NEW, "test:other", collection="finance")
    then = clock()
    clock.forward(DAY)
    assert found(vault, at=then, filters=Filters(collection="finance")) == [NEW]


def test_the_future_cannot_be_asked_about(vault: Vault, clock: Clock) -> None:
    with pytest.raises(InvalidRequestError, match="not come yet"):
        found(vault, at=clock() + DAY)


def test_too_large_a_past_is_refused_by_name(
    vault: Vault, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moments, "MOST_CHUNKS", 1)
    keep(vault, OLD)
    keep(vault, NEW, "test:other")
    with pytest.raises(InvalidRequestError, match="narrow the question"):
        found(vault, at=clock())


def test_a_past_state_is_built_once_and_only_a_few_are_kept(vault: Vault, clock: Clock) -> None:
    keep(vault, OLD)
    times = [clock() + timedelta(hours=hour) for hour in range(4)]
    clock.forward(DAY)
    for at in (*times, times[-1]):
        assert found(vault, at=at) == [OLD]
    kept = vault.retriever._moments._kept
    assert [key[0] for key in kept] == times[-moments.KEPT :]


def test_a_document_shows_until_when_it_holds(vault: Vault) -> None:
    document = keep(vault, OLD)
    until = datetime(2031, 1, 1, tzinfo=UTC)
    vault.validity.set(document, Validity(None, until), subject(vault, "olga"))
    [hit] = vault.searches.search(QUESTION, subject(vault), limit=1)["hits"]  # type: ignore[misc]
    assert hit["valid_until"] == "2031-01-01T00:00:00Z"


def test_filters_in_plain_words_narrow_the_past_and_keep_its_texts(
    vault: Vault, clock: Clock
) -> None:
    keep(vault, OLD, media_type="application/pdf")
    keep(vault, "Annual leave is 30 days.", "test:other")
    then = clock()
    clock.forward(DAY)
    keep(vault, NEW, media_type="application/pdf")
    asked = SearchOptions(at=then)
    said = vault.searches.search("annual leave in pdf", subject(vault), limit=9, options=asked)
    assert texts_of(said) == [OLD]
    assert said["understood"]["filters"] == {"type": "pdf"}  # type: ignore[index]


def test_an_owners_later_word_counts_for_a_state_that_is_kept(vault: Vault, clock: Clock) -> None:
    document = keep(vault, OLD)
    then = clock() + timedelta(hours=1)
    clock.forward(DAY)
    assert found(vault, at=then) == [OLD]
    vault.validity.set(document, Validity(None, then), subject(vault, "olga"))
    assert found(vault, at=then) == []
    assert found(vault, at=then, expired=True) == [OLD]
    vault.validity.set(document, Validity(), subject(vault, "olga"))
    assert found(vault, at=then) == [OLD]


def test_more_texts_than_one_reading_takes_are_all_there(
    vault: Vault, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moments, "REVISIONS_AT_ONCE", 2)
    said = [f"Annual leave of team {n}: {words}." for n, words in enumerate(("one", "two", "six"))]
    for number, text in enumerate(said):
        keep(vault, text, f"test:{number}")
    assert sorted(found(vault, at=clock())) == sorted(said)


def test_texts_of_then_that_only_another_model_embedded_are_told_and_not_left_out(
    vault: Vault, clock: Clock
) -> None:
    keep(vault, OLD)
    then = clock()
    clock.forward(DAY)
    keep(vault, NEW)
    with vault.store.write() as unit:
        [before] = unit.life.at(then, vault.permissions.visible(unit, subject(vault)).label_ids)
        unit._connection.exec_driver_sql(
            "update blob set stamp = 'other' where kind like 'vectors%' and owner_id = ?",
            (before.revision_id,),
        )
    assert found(vault) == [NEW]
    with pytest.raises(VectorsMissingError):
        found(vault, at=then)
