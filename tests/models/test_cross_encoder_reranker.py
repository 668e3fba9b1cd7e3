"""A cross-encoder that an operator brings is loaded by manifest and keeps the contract."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from models.base import Reranker
from models.errors import ModelError, ModelInvalidError
from models.files import describe
from models.manifest import load
from models.registry import load_reranker
from tests.models import tiny
from tests.models.contract import check_reranker


def test_a_tiny_model_keeps_the_contract(tiny_reranker: Reranker) -> None:
    check_reranker(tiny_reranker)


def test_the_question_matters(tiny_reranker: Reranker) -> None:
    first = tiny_reranker.score("who built the bridge", ["red", "salary"])
    second = tiny_reranker.score("blue holiday", ["red", "salary"])
    assert first.tolist() != second.tolist()


def test_a_classifier_of_several_labels_is_no_reranker(tmp_path: Path) -> None:
    folder = tmp_path / "classifier"
    tiny.write_reranker(folder, labels=3)
    with pytest.raises(ModelInvalidError, match="more than one score"):
        load_reranker(folder, threads=1)


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    tiny.write_reranker(folder)
    (folder / "config.json").write_text("{}")
    fields = load(folder).model_dump(exclude={"files"}, exclude_none=True)
    describe(folder, **fields)
    with pytest.raises(ModelInvalidError, match="cannot be loaded"):
        load_reranker(folder, threads=1)


def test_scores_that_are_not_numbers_are_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    tiny.write_reranker(folder)
    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"] = torch.full_like(weights["classifier.bias"], float("nan"))
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    fields = load(folder).model_dump(exclude={"files"}, exclude_none=True)
    describe(folder, **fields)
    with pytest.raises(ModelError, match="no number"):
        load_reranker(folder, threads=1).score("red", ["blue"])
