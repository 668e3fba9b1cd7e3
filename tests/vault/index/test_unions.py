"""A union serves readers of precisely its labels, and what it finds is always current."""

from pathlib import Path

import numpy as np
import pytest

from tests.vault.index.reference import clustered, rows_of, unit, visible
from tests.vault.index.test_dense import ProbeLog
from vault.domain.decisions import VisibleSet
from vault.index.acceleration import accelerate
from vault.index.generations import load_latest, save
from vault.index.index import VaultIndex
from vault.index.planner import Effort
from vault.index.unions import SEARCHES_WORTH_A_UNION

DIMENSION = 16
EFFORT = Effort(exact_rows=300, least_rows=300, growth=0, union_rows=300, union_from=500)
KEY = b"k" * 32


class World:
    """A vault of six labels, whose labels 4 and 5 the reader of 0 to 3 may not see."""

    def __init__(self, hidden: int = 0) -> None:
        self.index = VaultIndex(DIMENSION, "model", effort=EFFORT)
        self.vectors = clustered(np.random.default_rng(1), 3_000, DIMENSION)
        if hidden:
            rng = np.random.default_rng(2)
            rows = clustered(rng, hidden, DIMENSION)
            chunks = range(10**6, 10**6 + hidden)
            self.index.add(rows_of(chunks, rng.integers(4, 6, hidden), rows))
        self.index.add(rows_of(range(3_000), np.arange(3_000) % 4, self.vectors))

    def ask(self, seen: VisibleSet, times: int = SEARCHES_WORTH_A_UNION) -> None:
        for query in self.vectors[:times]:
            self.index.dense(query, seen, 10)

    def served(self, seen: VisibleSet) -> bool:
        return self.index.snapshot().dense.union_for(seen) is not None

    def answers(self, seen: VisibleSet) -> list[bytes]:
        found = [self.index.dense(query, seen, 10) for query in self.vectors[::100]]
        return [part.tobytes() for ranked in found for part in ranked]


SEEN = visible(0, 1, 2, 3)


@pytest.fixture
def world() -> World:
    made = World(hidden=2_000)
    made.ask(SEEN)
    assert accelerate(made.index) == 1
    return made


@pytest.mark.parametrize(
    ("labels", "served"),
    [
        pytest.param((0, 1, 2, 3), True, id="the same"),
        pytest.param((0, 1, 2, 3, 99), True, id="and a label without rows"),
        pytest.param((0, 1, 2), False, id="fewer"),
        pytest.param((0, 1, 2, 3, 4), False, id="more"),
        pytest.param((4, 5), False, id="others"),
        pytest.param((), False, id="none"),
    ],
)
def test_it_serves_readers_of_precisely_its_labels(
    world: World, labels: tuple[int, ...], served: bool
) -> None:
    assert world.served(visible(*labels)) == served


def test_a_label_that_came_later_is_searched_beside_it(world: World) -> None:
    rng = np.random.default_rng(7)
    fresh = unit(world.vectors[0] + 0.05 * rng.standard_normal((40, DIMENSION)))
    world.index.add(rows_of(range(7_000, 7_040), [8] * 40, fresh))
    seen = visible(0, 1, 2, 3, 8)
    assert world.served(seen)
    for number, query in enumerate(fresh):
        assert 7_000 + number in world.index.dense(query, seen, 5).chunk_ids


def test_faiss_reads_no_row_of_another_label(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    probes = ProbeLog(monkeypatch)
    world.answers(SEEN)
    table = world.index.snapshot().dense.table
    forbidden = set(np.flatnonzero(table.label_ids.values >= 4).tolist())
    assert len(forbidden) == 2_000
    assert probes.rows
    rows = [read for read in probes.rows if read and max(read) < len(table)]
    assert rows
    assert all(read.isdisjoint(forbidden) for read in rows)


def test_rows_that_come_go_and_move_are_found_where_they_are(world: World) -> None:
    moved = world.vectors[:20]
    world.index.relabel(np.arange(10), 4)
    world.index.remove(np.arange(10, 20))
    fresh = clustered(np.random.default_rng(5), 30, DIMENSION)
    world.index.add(rows_of(range(9_000, 9_030), [2] * 30, fresh))
    world.index.relabel(np.arange(9_000, 9_005), 3)
    assert world.served(SEEN)
    for query in moved:
        assert world.index.dense(query, SEEN, 10).chunk_ids.min() >= 20
    for number, query in enumerate(fresh):
        assert 9_000 + number in world.index.dense(query, SEEN, 10).chunk_ids


def test_it_finds_nearly_everything(world: World) -> None:
    hits = 0
    for query in world.vectors[::50]:
        exact = world.index.dense(query, SEEN, 10, exact=True).chunk_ids
        hits += len(
            set(exact.tolist()) & set(world.index.dense(query, SEEN, 10).chunk_ids.tolist())
        )
    assert hits / 600 > 0.95


def test_much_change_wears_it_out_and_hidden_change_does_not(world: World) -> None:
    world.index.remove(np.arange(10**6, 10**6 + 1_500))
    assert world.served(SEEN)
    world.index.remove(np.arange(0, 800))
    assert not world.served(SEEN)


def test_what_came_while_it_was_made_is_in_it() -> None:
    world = World()
    source = world.index.snapshot().dense
    union = source.make_union(SEEN)
    fresh = clustered(np.random.default_rng(5), 30, DIMENSION)
    world.index.add(rows_of(range(9_000, 9_030), [2] * 30, fresh))
    world.index.remove(np.arange(0, 10))
    world.index.change_dense(lambda newest: newest.with_union(union, source))
    assert world.served(SEEN)
    assert world.index.dense(world.vectors[0], SEEN, 10).chunk_ids.min() >= 10
    for number, query in enumerate(fresh):
        assert 9_000 + number in world.index.dense(query, SEEN, 10).chunk_ids


def test_one_made_from_rows_that_were_numbered_anew_is_not_used() -> None:
    world = World()
    source = world.index.snapshot().dense
    union = source.make_union(SEEN)
    world.index.compact()
    world.index.change_dense(lambda newest: newest.with_union(union, source))
    assert not world.served(SEEN)


def test_it_outlives_compaction_and_a_restart(world: World, tmp_path: Path) -> None:
    world.index.remove(np.arange(0, 60))
    world.index.add(rows_of(range(9_000, 9_030), [2] * 30, world.vectors[:30]))
    before = world.answers(SEEN)
    world.index.compact()
    assert world.served(SEEN)
    assert world.answers(SEEN) == before
    save(world.index, tmp_path, key=KEY)
    loaded = load_latest(tmp_path, key=KEY, fingerprint="model").index
    assert loaded is not None
    assert loaded.snapshot().dense.union_for(SEEN) is not None


def test_neither_hidden_rows_nor_unions_of_other_sets_change_a_byte() -> None:
    alone, crowded = World(), World(hidden=2_000)
    others = [visible(0, 1), visible(0, 1, 2, 3, 4), visible(4, 5), visible(1, 2, 3)]
    for other in others:
        crowded.ask(other)
    assert accelerate(crowded.index, share=10.0) == len(others)
    assert alone.answers(SEEN) == crowded.answers(SEEN)
    for world in (alone, crowded):
        assert accelerate(world.index, share=10.0) == 1
        world.index.remove(np.arange(50, 90))
    crowded.index.remove(np.arange(10**6, 10**6 + 600))
    crowded.index.compact()
    assert alone.answers(SEEN) == crowded.answers(SEEN)
    late = rows_of(range(5_000, 5_030), [5] * 30, alone.vectors[:30])
    crowded.index.add(late)
    assert alone.answers(SEEN) == crowded.answers(SEEN)
