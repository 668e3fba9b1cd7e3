"""A person brings a sentence-transformers folder as it was published, and it just works."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.base import Purpose
from models.bring import Stated, bring
from models.errors import ModelInvalidError, ModelMissingError
from models.manifest import MANIFEST_NAME
from models.registry import load_embedder
from tests.models import tiny


def stated(**changes: str) -> Stated:
    said = {"name": "brought", "licence": "MIT", "source": "a shelf", "revision": "7"}
    return Stated(**(said | changes))


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder with all that a download brings along."""
    folder = tmp_path / "published"
    tiny.write_embedder(folder)
    (folder / MANIFEST_NAME).unlink()
    (folder / "pytorch_model.bin").write_bytes(b"pickled")
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.onnx").write_bytes(b"graph")
    (folder / ".cache").mkdir()
    (folder / ".cache" / "state.json").write_text("{}")
    (folder / "README.md").write_text("# Tiny")
    return folder


def test_it_is_measured_copied_without_code_and_loaded(published: Path, tmp_path: Path) -> None:
    brought = bring(published, tmp_path / "models", stated())
    assert (brought.manifest.dimension, brought.manifest.max_tokens) == (24, 32)
    assert set(brought.left_out) == {"pytorch_model.bin", "onnx/model.onnx", ".cache/state.json"}
    embedder = load_embedder(tmp_path / "models" / "brought", threads=1)
    assert embedder.embed(["red"]).shape == (1, 24)
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["brought"]
    with pytest.raises(ModelInvalidError, match="already"):
        bring(published, tmp_path / "models", stated())


def test_prefixes_and_pooling_can_be_stated(published: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    bring(published, models, stated())
    bring(
        published,
        models,
        stated(name="stated", query_prefix="who ", passage_prefix="the ", pooling="cls"),
    )
    plain = load_embedder(models / "brought", threads=1)
    embedder = load_embedder(models / "stated", threads=1)
    assert embedder.count_tokens(["red"])[0] == plain.count_tokens(["red"])[0] + 1
    question = embedder.embed(["red"], purpose=Purpose.QUERY)
    assert not np.allclose(question, embedder.embed(["red"]), atol=1e-3)
    assert not np.allclose(embedder.embed(["red"]), plain.embed(["the red"]), atol=1e-3)


def test_a_folder_without_safetensors_is_refused_and_leaves_nothing(
    published: Path, tmp_path: Path
) -> None:
    (published / "model.safetensors").unlink()
    with pytest.raises(ModelMissingError, match="safetensors"):
        bring(published, tmp_path / "models", stated())
    with pytest.raises(ModelMissingError):
        bring(tmp_path / "absent", tmp_path / "models", stated())
    assert [*(tmp_path / "models").iterdir()] == []


@pytest.mark.parametrize(
    "change", [{"pooling": "sum"}, {"licence": ""}, {"query_prefix": "a\x00"}, {"name": "a/../b"}]
)
def test_a_statement_that_breaks_a_rule_is_refused(
    published: Path, tmp_path: Path, change: dict[str, str]
) -> None:
    with pytest.raises(ModelInvalidError):
        bring(published, tmp_path / "models", stated(**change))
    assert [*(tmp_path / "models").iterdir()] == []


def test_a_folder_that_cannot_be_loaded_is_refused(published: Path, tmp_path: Path) -> None:
    config = published / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"model_type": "nonsense"}))
    with pytest.raises(ModelInvalidError, match="cannot be loaded"):
        bring(published, tmp_path / "models", stated())
    assert [*(tmp_path / "models").iterdir()] == []
