"""Codes are near their rows, and nothing about them was learned."""

import numpy as np
import pytest

from tests.vault.index.reference import clustered, unit
from vault.index.codec import ByteCodec


@pytest.mark.parametrize("dimension", [6, 384])
def test_the_error_is_the_largest_distance_of_a_row_from_its_code(dimension: int) -> None:
    codec = ByteCodec(dimension)
    rows = clustered(np.random.default_rng(0), 50, dimension)
    codes = codec.encode(rows)
    moved = np.linalg.norm(rows - codec.decode(codes), axis=1)
    assert codec.error(rows, codes) == pytest.approx(moved.max(), rel=1e-4)
    assert moved.max() < 0.03


def test_a_row_is_coded_alike_whatever_lies_beside_it() -> None:
    codec = ByteCodec(384)
    rows = clustered(np.random.default_rng(0), 60, 384)
    whole = codec.encode(rows)
    assert all((codec.encode(rows[n : n + 1]) == whole[n]).all() for n in range(60))


def test_a_coordinate_beyond_the_grid_is_cut_and_the_error_says_so() -> None:
    codec = ByteCodec(384)
    rows = unit(np.eye(1, 384, dtype=np.float32))
    codes = codec.encode(rows)
    assert codec.error(rows, codes) > 0.5
    assert codec.decode(codes)[0, 0] > 0.2
