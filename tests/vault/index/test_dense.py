"""Vectors: exact where it is promised, near enough elsewhere, and never a forbidden list."""

from collections.abc import Iterator

import faiss
import numpy as np
import pytest

from tests.vault.index.reference import clustered, unit, visible
from vault.index.dense import DenseIndex
from vault.index.planner import Effort

DIMENSION = 16


class ProbeLog:
    """Every id that lay in a list which FAISS was told to read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[set[int]] = []
        real = faiss.IndexIVFScalarQuantizer.search_preassigned_c

        def spy(index, count, query, limit, lists, *rest):
            probes = faiss.rev_swig_ptr(lists, rest[-1].nprobe)
            inverted = index.invlists
            read: set[int] = set()
            for number in probes.tolist():
                size = inverted.list_size(number)
                if size:
                    read.update(faiss.rev_swig_ptr(inverted.get_ids(number), size).tolist())
            self.rows.append(read)
            return real(index, count, query, limit, lists, *rest)

        monkeypatch.setattr(faiss.IndexIVFScalarQuantizer, "search_preassigned_c", spy)


@pytest.fixture
def probes(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProbeLog]:
    return ProbeLog(monkeypatch)


def built(count: int, *, labels: int, effort: Effort) -> tuple[DenseIndex, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    vectors = clustered(rng, count, DIMENSION)
    label_ids = rng.integers(0, labels, count)
    index = DenseIndex.empty(DIMENSION, effort=effort)
    return index.added(np.arange(count), label_ids, vectors), vectors, label_ids


@pytest.mark.parametrize(
    "effort", [Effort(direct_rows=0), Effort(100, 100)], ids=["exact", "probing"]
)
def test_faiss_is_never_told_to_read_a_list_of_a_forbidden_label(
    probes: ProbeLog, effort: Effort
) -> None:
    index, vectors, label_ids = built(4_000, labels=6, effort=effort)
    index = index.removed(np.arange(0, 400))
    allowed = set(np.flatnonzero(np.isin(label_ids, [1, 4])).tolist())
    cells = {(label << 31) + cell for label in (1, 4) for cell in range(4_000)}
    for query in vectors[:20]:
        found = index.search(query, visible(1, 4, 99), 10)
        assert set(found.chunk_ids.tolist()) <= allowed
    assert probes.rows
    for read in probes.rows:
        assert read <= allowed or read <= cells


def test_few_visible_rows_are_compared_one_by_one_and_no_others(probes: ProbeLog) -> None:
    index, vectors, label_ids = built(4_000, labels=6, effort=Effort())
    slower, _, _ = built(4_000, labels=6, effort=Effort(direct_rows=0))
    index, slower = (found.removed(np.arange(0, 400)) for found in (index, slower))
    allowed = np.flatnonzero(np.isin(label_ids, [1, 4]))
    allowed = allowed[allowed >= 400]
    for query in vectors[:20]:
        found = index.search(query, visible(1, 4, 99), 5_000)
        assert sorted(found.chunk_ids.tolist()) == allowed.tolist()
        few, same = (each.search(query, visible(1, 4, 99), 10) for each in (index, slower))
        assert few.chunk_ids.tolist() == same.chunk_ids.tolist()
        assert few.scores.tolist() == same.scores.tolist()
    assert len(probes.rows) == 20


@pytest.mark.parametrize("dimension", [16, 64])
@pytest.mark.parametrize("exact", [True, False])
def test_rounding_hides_no_near_row_where_exactness_is_promised(
    dimension: int, exact: bool
) -> None:
    """Rows so close together that their codes say nothing about their order."""
    rng = np.random.default_rng(3)
    vectors = unit(clustered(rng, 1, dimension) + 1e-3 * rng.standard_normal((3_000, dimension)))
    effort = Effort(100, 100) if exact else Effort()
    index = DenseIndex.empty(dimension, effort=effort)
    index = index.added(np.arange(3_000), np.zeros(3_000, np.int64), vectors)
    for query in vectors[:10]:
        found = index.search(query, visible(0), 10, exact=exact)
        scores = np.sort(vectors @ query)[::-1][:10]
        assert found.scores == pytest.approx(scores, abs=1e-6)


def test_within_restricts_and_stays_exact() -> None:
    index, vectors, label_ids = built(2_000, labels=4, effort=Effort(100, 100))
    within = np.arange(0, 5_000, 7)
    allowed = np.intersect1d(np.flatnonzero(label_ids < 2), within)
    for query in vectors[:10]:
        found = index.search(query, visible(0, 1), 10, within=within)
        best = allowed[np.argsort(-(vectors[allowed] @ query), kind="stable")[:10]]
        assert found.chunk_ids.tolist() == best.tolist()
    assert len(index.search(vectors[0], visible(0), 10, within=within[:0]).chunk_ids) == 0


def test_nothing_visible_never_reaches_faiss(probes: ProbeLog) -> None:
    index, vectors, _ = built(200, labels=3, effort=Effort())
    assert len(index.search(vectors[0], visible(), 10).chunk_ids) == 0
    assert len(index.search(vectors[0], visible(17), 10).chunk_ids) == 0
    assert probes.rows == []


def test_probing_reads_a_part_and_finds_nearly_everything() -> None:
    effort = Effort(1_000, 1_500)
    index, vectors, label_ids = built(12_000, labels=9, effort=effort)
    seen = visible(*range(6))
    allowed = np.flatnonzero(label_ids < 6)
    hits = 0
    for query in vectors[:60]:
        exact = allowed[np.argsort(-(vectors[allowed] @ query), kind="stable")[:10]]
        hits += len(set(exact.tolist()) & set(index.search(query, seen, 10).chunk_ids.tolist()))
    assert hits / 600 > 0.97


def test_probing_reads_no_more_than_its_budget_and_the_tails(probes: ProbeLog) -> None:
    effort = Effort(1_000, 1_500)
    index, vectors, _ = built(12_000, labels=3, effort=effort)
    index.search(vectors[0], visible(0, 1, 2), 10)
    wanted = effort.budget(12_000)
    waiting = sum(len(tail.numbers) for s in index.segments.values() for tail in s.tails)
    assert wanted <= len(probes.rows[-1]) <= wanted + waiting + 500


def test_a_long_list_is_as_long_as_asked_even_when_probing() -> None:
    index, vectors, _ = built(3_000, labels=2, effort=Effort(100, 50))
    assert len(index.search(vectors[0], visible(0, 1), 400).chunk_ids) == 400


def test_removed_rows_never_come_back_even_as_the_nearest() -> None:
    index, vectors, _ = built(2_000, labels=2, effort=Effort(100, 400))
    seen = visible(0, 1)
    for query in vectors[:30]:
        nearest = index.search(query, seen, 1).chunk_ids
        index = index.removed(nearest)
        assert nearest[0] not in index.search(query, seen, 50).chunk_ids


def test_an_older_version_answers_as_before_after_the_newer_one_changed() -> None:
    older, vectors, _ = built(1_500, labels=2, effort=Effort())
    before = older.search(vectors[0], visible(0, 1), 20)
    newer = older.removed(before.chunk_ids)
    newer = newer.added(np.arange(5_000, 5_100), np.zeros(100, np.int64), vectors[:100])
    after = older.search(vectors[0], visible(0, 1), 20)
    assert after.chunk_ids.tolist() == before.chunk_ids.tolist()
    assert set(newer.search(vectors[0], visible(0, 1), 20).chunk_ids) != set(before.chunk_ids)


def test_hundreds_of_equal_rows_do_not_hide_the_lowest_chunk_ids() -> None:
    index = DenseIndex.empty(DIMENSION)
    row = clustered(np.random.default_rng(0), 1, DIMENSION)
    index = index.added(
        np.arange(700)[::-1].copy(), np.zeros(700, np.int64), np.repeat(row, 700, 0)
    )
    assert index.search(row[0], visible(0), 4).chunk_ids.tolist() == [0, 1, 2, 3]


def test_a_label_that_lost_its_last_row_is_forgotten() -> None:
    index, _, label_ids = built(50, labels=2, effort=Effort())
    members = np.flatnonzero(label_ids == 1)
    index = index.removed(members)
    assert index.segments.keys() == {0}
    assert index.visible_count(visible(1)) == 0
