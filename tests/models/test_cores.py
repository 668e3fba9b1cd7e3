"""Threads are counted by physical core."""

import os
from pathlib import Path

from models.cores import physical_cores


def test_siblings_of_one_core_count_once(tmp_path: Path) -> None:
    for cpu in os.sched_getaffinity(0):
        place = tmp_path / f"cpu{cpu}" / "topology"
        place.mkdir(parents=True)
        (place / "thread_siblings_list").write_text("0-7\n")
    assert physical_cores(tmp_path) == 1


def test_an_unknown_topology_counts_every_cpu(tmp_path: Path) -> None:
    assert physical_cores(tmp_path) == len(os.sched_getaffinity(0))
