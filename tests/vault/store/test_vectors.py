"""Vectors of several models lie beside each other, and one model's are in use."""

import numpy as np
import pytest

from tests.conftest import Clock
from tests.vault.conftest import Plant
from tests.vault.index.test_follower import keep
from vault.domain.layout import VECTORS
from vault.store.vectors import EmbedderSwitchedError

OTHER = "sha256:other+runtime/f32"


def put(plant: Plant, document_id: str, stamp: str, rows: np.ndarray) -> str:
    """Give a document vectors under another stamp; return its revision."""
    with plant.store.write() as unit:
        kept = unit.documents.get(document_id)
        assert kept is not None
        assert kept.document.revision is not None
        revision_id = kept.document.revision.id
        key = plant.store.keys.open([kept.key_id])[kept.key_id]
        unit.vectors.put(revision_id, rows, key=(kept.key_id, key), stamp=stamp)
    return revision_id


def test_the_first_vectors_decide_whose_are_in_use(plant: Plant, clock: Clock) -> None:
    with plant.store.read() as unit:
        assert unit.vectors.in_use() is None
        assert unit.vectors.before() is None
    keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    with plant.store.read() as unit:
        assert unit.vectors.in_use() == "counting"


def test_vectors_of_another_model_are_not_admitted(plant: Plant, clock: Clock) -> None:
    keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    with plant.store.write() as unit:
        unit.vectors.admit("counting+other-runtime/bf16")
        with pytest.raises(EmbedderSwitchedError):
            unit.vectors.admit(OTHER)


def test_two_models_vectors_are_kept_apart(plant: Plant, clock: Clock) -> None:
    document_id = keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    rows = np.array([[0, 1, 0]], dtype=np.float32)
    revision_id = put(plant, document_id, OTHER, rows)
    with plant.store.read() as unit:
        mine = unit.vectors.opened([revision_id], "counting")
        other = unit.vectors.opened([revision_id], "sha256:other")
        none = unit.vectors.opened([revision_id], "sha256:oth")
        assert unit.vectors.stamps() == {"counting": 1, OTHER: 1}
    assert np.frombuffer(mine.rows[revision_id], "<f4").tolist() == [1, 0, 0, 0]
    assert np.frombuffer(other.rows[revision_id], "<f4").tolist() == [0, 1, 0]
    assert (mine.foreign, other.foreign, none.rows) == ((), (), {})
    assert none.foreign == (revision_id,)


def test_vectors_that_the_first_homes_kept_are_read(plant: Plant, clock: Clock) -> None:
    document_id = keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    with plant.store.write() as unit:
        kept = unit.documents.get(document_id)
        assert kept is not None
        assert kept.document.revision is not None
        key = plant.store.keys.open([kept.key_id])[kept.key_id]
        body = np.array([[0, 1]], dtype="<f4").tobytes()
        owner = kept.document.revision.id
        unit.blobs.put(owner, VECTORS, body, key=(kept.key_id, key), stamp="sha256:old+x/fp32")
        assert unit.vectors.opened([owner], "sha256:old").rows == {owner: body}
        assert unit.vectors.covered("sha256:old") == (1, 1)


def test_what_lacks_vectors_is_told_and_counted_in_chunks(plant: Plant, clock: Clock) -> None:
    first = keep(plant, clock, "a.md", "Annual leave is thirty days.")
    second = keep(plant, clock, "b.md", "Trains go before planes.")
    with plant.store.read() as unit:
        assert unit.vectors.covered("counting") == (2, 2)
        assert unit.vectors.covered("sha256:other") == (0, 2)
        lacking = unit.vectors.lacking("sha256:other", limit=9)
        assert len(lacking) == 2
        assert unit.vectors.lacking("sha256:other", limit=1) == lacking[:1]
        assert unit.vectors.lacking("sha256:other", limit=9, among=lacking[1:]) == lacking[1:]
    revision_id = put(plant, first, OTHER, np.array([[1, 0, 0]], dtype=np.float32))
    plant.keeper.remove(second, reason="gone")
    with plant.store.read() as unit:
        assert revision_id == lacking[0]
        assert unit.vectors.lacking("sha256:other", limit=9) == []
        assert unit.vectors.covered("sha256:other") == (1, 1)


def test_the_model_before_is_remembered_until_it_is_forgotten(plant: Plant, clock: Clock) -> None:
    keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    with plant.store.write() as unit:
        unit.vectors.use("sha256:other")
        unit.vectors.use("sha256:other")
        assert (unit.vectors.in_use(), unit.vectors.before()) == ("sha256:other", "counting")
        assert unit.vectors.forget("counting") == 1
        assert unit.vectors.before() is None
        assert unit.vectors.stamps() == {}
        assert unit.vectors.forget("counting") == 0
