"""A missing model is told when it is needed, and a missing generator is done without."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.models import tiny
from vault.bootstrap import Vault
from vault.domain.errors import ModelUnavailableError
from vault.settings import Settings

Opening = Callable[..., Vault]


@pytest.fixture
def opening(tmp_path: Path) -> Iterator[Opening]:
    """Open one home with any settings."""
    Vault.create(tmp_path / "home").close()
    opened: list[Vault] = []

    def open_with(**settings: object) -> Vault:
        opened.append(Vault.open(tmp_path / "home", Settings(**settings)))
        return opened[-1]

    yield open_with
    for vault in opened:
        vault.close()


def test_models_are_in_the_home_unless_the_settings_say_otherwise(
    opening: Opening, tmp_path: Path
) -> None:
    vault = opening()
    assert vault.models_dir == vault.home.models
    assert opening(models_dir=tmp_path / "shared").models_dir == tmp_path / "shared"


def test_a_missing_embedder_is_a_problem_and_no_path_is_told(opening: Opening) -> None:
    vault = opening()
    for _ in range(2):
        with pytest.raises(ModelUnavailableError) as refused:
            _ = vault.embedder
    assert str(vault.home.folder) not in refused.value.detail


def test_an_embedder_that_arrives_later_is_looked_for_again(opening: Opening) -> None:
    vault = opening()
    with pytest.raises(ModelUnavailableError):
        _ = vault.embedder
    assert "_embedder" not in vault.__dict__


def test_without_a_generator_there_is_none(opening: Opening) -> None:
    assert opening(generator="").generator is None


def test_a_missing_generator_is_logged_and_done_without(
    opening: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    vault = opening(generator="not-there")
    with caplog.at_level(logging.WARNING):
        assert vault.generator is None
        assert vault.generator is None
    assert [record.message for record in caplog.records] == ["generator_unavailable"]


def test_what_a_generator_showed_is_kept_in_the_home(opening: Opening) -> None:
    vault = opening()
    assert vault.qualification is vault.qualification
    assert vault.qualify() is None


def test_without_a_cross_encoder_there_is_none(opening: Opening) -> None:
    assert opening().reranker is None


def test_a_cross_encoder_that_is_set_and_missing_is_a_problem(opening: Opening) -> None:
    with pytest.raises(ModelUnavailableError):
        _ = opening(reranker="none").reranker


def test_a_cross_encoder_is_loaded_by_its_folder(opening: Opening, tmp_path: Path) -> None:
    tiny.write_reranker(tmp_path / "models" / "tiny")
    vault = opening(models_dir=tmp_path / "models", reranker="tiny", threads=1)
    assert vault.reranker is not None
    assert vault.reranker is vault.reranker
    assert vault.reranker.score("red", ["blue", "red"]).shape == (2,)
