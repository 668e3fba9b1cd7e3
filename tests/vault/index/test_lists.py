"""An arena searches exactly the lists it is told to, and gives freed ones out again."""

import gc

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vault.index.reference import clustered
from vault.index.codec import ByteCodec
from vault.index.lists import ListArena, ListRange

CODEC = ByteCodec(6)


def stored(arena: ListArena, first: int, count: int, lists: int) -> tuple[ListRange, list[int]]:
    """Store rows of one seed; return their range and the list of each, in order of id."""
    rng = np.random.default_rng(first)
    owners = np.sort(rng.integers(0, lists, count))
    sizes = np.bincount(owners, minlength=lists)
    codes = CODEC.encode(clustered(rng, count, 6))
    held = arena.store(codes, np.arange(first, first + count), sizes)
    return held, (held.first + owners).tolist()


@settings(deadline=None, max_examples=40)
@given(st.sets(st.integers(0, 8), min_size=1), st.integers(1, 70), st.sets(st.integers(0, 59)))
def test_a_search_covers_the_given_lists_and_no_other(
    chosen: set[int], limit: int, dead: set[int]
) -> None:
    arena = ListArena(CODEC)
    parts = [stored(arena, first, 20, 3) for first in (0, 20, 40)]
    lists = np.concatenate([held.numbers() for held, _ in parts])[sorted(chosen)]
    owners = [owner for _, inside in parts for owner in inside]
    bits = np.packbits([number not in dead for number in range(60)], bitorder="little")
    query = clustered(np.random.default_rng(9), 1, 6)[0]
    scores, ids = arena.search(
        query, lists=lists, limit=limit, allowed=faiss.IDSelectorBitmap(bits)
    )
    allowed = {n for n in range(60) if owners[n] in lists.tolist() and n not in dead}
    assert len(ids) == min(limit, len(allowed))
    assert set(ids.tolist()) <= allowed
    assert (np.diff(scores) <= 0).all()


@pytest.mark.parametrize("dimension", [6, 64, 384])
def test_scores_are_those_of_codes_and_rounded_query(dimension: int) -> None:
    """Some dimensions are multiplied as bytes and some as floats: both must be right."""
    codec = ByteCodec(dimension)
    arena = ListArena(codec)
    rows = clustered(np.random.default_rng(3), 30, dimension)
    codes = codec.encode(rows)
    held = arena.store(codes, np.arange(30), np.array([10, 0, 20]))
    query = 3 * clustered(np.random.default_rng(4), 1, dimension)[0]
    scores, ids = arena.search(query, lists=held.numbers(), limit=30)
    asked = codec.asked(query)
    rounded = (codes[ids].astype(np.float64) - 128) @ asked.numbers * asked.unit
    assert scores == pytest.approx(rounded, abs=1e-6)
    length = float(np.linalg.norm(query))
    off = np.abs(scores - rows[ids] @ query)
    error = codec.error(rows, codes)
    assert off.max() <= error * length + asked.error * (1 + error) + 1e-6
    assert len(ids) == 30


def test_freed_lists_are_used_again_and_live_ones_keep_their_rows() -> None:
    arena = ListArena(CODEC)
    kept, _ = stored(arena, 0, 40, 4)
    query = clustered(np.random.default_rng(4), 1, 6)[0]
    before = arena.search(query, lists=kept.numbers(), limit=40)[1].tolist()
    places = set()
    for round_ in range(1, 20):
        held, _ = stored(arena, 1_000 * round_, 50, 300)
        places.add(held.first)
        del held
        gc.collect()
    assert len(places) == 1
    assert arena.search(query, lists=kept.numbers(), limit=40)[1].tolist() == before
    assert 0 < arena.idle_share < 1


def test_an_arena_grows_while_older_lists_stay_where_they_are() -> None:
    arena = ListArena(CODEC)
    parts = [stored(arena, 10_000 * n, 60, 700) for n in range(6)]
    query = clustered(np.random.default_rng(4), 1, 6)[0]
    for n, (held, _) in enumerate(parts):
        _, ids = arena.search(query, lists=held.numbers(), limit=100)
        assert sorted(ids.tolist()) == list(range(10_000 * n, 10_000 * n + 60))
