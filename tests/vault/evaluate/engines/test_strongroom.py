"""What StrongroomEngine returns is visible, distinct and exactly right."""

from pathlib import Path

import pytest

from vault.evaluate.engine import LIMIT
from vault.evaluate.engines.strongroom import StrongroomEngine
from vault.evaluate.truth import nearest
from vault.evaluate.workload import Workload


@pytest.fixture
def engine(workload: Workload, tmp_path: Path) -> StrongroomEngine:
    folder = tmp_path / "engine"
    folder.mkdir()
    made = StrongroomEngine(workload, folder)
    made.fill()
    return made


def test_only_visible_rows_come_back_each_once(
    workload: Workload, engine: StrongroomEngine
) -> None:
    for visible in workload.visible:
        mask = workload.mask(visible)
        search = engine.search(visible, engine.usual)
        for query in workload.queries:
            found = list(search(query))
            assert len(found) == len(set(found)) <= LIMIT
            assert mask[found].all()


def test_nothing_is_missed_at_any_share(workload: Workload, engine: StrongroomEngine) -> None:
    expected = nearest(workload, LIMIT, advance=lambda done, of: None)
    for visible, answers in zip(workload.visible, expected, strict=True):
        search = engine.search(visible, engine.usual)
        for query, answer in zip(workload.queries, answers, strict=True):
            assert answer.hits(search(query)) == answer.count == len(search(query))
