"""A whole comparison from made-up or real rows leaves nothing behind."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

from vault.domain.errors import InvalidRequestError
from vault.evaluate.embeddings import Shape
from vault.evaluate.retrieval import compare_retrieval

SHAPE = Shape(size=400, labels=20, queries=5)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("real", [False, True])
def test_a_comparison_leaves_nothing_behind(tmp_path: Path, scratch: Path, real: bool) -> None:
    vectors = tmp_path / "real.npy"
    np.save(vectors, np.random.default_rng(0).standard_normal((150, 32)).astype(np.float32))
    outcome = compare_retrieval(
        SHAPE,
        ["faiss-flat-bitmap"],
        vectors=vectors if real else None,
        sweep=False,
        advance=lambda doing, done, of: None,
    )
    assert {row.recall for row in outcome.rows} == {1.0}
    assert {row.size for row in outcome.rows} == {400}
    assert not list(scratch.iterdir())


def test_an_unknown_engine_is_refused_before_anything_is_made(scratch: Path) -> None:
    with pytest.raises(InvalidRequestError, match="oracle"):
        compare_retrieval(
            SHAPE, ["oracle"], vectors=None, sweep=False, advance=lambda doing, done, of: None
        )
    assert not list(scratch.iterdir())
