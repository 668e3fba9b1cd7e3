"""The reference embedder keeps the contract, and loads nothing but sound data."""

import json
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from models.base import Embedder, Purpose
from models.errors import ModelError, ModelInvalidError
from models.files import describe
from models.manifest import ModelManifest, load
from models.registry import load_embedder
from tests.models import tiny
from tests.models.contract import check_embedder


def test_a_tiny_model_keeps_the_contract(tiny_embedder: Embedder) -> None:
    check_embedder(tiny_embedder)


@pytest.mark.model
def test_the_starter_model_keeps_the_contract(embedder: Embedder) -> None:
    check_embedder(embedder)
    assert embedder.backend == "sentence-transformers/fp32"


@pytest.mark.model
def test_the_starter_model_puts_like_beside_like(embedder: Embedder) -> None:
    texts = ["How much holiday do I get?", "Annual leave is 30 days.", "The bridge is of stone."]
    question, leave, bridge = embedder.embed(texts)
    assert question @ leave > question @ bridge + 0.2


@pytest.mark.model
def test_words_beyond_the_limit_do_not_count(embedder: Embedder) -> None:
    # Two of the tokens are the marks around the text.
    limit = "river " * (embedder.max_tokens - 2)
    within, beyond, short = embedder.embed([limit, limit + "salary " * 50, "river salary"])
    assert embedder.count_tokens([limit]) == [embedder.max_tokens]
    np.testing.assert_allclose(within, beyond, atol=1e-5)
    assert not np.allclose(within, short, atol=1e-2)


def test_rows_come_in_the_order_of_the_texts(tiny_embedder: Embedder) -> None:
    texts = ["blue " * (n * 7 % 20) + "red" for n in range(45)]
    rows = tiny_embedder.embed(texts)
    alone = np.vstack([tiny_embedder.embed([text]) for text in texts])
    np.testing.assert_allclose(rows, alone, atol=1e-5)
    assert len({row.round(3).tobytes() for row in rows}) >= 20


def test_threads_that_share_an_embedder_get_their_own_rows(tiny_embedder: Embedder) -> None:
    texts = ["red", "blue bridge", "who built the bridge", "salary"] * 8
    expected = tiny_embedder.embed(texts)
    results: list[NDArray[np.float32]] = []
    threads = [
        threading.Thread(target=lambda: results.append(tiny_embedder.embed(texts)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    for rows in results:
        np.testing.assert_allclose(rows, expected, atol=1e-5)


def test_a_question_gets_the_words_its_model_wants_before_it(tmp_path: Path) -> None:
    folder = tmp_path / "prompted"
    tiny.write_embedder(folder)
    path = folder / "config_sentence_transformers.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"prompts": {"query": "who "}}))
    redescribe(folder)
    embedder = load_embedder(folder, threads=1)
    plain = embedder.embed(["who built", "built"])
    query = embedder.embed(["built"], purpose=Purpose.QUERY)
    np.testing.assert_allclose(query[0], plain[0], atol=1e-5)
    assert not np.allclose(query[0], plain[1], atol=1e-3)


@pytest.mark.parametrize("change", [{"dimension": 25}, {"max_tokens": 31}])
def test_a_manifest_that_states_another_size_is_refused(
    tmp_path: Path, change: dict[str, int]
) -> None:
    folder = tmp_path / "other"
    tiny.write_embedder(folder)
    redescribe(folder, **change)
    with pytest.raises(ModelInvalidError, match="its manifest says"):
        load_embedder(folder, threads=1)


def test_weights_that_are_not_numbers_are_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    tiny.write_embedder(folder)
    weights = load_file(folder / "model.safetensors")
    name = next(name for name in weights if "word_embeddings" in name)
    weights[name] = torch.full_like(weights[name], float("nan"))
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    redescribe(folder)
    with pytest.raises(ModelError, match="no unit vector"):
        load_embedder(folder, threads=1).embed(["red"])


def test_a_module_that_is_not_of_the_library_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "foreign"
    tiny.write_embedder(folder)
    path = folder / "modules.json"
    modules = json.loads(path.read_text())
    modules[-1]["type"] = "tests.models.tiny.Payload"
    path.write_text(json.dumps(modules))
    redescribe(folder)
    with pytest.raises(ModelInvalidError, match="cannot be loaded"):
        load_embedder(folder, threads=1)
    assert tiny.Payload.loads == []


def redescribe(folder: Path, **change: object) -> ModelManifest:
    fields = load(folder).model_dump(exclude={"files"}, exclude_none=True)
    return describe(folder, **(fields | change))
