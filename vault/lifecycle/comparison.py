"""How well two embedders find what is in a home, before one takes the other's place."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from models.base import Embedder, Purpose, space_of
from vault.domain.errors import InvalidRequestError
from vault.lifecycle.known_items import KnownItem, live_chunks
from vault.store.session import Store

DEPTH = 10
"""Length of the lists that are compared."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well one embedder found the known items by its vectors alone.

    Attributes:
        recall: share of questions with a wanted chunk among the first ten.
        ndcg: mean gain of the first wanted chunk, discounted by its rank.
    """

    recall: float
    ndcg: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two embedders on the same questions.

    Attributes:
        questions: how many there were.
        overlap: mean share of the first ten that both found.
    """

    questions: int
    now: Quality
    then: Quality
    overlap: float

    def form(self) -> dict[str, object]:
        """Return the public JSON form."""
        return {
            "questions": self.questions,
            "now": _rounded(self.now),
            "then": _rounded(self.then),
            "overlap_at_10": round(self.overlap, 4),
        }


def compare(
    store: Store, items: Sequence[KnownItem], *, now: Embedder, then: Embedder
) -> Comparison:
    """Return how the two find the items among all live chunks, each by its own vectors.

    The lists are exact, and every live chunk counts, whoever may read it: this is for the
    operator, and only figures leave it.

    Raises:
        InvalidRequestError: there is no question.
    """
    if not items:
        raise InvalidRequestError("there is nothing to compare with: no question was found")
    lists = [_first_ten(store, [each.question for each in items], model) for model in (now, then)]
    shared = [
        len(set(one) & set(other)) / max(1, min(DEPTH, len(one)))
        for one, other in zip(*lists, strict=True)
    ]
    return Comparison(
        len(items), _quality(items, lists[0]), _quality(items, lists[1]), float(np.mean(shared))
    )


def _first_ten(store: Store, questions: Sequence[str], model: Embedder) -> list[list[int]]:
    asked = model.embed(questions, purpose=Purpose.QUERY)
    best = np.full((len(questions), DEPTH), -np.inf, dtype=np.float32)
    ids = np.full((len(questions), DEPTH), -1, dtype=np.int64)
    with store.read() as unit:
        for rows in live_chunks(unit):
            held = unit.content.for_index(rows, fingerprint=space_of(model.fingerprint))
            if not held.chunks:
                continue
            own = np.array([row.chunk_id for row in held.chunks], dtype=np.int64)
            best, ids = _merged(best, ids, asked @ held.vectors.T, own)
    return [[int(each) for each in line if each >= 0] for line in ids]


def _merged(
    best: NDArray[np.float32],
    ids: NDArray[np.int64],
    scores: NDArray[np.float32],
    own: NDArray[np.int64],
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    every = np.concatenate([best, scores], axis=1)
    named = np.concatenate([ids, np.broadcast_to(own, scores.shape)], axis=1)
    order = np.argsort(-every, axis=1, kind="stable")[:, :DEPTH]
    return np.take_along_axis(every, order, axis=1), np.take_along_axis(named, order, axis=1)


def _quality(items: Sequence[KnownItem], lists: Sequence[Sequence[int]]) -> Quality:
    gains = []
    for item, line in zip(items, lists, strict=True):
        rank = next((place for place, each in enumerate(line) if each in item.chunk_ids), None)
        gains.append(0.0 if rank is None else 1.0 / float(np.log2(rank + 2)))
    return Quality(float(np.mean([gain > 0 for gain in gains])), float(np.mean(gains)))


def _rounded(quality: Quality) -> dict[str, float]:
    return {f"{name}_at_10": round(value, 4) for name, value in asdict(quality).items()}
