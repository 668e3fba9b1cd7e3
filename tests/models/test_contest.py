"""Backends are compared by what they make of the same texts."""

from pathlib import Path

import numpy as np
import pytest

from models import contest
from models.base import Embedder
from models.contest import LEAST_COSINE, Source, agreement, compare, load
from models.manifest import load as load_manifest
from models.prepared import read
from models.probe_texts import PROBE_TEXTS


def test_agreement_is_the_least_cosine(tiny_embedder: Embedder) -> None:
    rows = tiny_embedder.embed(PROBE_TEXTS)
    assert agreement(tiny_embedder, rows) == pytest.approx(1.0, abs=1e-5)
    rows[3] = -rows[3]
    assert agreement(tiny_embedder, rows) == pytest.approx(-1.0, abs=1e-5)
    assert agreement(tiny_embedder, np.eye(len(PROBE_TEXTS), 5, dtype=np.float32)) == 0.0


def test_the_outcome_lies_whole_at_its_place(tiny_embedder_folder: Path, tmp_path: Path) -> None:
    source = Source(tiny_embedder_folder, load_manifest(tiny_embedder_folder), 1)
    record, best = compare(source, tmp_path / "place")
    known = read(tmp_path / "place")
    assert known is not None
    assert known[0] == record
    assert record.backend == best.backend
    again = load(record, source, tmp_path / "place")
    assert agreement(again, known[1]) >= LEAST_COSINE
    assert [path.name for path in tmp_path.iterdir()] == ["place"]


def test_a_comparison_that_fails_leaves_nothing(
    tiny_embedder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(contest, "write", full)
    source = Source(tiny_embedder_folder, load_manifest(tiny_embedder_folder), 1)
    with pytest.raises(OSError, match="no space"):
        compare(source, tmp_path / "place")
    assert [*tmp_path.iterdir()] == []


def test_torch_is_asked_for_a_gpu_only_where_there_may_be_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contest, "_NVIDIA", tmp_path)
    monkeypatch.setattr(contest, "installed", lambda package: "2.13.0+cu130")
    assert contest.gpu_may_be_there()
    monkeypatch.setattr(contest, "installed", lambda package: "2.13.0+cpu")
    assert not contest.gpu_may_be_there()
    monkeypatch.setattr(contest, "_NVIDIA", tmp_path / "absent")
    monkeypatch.setattr(contest, "installed", lambda package: "2.13.0+cu130")
    assert not contest.gpu_may_be_there()
