"""One transaction lets another embedder take over, and nothing is ever answered from both."""

from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.vault.conftest import Plant
from tests.vault.index.test_follower import current, keep
from tests.vault.lifecycle.worlds import HashingEmbedder, fill
from vault.domain.errors import InvalidRequestError, NotFoundError, RevisionConflictError
from vault.index.followers import Followers
from vault.index.generations import CURRENT
from vault.ledger.events import LoggedEvent
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.lifecycle.succession import Succession
from vault.store.vectors import EmbedderSwitchedError


@pytest.fixture
def followers(plant: Plant, tmp_path: Path) -> Followers:
    return Followers(plant.store, root=tmp_path / "index", key=b"k" * 32)


@pytest.fixture
def succession(plant: Plant, followers: Followers, clock: Clock) -> Succession:
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    journal = Journal(Ledger(origin="test.example/log", signer=signer), now=clock)
    return Succession(plant.store, journal=journal, followers=followers)


def events(plant: Plant) -> list[LoggedEvent]:
    with plant.store.read() as unit:
        bodies = [*unit.ledger.bodies(0, unit.ledger.size())]
    parsed = [LoggedEvent.parse(body) for body in bodies]
    return [event for event in parsed if event.type.startswith("embedder.")]


def test_a_prepared_embedder_is_not_in_use_yet(
    plant: Plant, succession: Succession, clock: Clock, tmp_path: Path
) -> None:
    fill(plant, clock)
    assert succession.prepare(HashingEmbedder(seed=2)).complete
    assert succession.in_use() == "counting"
    assert len([*(tmp_path / "index").glob(f"*/{CURRENT}")]) == 1
    assert events(plant) == []


def test_the_change_is_one_event_in_the_ledger(
    plant: Plant, succession: Succession, clock: Clock
) -> None:
    fill(plant, clock)
    succession.go_over(HashingEmbedder(seed=2))
    succession.go_over(HashingEmbedder(seed=2))
    assert succession.in_use() == "sha256:2"
    [event] = events(plant)
    assert event.type == "embedder.switched"
    assert event.facts == {"from": "counting", "to": "sha256:2", "chunks": 3}


def test_a_model_that_lacks_vectors_cannot_take_over(
    plant: Plant, succession: Succession, clock: Clock
) -> None:
    fill(plant, clock)
    with pytest.raises(RevisionConflictError, match="3 of 3 chunks"):
        succession.switch("sha256:2")
    assert succession.in_use() == "counting"
    assert events(plant) == []


def test_what_came_in_since_it_was_prepared_is_embedded_first(
    plant: Plant, succession: Succession, followers: Followers, clock: Clock
) -> None:
    fill(plant, clock)
    embedder = HashingEmbedder(seed=2)
    succession.prepare(embedder)
    keep(plant, clock, "late.md", "A paper that came late.")
    told: list[int] = []
    succession.go_over(embedder, told=lambda step: told.append(step.total - step.done))
    assert told == [1, 0]
    assert len(current(plant, followers.of(embedder))) == 4


def test_a_document_that_comes_in_at_the_last_moment_is_embedded_too(
    plant: Plant, succession: Succession, clock: Clock
) -> None:
    fill(plant, clock)
    embedder = HashingEmbedder(seed=2)
    late = iter(["one.md", "two.md"])

    def while_others_work(_: object) -> None:
        name = next(late, None)
        if name:
            keep(plant, clock, name, f"The paper {name}.")

    succession.go_over(embedder, told=while_others_work)
    with plant.store.read() as unit:
        assert unit.vectors.covered("sha256:2") == (5, 5)


def test_it_gives_up_when_documents_come_in_faster_than_they_are_embedded(
    plant: Plant, succession: Succession, clock: Clock
) -> None:
    fill(plant, clock)
    count = iter(range(1000))

    class Slow(HashingEmbedder):
        pass

    def at_every_step(step: object) -> None:
        number = next(count)
        keep(plant, clock, f"{number}.md", f"The paper number {number}.")

    work = succession._catch_up

    def and_one_more(embedder: HashingEmbedder, told: object) -> object:
        progress = work(embedder, lambda _: None)
        at_every_step(progress)
        return progress

    succession._catch_up = and_one_more  # type: ignore[method-assign, assignment]
    with pytest.raises(RevisionConflictError, match="faster"):
        succession.go_over(Slow(seed=2))
    assert succession.in_use() == "counting"


def test_an_ingest_under_way_cannot_bring_the_old_models_vectors_in(
    plant: Plant, succession: Succession, clock: Clock
) -> None:
    fill(plant, clock)
    succession.go_over(HashingEmbedder(seed=2))
    with pytest.raises(EmbedderSwitchedError):
        keep(plant, clock, "late.md", "A paper that came late.")
    with plant.store.read() as unit:
        assert unit.vectors.covered("sha256:2") == (3, 3)


def test_the_way_back_embeds_what_came_since(
    plant: Plant, succession: Succession, followers: Followers, clock: Clock
) -> None:
    fill(plant, clock)
    with pytest.raises(NotFoundError):
        succession.before()
    succession.go_over(HashingEmbedder(seed=2))
    assert succession.before() == "counting"
    succession.go_over(HashingEmbedder(seed=3))
    assert succession.before() == "sha256:2"
    succession.go_over(HashingEmbedder(seed=2))
    assert (succession.in_use(), succession.before()) == ("sha256:2", "sha256:3")
    assert len(current(plant, followers.of(HashingEmbedder(seed=2)))) == 3


def test_only_what_is_not_in_use_is_forgotten(
    plant: Plant, succession: Succession, clock: Clock, tmp_path: Path
) -> None:
    fill(plant, clock)
    succession.prepare(HashingEmbedder(seed=2))
    with pytest.raises(InvalidRequestError):
        succession.forget("counting")
    assert succession.forget("sha256:2") == 3
    assert succession.forget("sha256:2") == 0
    assert [*(tmp_path / "index").iterdir()] == []
    with plant.store.read() as unit:
        assert unit.vectors.stamps() == {"counting": 3}
    [event] = events(plant)
    assert event.facts == {"space": "sha256:2", "revisions": 3}
