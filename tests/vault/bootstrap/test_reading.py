"""A home can be searched and asked, with one index and one embedder for all of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import ModelError
from tests.vault.answer.worlds import ScriptedGenerator
from tests.vault.homes import LEAVE, QUESTION, TRAVEL, home, keep, subject
from vault.answer.qualification import questions
from vault.bootstrap import Vault
from vault.domain.errors import ModelUnavailableError
from vault.index.follower import CHANGES_WORTH_SAVING
from vault.index.generations import CURRENT
from vault.store.changes import RELABEL


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with home(tmp_path) as found:
        yield found


def right(asked: str) -> str | ModelError:
    return next((row.answer for row in questions() if row.question in asked), "")


def test_what_was_kept_can_be_searched_and_answered_from(vault: Vault) -> None:
    leave = keep(vault, LEAVE)
    keep(vault, TRAVEL)
    found = vault.searches.search(QUESTION, subject(vault), limit=1)
    [hit] = found["hits"]  # type: ignore[misc]
    assert hit["document_id"] == leave
    answer = vault.answers.answer(QUESTION, subject(vault))
    assert answer["text"] == f"{LEAVE} [1]"


@pytest.mark.parametrize("name", ["follower", "retriever", "searches", "answers", "shelf"])
def test_each_service_is_built_once(vault: Vault, name: str) -> None:
    assert getattr(vault, name) is getattr(vault, name)


def test_without_an_embedder_nothing_can_be_searched(vault: Vault) -> None:
    del vault.__dict__["_embedder"]
    with pytest.raises(ModelUnavailableError):
        vault.searches.search(QUESTION, subject(vault), limit=1)
    with pytest.raises(ModelUnavailableError):
        vault.answers.answer(QUESTION, subject(vault))


def test_an_index_worth_saving_is_saved(vault: Vault) -> None:
    vault.refresh_index()
    assert not list(vault.home.index.rglob(CURRENT))
    keep(vault, LEAVE)
    with vault.store.write() as unit:
        [change] = unit.changes.since(0)
        for _ in range(CHANGES_WORTH_SAVING):
            unit.changes.append(RELABEL, change.revision_id, (1, 1), access_label_id=1)
    vault.refresh_index()
    assert list(vault.home.index.rglob(CURRENT))


def test_a_generator_that_passes_may_write_from_the_next_answer_on(vault: Vault) -> None:
    vault.__dict__["_generator"] = ScriptedGenerator(right)
    del vault.__dict__["_made_answerer"]
    before = vault._answerer()
    assert not before._policy.synthesis
    result = vault.qualify()
    assert result is not None
    assert result.passed
    after = vault._answerer()
    assert after is not before
    assert after._policy == replace(before._policy, synthesis=True)


def test_without_a_generator_there_is_nothing_to_qualify(vault: Vault) -> None:
    vault.__dict__["_generator"] = None
    assert vault.qualify() is None
