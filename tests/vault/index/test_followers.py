"""Each embedder has an index of its own, and a purge leaves no other behind."""

from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.vault.conftest import CountingEmbedder, Plant
from tests.vault.index.test_follower import current, keep
from vault.index.followers import Followers
from vault.index.generations import CURRENT
from vault.store.vectors import EmbedderSwitchedError, VectorsMissingError


class Sized(CountingEmbedder):
    dimension = 4


@pytest.fixture
def followers(plant: Plant, tmp_path: Path) -> Followers:
    return Followers(plant.store, root=tmp_path / "index", key=b"k" * 32)


def test_backends_of_one_model_share_an_index(followers: Followers) -> None:
    one = followers.of(Sized(fingerprint="sha256:a+x/fp32"))
    assert followers.of(Sized(fingerprint="sha256:a+y/bf16")) is one
    assert followers.of(Sized(fingerprint="sha256:b+x/fp32")) is not one


def test_an_index_of_another_model_refuses_documents_it_has_no_vectors_of(
    plant: Plant, followers: Followers, clock: Clock
) -> None:
    keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    assert len(current(plant, followers.of(Sized()))) == 1
    with pytest.raises(VectorsMissingError, match="strongroom model reembed"):
        current(plant, followers.of(Sized(fingerprint="sha256:b+x/fp32")))


def test_a_query_vector_of_another_model_is_never_looked_up(
    plant: Plant, followers: Followers
) -> None:
    follower = followers.of(Sized())
    with plant.store.read() as unit:
        assert follower.current(unit, made_by="counting+x/bf16") is follower.current(unit)
        with pytest.raises(EmbedderSwitchedError):
            follower.current(unit, made_by="sha256:b+x/fp32")


def test_a_purge_deletes_what_is_saved_of_every_other_model(
    plant: Plant, followers: Followers, clock: Clock, tmp_path: Path
) -> None:
    keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    followers.of(Sized()).rebuild()
    [mine] = (tmp_path / "index").iterdir()
    other = tmp_path / "index" / "other"
    other.mkdir()
    for path in (other / CURRENT, tmp_path / "index" / CURRENT):
        path.write_text("00000001-000000000000")
    followers.purge(Sized())
    assert [*(tmp_path / "index").iterdir()] == [mine]
    assert (mine / CURRENT).exists()


def test_where_nothing_was_saved_there_is_nothing_to_delete(followers: Followers) -> None:
    followers.leave_only("counting")
    assert followers.of(Sized()).rejected == ""
