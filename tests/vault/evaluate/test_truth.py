"""The right answers are those of the plainest loop there is."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from vault.evaluate.truth import Expected, nearest
from vault.evaluate.workload import VisibleShare, Workload, row_file


def test_the_right_answers_are_the_ten_best_of_the_visible_rows(workload: Workload) -> None:
    told: list[tuple[int, int]] = []
    expected = nearest(workload, 10, advance=lambda done, of: told.append((done, of)))
    rows = workload.vectors(in_memory=True).astype(np.float64)
    for visible, answers in zip(workload.visible, expected, strict=True):
        numbers = np.flatnonzero(workload.mask(visible))
        for query, answer in zip(workload.queries, answers, strict=True):
            scores = rows[numbers] @ query
            best = numbers[np.argsort(-scores)[:10]].tolist()
            assert answer.count == min(10, len(numbers))
            assert answer.ids.issuperset(best)
            assert len(answer.ids) <= 12
    assert told[-1] == (1_200, 1_200)


def test_rows_that_tie_with_the_last_count_as_right(tmp_path: Path) -> None:
    rows = row_file(tmp_path, rows=5, dimension=2)
    rows[:] = [[1, 0], [0, 1], [0, 1], [0, 1], [-1, 0]]
    queries = np.array([[1, 0]], np.float32)
    everything = (VisibleShare(1.0, (0,)),)
    workload = Workload(tmp_path, np.zeros(5, np.int64), queries, everything)
    answer = nearest(workload, 2, advance=lambda done, of: None)[0][0]
    assert answer == Expected(2, frozenset({0, 1, 2, 3}))
    assert answer.hits([0, 3]) == 2
    assert answer.hits([0, 4]) == 1


def test_a_row_that_comes_back_twice_counts_once() -> None:
    assert Expected(3, frozenset({1, 2, 3})).hits([1, 1, 1]) == 1


def test_forbidden_rows_are_never_right(workload: Workload) -> None:
    strict = replace(workload, visible=workload.visible[:1])
    visible = set(np.flatnonzero(workload.mask(workload.visible[0])).tolist())
    for answer in nearest(strict, 10, advance=lambda done, of: None)[0]:
        assert answer.ids <= visible
