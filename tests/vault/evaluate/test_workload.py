"""Readers see whole labels; a workload is read back as it was written."""

from pathlib import Path

import numpy as np

from vault.evaluate.workload import SHARES, Workload, row_file, visible_shares


def test_a_saved_workload_is_read_back_whole(workload: Workload) -> None:
    again = Workload.load(workload.folder)
    assert (again.labels == workload.labels).all()
    assert (again.queries == workload.queries).all()
    assert again.visible == workload.visible
    assert (again.size, again.dimension) == (1_200, 384)
    assert (again.vectors() == workload.vectors(in_memory=True)).all()


def test_rows_read_into_memory_do_not_change_the_file(workload: Workload) -> None:
    workload.vectors(in_memory=True)[0] = 0
    assert np.linalg.norm(workload.vectors()[0]) > 0.9


def test_a_mask_holds_the_rows_of_the_visible_labels_and_no_others(workload: Workload) -> None:
    for visible in workload.visible:
        expected = [label in visible.labels for label in workload.labels.tolist()]
        assert workload.mask(visible).tolist() == expected


def test_readers_see_about_the_share_that_was_asked_for() -> None:
    labels = np.repeat(np.arange(1_000), np.random.default_rng(1).integers(1, 60, 1_000))
    shares = [np.isin(labels, list(each.labels)).mean() for each in visible_shares(labels)]
    for share, wanted in zip(shares, SHARES, strict=True):
        assert 0.9 * wanted <= share <= 1.15 * wanted


def test_a_share_smaller_than_every_label_gives_the_smallest_label() -> None:
    labels = np.repeat(np.arange(3), [40, 20, 30])
    assert visible_shares(labels, [0.001])[0].labels == (1,)


def test_a_row_file_takes_rows_that_stay(tmp_path: Path) -> None:
    rows = row_file(tmp_path, rows=3, dimension=2)
    rows[:] = [[1, 0], [0, 1], [1, 0]]
    workload = Workload(tmp_path, np.zeros(3, np.int64), np.eye(2, dtype=np.float32), ())
    assert workload.vectors().tolist() == [[1, 0], [0, 1], [1, 0]]
