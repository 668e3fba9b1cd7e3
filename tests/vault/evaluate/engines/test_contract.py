"""Every engine that is installed keeps its word: visible rows alone, and nearly the right ones."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from vault.evaluate.contest import compare
from vault.evaluate.engine import ENGINES
from vault.evaluate.workload import Workload

INSTALLED = [kind for kind in ENGINES.values() if all(map(find_spec, kind.needs))]


@pytest.mark.slow
def test_every_installed_engine_returns_visible_rows_alone_and_finds_what_is_near(
    workload: Workload, tmp_path: Path
) -> None:
    outcome = compare(
        workload, INSTALLED, tmp_path, sweep=False, advance=lambda doing, done, of: None
    )
    assert {row.engine for row in outcome.rows} >= {"strongroom", "faiss-hnsw"}
    assert outcome.forbidden == 0
    for row in outcome.rows:
        assert row.queries == 12
        if row.visible >= 0.5:
            assert row.recall >= 0.95, row
