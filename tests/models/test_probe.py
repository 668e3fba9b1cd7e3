"""The fastest backend that agrees is taken and remembered; whatever fails, the reference runs."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models import contest, probe
from models.base import Embedder, Purpose, space_of
from models.contest import Source
from models.manifest import load
from models.openvino_embedder import OpenVinoEmbedder
from models.prepared import RECORD, place_of
from models.probe import fastest_embedder, outcome
from models.registry import load_embedder
from models.sentence_transformers_embedder import BACKEND, SentenceTransformersEmbedder
from tests.models.contract import TEXTS, check_embedder


def fastest(folder: Path, root: Path) -> Embedder:
    return fastest_embedder(folder, load(folder), threads=1, root=root)


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stands for the backend: OpenVINO is quick whatever else this machine does."""

    def seconds(embedder: Embedder) -> float:
        return 1.0 if embedder.backend == BACKEND else 0.5

    monkeypatch.setattr(contest, "_seconds", seconds)


@pytest.mark.usefixtures("eager")
def test_what_wins_is_remembered_and_loaded_without_the_reference(
    tiny_embedder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = load(tiny_embedder_folder)
    assert outcome(manifest, tmp_path) is None
    first = fastest(tiny_embedder_folder, tmp_path)
    assert first.backend.startswith("openvino/")
    check_embedder(first)
    found = outcome(manifest, tmp_path)
    assert found is not None
    assert (found.backend, found.speed) == (first.backend, 2.0)
    assert found.cosine >= contest.LEAST_COSINE

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("the reference was loaded")

    monkeypatch.setattr(contest, "SentenceTransformersEmbedder", refuse)
    second = load_embedder(tiny_embedder_folder, threads=1, prepared=tmp_path)
    assert isinstance(second, OpenVinoEmbedder)
    assert np.array_equal(second.embed(TEXTS), first.embed(TEXTS))
    assert space_of(second.fingerprint) == manifest.digest


def test_where_no_backend_is_faster_the_reference_stays(
    tiny_embedder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contest, "_seconds", lambda embedder: 1.0)
    assert fastest(tiny_embedder_folder, tmp_path).backend == BACKEND
    found = outcome(load(tiny_embedder_folder), tmp_path)
    assert found is not None
    assert found.backend == BACKEND
    assert "1.00 times as fast" in found.reason
    assert not any(tmp_path.rglob("*.bin"))
    assert fastest(tiny_embedder_folder, tmp_path).backend == BACKEND


@pytest.mark.usefixtures("eager")
def test_a_backend_that_does_not_agree_is_never_taken(
    tiny_embedder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Rough(OpenVinoEmbedder):
        def embed(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> np.ndarray:
            rows = super().embed(texts, purpose=purpose)
            rows[:, 0] += 0.1
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    monkeypatch.setattr(contest, "OpenVinoEmbedder", Rough)
    assert fastest(tiny_embedder_folder, tmp_path).backend == BACKEND
    found = outcome(load(tiny_embedder_folder), tmp_path)
    assert found is not None
    assert "cosine 0.9" in found.reason


@pytest.mark.usefixtures("eager")
def test_a_backend_that_no_longer_agrees_is_left(
    tiny_embedder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fastest(tiny_embedder_folder, tmp_path).backend != BACKEND
    monkeypatch.setattr(probe, "LEAST_COSINE", 1.1)
    assert fastest(tiny_embedder_folder, tmp_path).backend == BACKEND


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json", RECORD])
def test_a_copy_that_was_altered_is_made_again(
    tiny_embedder_folder: Path, tmp_path: Path, name: str
) -> None:
    fastest(tiny_embedder_folder, tmp_path)
    path = place_of(tmp_path, load(tiny_embedder_folder)) / name
    sound = path.stat().st_size
    path.write_bytes(b"\x00 other")
    assert fastest(tiny_embedder_folder, tmp_path).backend.startswith("openvino/")
    assert abs(path.stat().st_size - sound) < 64
    assert len([*tmp_path.iterdir()]) == 2, "the lock and one copy"


def test_without_a_place_to_keep_it_or_without_the_extra_the_reference_runs(
    tiny_embedder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert fastest(tiny_embedder_folder, tmp_path / "file").backend == BACKEND
    monkeypatch.setattr(probe, "installed", lambda package: "")
    assert fastest(tiny_embedder_folder, tmp_path / "none").backend == BACKEND
    assert not (tmp_path / "none").exists()


def test_a_model_that_cannot_be_exported_runs_on_the_reference(
    tiny_embedder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Source.reference

    def odd(self: Source, *, device: str = "cpu") -> SentenceTransformersEmbedder:
        made = real(self, device=device)
        made.model.append(made.model[0])
        return made

    monkeypatch.setattr(Source, "reference", odd)
    monkeypatch.setattr(contest, "agreement", lambda embedder, rows: 1.0)
    monkeypatch.setattr(contest, "_seconds", lambda embedder: 1.0)
    monkeypatch.setattr(SentenceTransformersEmbedder, "embed", lambda self, texts: np.eye(2))
    assert fastest(tiny_embedder_folder, tmp_path).backend == BACKEND
    found = outcome(load(tiny_embedder_folder), tmp_path)
    assert found is not None
    assert "not one pooled transformer" in found.reason
