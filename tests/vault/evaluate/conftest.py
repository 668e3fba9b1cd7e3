"""A workload small enough to be compared with by hand."""

from pathlib import Path

import pytest

from vault.evaluate.embeddings import Shape, generated
from vault.evaluate.workload import Workload


@pytest.fixture
def workload(tmp_path: Path) -> Workload:
    folder = tmp_path / "rows"
    folder.mkdir()
    return generated(folder, Shape(size=1_200, labels=60, queries=12))
