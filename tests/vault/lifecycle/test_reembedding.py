"""Another model's vectors are made beside those in use, step by step, each once."""

import numpy as np
import pytest

from models.errors import ModelError
from tests.conftest import Clock
from tests.vault.conftest import Plant
from tests.vault.index.test_follower import keep
from tests.vault.lifecycle.worlds import PAPERS, HashingEmbedder, fill
from vault.domain.errors import ModelUnavailableError
from vault.ingest.arrivals import Arrival, Bytes
from vault.lifecycle import reembedding
from vault.lifecycle.reembedding import Progress, Reembedding

NEW = HashingEmbedder(seed=2)


def vectors(plant: Plant, space: str) -> dict[str, list[list[float]]]:
    with plant.store.read() as unit:
        live = [found for found, _ in unit.revisions.live()]
        opened = unit.vectors.opened(live, space)
    return {
        owner: np.frombuffer(body, "<f4").reshape(-1, 16).tolist()
        for owner, body in opened.rows.items()
    }


def test_every_live_document_gets_vectors_and_the_old_ones_stay(plant: Plant, clock: Clock) -> None:
    fill(plant, clock)
    work = Reembedding(plant.store, embedder=HashingEmbedder(seed=2))
    assert work.progress() == Progress(0, 3)
    assert [*work.run()][-1] == Progress(3, 3)
    assert work.progress().complete
    made = vectors(plant, "sha256:2")
    expected = NEW.embed([f"{text}" for text in PAPERS.values()])
    np.testing.assert_allclose(sorted(row for [row] in made.values()), sorted(expected.tolist()))
    with plant.store.read() as unit:
        assert unit.vectors.covered("counting") == (3, 3)
        assert unit.vectors.in_use() == "counting"


def test_the_new_model_sees_what_the_old_one_saw(plant: Plant, clock: Clock) -> None:
    arrivals = [
        Arrival(
            f"file:///{place}.md",
            f"Rules, part {place}",
            None,
            plant.intake(),
            lambda: Bytes(b"Annual leave is thirty days.", clock()),
        )
        for place in range(3)
    ]
    assert len([*plant.reception.receive("shelf", arrivals)]) == 3
    assert plant.embedder.embedded[0] == "Rules, part 0\nAnnual leave is thirty days."
    embedder = HashingEmbedder(seed=2)
    [*Reembedding(plant.store, embedder=embedder).run()]
    assert sorted(embedder.seen) == sorted(plant.embedder.embedded)


def test_a_run_that_was_broken_off_goes_on_with_the_rest(
    plant: Plant, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reembedding, "CHUNKS_AT_ONCE", 1)
    fill(plant, clock)
    first, second = HashingEmbedder(seed=2), HashingEmbedder(seed=2)
    assert next(Reembedding(plant.store, embedder=first).run()) == Progress(1, 3)
    before = vectors(plant, "sha256:2")
    assert [*Reembedding(plant.store, embedder=second).run()][-1] == Progress(3, 3)
    assert len(first.seen) + len(second.seen) == 3
    assert before.items() <= vectors(plant, "sha256:2").items()
    third = HashingEmbedder(seed=2)
    assert [*Reembedding(plant.store, embedder=third).run()] == []
    assert third.seen == []


def test_two_runs_at_once_keep_each_vector_once(plant: Plant, clock: Clock) -> None:
    fill(plant, clock)
    one = Reembedding(plant.store, embedder=HashingEmbedder(seed=2))
    other = Reembedding(plant.store, embedder=HashingEmbedder(seed=2))
    waiting = one._waiting(set())
    assert [*other.run()][-1].complete
    embedded = reembedding.embed_passages(NEW, [text for each in waiting for text in each.texts])
    one._keep(waiting, embedded)
    with plant.store.read() as unit:
        assert unit.vectors.stamps() == {"counting": 3, "sha256:2+hash": 3}


def test_what_comes_in_or_goes_meanwhile_is_followed(
    plant: Plant, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reembedding, "CHUNKS_AT_ONCE", 1)
    monkeypatch.setattr(reembedding, "REVISIONS_AT_ONCE", 1)
    kept = fill(plant, clock)
    steps = Reembedding(plant.store, embedder=HashingEmbedder(seed=2)).run()
    next(steps)
    plant.keeper.remove(kept["keys.md"], reason="gone")
    keep(plant, clock, "leave.md", "Annual leave is forty days now.")
    keep(plant, clock, "new.md", "A paper that came late.")
    assert [*steps][-1] == Progress(3, 3)
    assert len(vectors(plant, "sha256:2")) == 3


def test_a_document_whose_key_is_gone_stops_nothing_and_leaves_nothing(
    plant: Plant, clock: Clock
) -> None:
    kept = fill(plant, clock)
    with plant.store.read() as unit:
        lost = unit.documents.get(kept["keys.md"])
        assert lost is not None
    plant.store.keys.destroy([lost.key_id], now=clock())
    assert [*Reembedding(plant.store, embedder=HashingEmbedder(seed=2)).run()][-1].done == 2
    with plant.store.read() as unit:
        assert unit.vectors.stamps()["sha256:2+hash"] == 2


def test_a_document_retired_while_it_was_embedded_gets_no_vectors(
    plant: Plant, clock: Clock
) -> None:
    kept = fill(plant, clock)
    work = Reembedding(plant.store, embedder=NEW)
    waiting = work._waiting(set())
    plant.keeper.remove(kept["keys.md"], reason="gone")
    embedded = reembedding.embed_passages(NEW, [text for each in waiting for text in each.texts])
    work._keep(waiting, embedded)
    with plant.store.read() as unit:
        assert unit.vectors.stamps()["sha256:2+hash"] == 2


def test_an_embedder_that_fails_is_a_problem(plant: Plant, clock: Clock) -> None:
    class Failing(HashingEmbedder):
        def embed(self, texts: object, *, purpose: object = None) -> np.ndarray:  # type: ignore[override]
            raise ModelError("no unit vector")

    fill(plant, clock)
    with pytest.raises(ModelUnavailableError):
        next(Reembedding(plant.store, embedder=Failing(seed=2)).run())
