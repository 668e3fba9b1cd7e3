"""What GraphEngine returns is visible, distinct and right where much is visible."""

from pathlib import Path

import numpy as np
import pytest

from vault.evaluate.engine import LIMIT
from vault.evaluate.engines.faiss_hnsw import GraphEngine
from vault.evaluate.truth import nearest
from vault.evaluate.workload import Workload


@pytest.fixture
def engine(workload: Workload, tmp_path: Path) -> GraphEngine:
    folder = tmp_path / "engine"
    folder.mkdir()
    made = GraphEngine(workload, folder)
    made.fill()
    return made


def test_only_visible_rows_come_back_each_once(workload: Workload, engine: GraphEngine) -> None:
    for visible in workload.visible:
        mask = workload.mask(visible)
        search = engine.search(visible, engine.usual)
        for query in workload.queries:
            found = list(search(query))
            assert len(found) == len(set(found)) <= LIMIT
            assert mask[found].all()


def test_the_largest_setting_finds_nearly_all_when_all_is_visible(
    workload: Workload, engine: GraphEngine
) -> None:
    expected = nearest(workload, LIMIT, advance=lambda done, of: None)[-1]
    search = engine.search(workload.visible[-1], engine.settings[-1])
    found = [
        answer.hits(search(query)) for query, answer in zip(workload.queries, expected, strict=True)
    ]
    assert np.mean(found) >= 0.95 * LIMIT
