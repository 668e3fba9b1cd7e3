"""What a benchmark's reader sees was decided by the policy, label by label."""

from pathlib import Path

import numpy as np

from vault.evaluate.readers import Readers
from vault.evaluate.workload import Workload


def test_each_reader_sees_exactly_the_labels_of_its_share(
    workload: Workload, tmp_path: Path
) -> None:
    folder = tmp_path / "rights"
    folder.mkdir()
    readers = Readers(workload, folder)
    for visible in workload.visible:
        seen = readers.visible_set(visible).label_ids
        assert (np.isin(readers.label_ids, list(seen)) == workload.mask(visible)).all()


def test_readers_of_different_shares_have_different_keys(
    workload: Workload, tmp_path: Path
) -> None:
    folder = tmp_path / "rights"
    folder.mkdir()
    readers = Readers(workload, folder)
    keys = {readers.visible_set(visible).key for visible in workload.visible}
    assert len(keys) == len({visible.labels for visible in workload.visible})
