"""The comparison says which model finds more, and how far the two agree."""

from collections.abc import Sequence

import numpy as np
import pytest

from models.base import Purpose
from tests.conftest import Clock
from tests.vault.conftest import Plant
from tests.vault.lifecycle.worlds import HashingEmbedder, fill
from vault.domain.errors import InvalidRequestError
from vault.lifecycle.comparison import DEPTH, Quality, compare
from vault.lifecycle.known_items import drawn
from vault.lifecycle.reembedding import Reembedding

PLACES = {
    f"{n}.md": f"Rule {n} says that paper{n} goes with form{n} before the evening of day{n}."
    for n in range(30)
}


class Forgetful(HashingEmbedder):
    """Sees passages rightly and every question as the same."""

    def embed(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> np.ndarray:
        asked = ["nothing"] * len(texts) if purpose is Purpose.QUERY else texts
        return super().embed(asked, purpose=purpose)


@pytest.fixture
def prepared(plant: Plant, clock: Clock) -> Plant:
    fill(plant, clock, PLACES)
    for seed in (2, 3):
        [*Reembedding(plant.store, embedder=HashingEmbedder(seed=seed, dimension=96)).run()]
    return plant


def test_a_model_that_finds_is_told_from_one_that_does_not(prepared: Plant) -> None:
    items = drawn(prepared.store, count=30)
    good, bad = HashingEmbedder(seed=2, dimension=96), Forgetful(seed=3, dimension=96)
    found = compare(prepared.store, items, now=good, then=bad)
    assert found.questions == 30
    assert found.now.recall > 0.9
    assert found.now.ndcg > 0.8
    assert found.then.recall == pytest.approx(DEPTH / 30, abs=0.01)
    assert found.overlap < 0.9
    form = found.form()
    assert form["now"] == {
        "recall_at_10": round(found.now.recall, 4),
        "ndcg_at_10": round(found.now.ndcg, 4),
    }
    assert compare(prepared.store, items, now=bad, then=good).now == found.then


def test_a_model_agrees_with_itself(prepared: Plant) -> None:
    items = drawn(prepared.store, count=10)
    good = HashingEmbedder(seed=2, dimension=96)
    found = compare(prepared.store, items, now=good, then=good)
    assert found.overlap == 1.0
    assert found.now == found.then


def test_a_model_without_vectors_finds_nothing(prepared: Plant) -> None:
    items = drawn(prepared.store, count=5)
    good, absent = HashingEmbedder(seed=2, dimension=96), HashingEmbedder(seed=9, dimension=96)
    found = compare(prepared.store, items, now=good, then=absent)
    assert found.then == Quality(0.0, 0.0)
    assert found.overlap == 0.0


def test_without_questions_there_is_nothing_to_say(prepared: Plant) -> None:
    good = HashingEmbedder(seed=2, dimension=96)
    with pytest.raises(InvalidRequestError):
        compare(prepared.store, [], now=good, then=good)
