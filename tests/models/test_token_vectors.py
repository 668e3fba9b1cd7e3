"""Token states become unit rows, whatever they are."""

import numpy as np

from models.base import Embedder
from models.token_vectors import unit_rows


def test_rows_have_length_one_and_an_empty_state_stays_empty() -> None:
    rows = unit_rows(np.array([[3, 4], [0, 0], [-2, 0]], np.float64))
    assert rows.dtype == np.float32
    assert rows.tolist() == [[np.float32(0.6), np.float32(0.8)], [0, 0], [-1, 0]]


def test_the_states_themselves_are_left_alone() -> None:
    states = np.array([[3, 4]], np.float32)
    unit_rows(states)
    assert states.tolist() == [[3, 4]]


def test_an_embedder_shows_a_row_for_every_token(tiny_embedder: Embedder) -> None:
    texts = ["the red bridge", "salary"]
    found = tiny_embedder.token_vectors(texts)  # type: ignore[attr-defined]
    assert [len(rows) for rows in found] == tiny_embedder.count_tokens(texts)
    for rows in found:
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
