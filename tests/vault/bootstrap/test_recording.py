"""A home disposes of its records, and no copy of an index outlives an erasure."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vault.homes import LEAVE, QUESTION, TRAVEL, home, keep, subject
from vault.bootstrap import Vault
from vault.index.generations import CURRENT


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with home(tmp_path) as found:
        yield found


def generations(vault: Vault) -> set[str]:
    return {path.name for path in vault.home.index.glob("*/*") if path.is_dir()}


@pytest.mark.parametrize(
    "name", ["holds", "freshness", "erasure", "requests", "schedules", "dispositions"]
)
def test_each_service_is_built_once(vault: Vault, name: str) -> None:
    assert getattr(vault, name) is getattr(vault, name)


def test_an_erasure_rewrites_the_index_in_memory_and_on_disk(vault: Vault) -> None:
    leave = keep(vault, LEAVE)
    keep(vault, TRAVEL)
    vault.follower.purge()
    before = generations(vault)
    assert before
    vault.erasure.erase(leave, subject(vault, "olga"), reason="request 12")
    assert generations(vault).isdisjoint(before)
    with vault.store.read() as unit:
        assert len(vault.follower.current(unit)) == 1
    hits = vault.searches.search(QUESTION, subject(vault), limit=5)["hits"]
    assert [hit["text"] for hit in hits] == [TRAVEL]  # type: ignore[attr-defined]


def test_an_erasure_does_not_wait_for_a_model_that_is_missing(vault: Vault) -> None:
    leave = keep(vault, LEAVE)
    vault.follower.purge()
    assert [*vault.home.index.glob(f"*/{CURRENT}")]
    for name in ("_embedder", "followers"):
        del vault.__dict__[name]
    certificate = vault.erasure.erase(leave, subject(vault, "olga"), reason="request 12")
    assert certificate["documents"] == [leave]
    assert list(vault.home.index.iterdir()) == []
    assert vault.home.index.stat().st_mode & 0o077 == 0
