"""A comparison gives one row an engine and a share, and finds an engine that leaks."""

import os
from pathlib import Path

import pytest

from vault.evaluate.contest import compare
from vault.evaluate.engine import ENGINES, EngineKind, engine_kinds
from vault.evaluate.workload import SHARES, Workload

LEAKY = '''
import numpy as np
class Leaky:
    """Compares every row, whoever asks."""
    knob, settings, usual, worker = "", (0,), 0, None
    def __init__(self, workload, folder):
        self._rows = workload.vectors(in_memory=True)
    def fill(self): ...
    def search(self, visible, setting):
        return lambda query: np.argsort(-(self._rows @ query))[:10].tolist()
    def close(self): ...
'''


def test_each_engine_has_one_row_a_share_and_exact_ones_miss_nothing(
    workload: Workload, tmp_path: Path
) -> None:
    told: list[str] = []
    outcome = compare(
        workload,
        engine_kinds(["strongroom", "faiss-flat-bitmap"]),
        tmp_path,
        sweep=False,
        advance=lambda doing, done, of: told.append(doing),
    )
    assert [(row.engine, row.visible) for row in outcome.rows] == [
        (engine, share) for engine in ("strongroom", "faiss-flat-bitmap") for share in SHARES
    ]
    assert outcome.curves == outcome.rows
    assert outcome.forbidden == 0
    for row in outcome.rows:
        assert (row.recall, row.short, row.queries, row.size) == (1.0, 0, 12, 1_200)
        assert 0 < row.cpu_ms_p50 <= row.cpu_ms_p99
        assert row.visible_rows >= 1
    assert "building strongroom" in told
    assert told[0] == "exact answers"


def test_a_sweep_measures_every_setting_and_rows_keep_the_usual_one(
    workload: Workload, tmp_path: Path
) -> None:
    outcome = compare(
        workload,
        engine_kinds(["faiss-ivf-sq8"]),
        tmp_path,
        sweep=True,
        advance=lambda doing, done, of: None,
    )
    assert [row.setting for row in outcome.rows] == ["nprobe 64"] * len(SHARES)
    assert len({row.setting for row in outcome.curves}) == 6
    assert len(outcome.curves) == 6 * len(SHARES)


def test_an_engine_that_returns_forbidden_rows_is_found(
    workload: Workload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "leaky_engine.py").write_text(LEAKY, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    kinds = [EngineKind("leaky", "leaky_engine:Leaky"), ENGINES["faiss-flat-bitmap"]]
    outcome = compare(workload, kinds, tmp_path, sweep=False, advance=lambda doing, done, of: None)
    leaked = {row.visible: row.forbidden for row in outcome.rows if row.engine == "leaky"}
    assert leaked[0.001] > 0
    assert leaked[1.0] == 0
    assert outcome.forbidden == sum(leaked.values())
