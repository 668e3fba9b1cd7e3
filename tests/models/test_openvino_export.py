"""Only what can be followed exactly is exported; the rest stays on the reference."""

import json
from pathlib import Path

import pytest

from models.contest import Source
from models.errors import ModelInvalidError
from models.manifest import Pooling, load
from models.openvino_export import NETWORK, TOKENIZER, export
from tests.models import tiny


def test_network_and_tokenizer_are_written(tiny_embedder_folder: Path, tmp_path: Path) -> None:
    reference = Source(tiny_embedder_folder, load(tiny_embedder_folder), 1).reference()
    assert export(reference, tmp_path) is Pooling.MEAN
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {NETWORK, Path(NETWORK).stem + ".bin", TOKENIZER}
    assert json.loads((tmp_path / TOKENIZER).read_text())["model"]["vocab"]["bridge"] > 0


def test_a_model_of_another_make_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    reference = Source(folder, tiny.write_embedder(folder), 1).reference()
    pooling = reference.model[1]
    pooling.include_prompt = False
    assert export(reference, tmp_path) is Pooling.MEAN
    reference.prefixes = dict.fromkeys(reference.prefixes, "who ")
    with pytest.raises(ModelInvalidError, match="not one pooled transformer"):
        export(reference, tmp_path)
    pooling.include_prompt, pooling.pooling_mode = True, "weightedmean"
    with pytest.raises(ModelInvalidError, match="not one pooled transformer"):
        export(reference, tmp_path)
    del reference.model[1]
    with pytest.raises(ModelInvalidError, match="not one pooled transformer"):
        export(reference, tmp_path)


def test_a_network_that_cannot_be_followed_is_refused(
    tiny_embedder_folder: Path, tmp_path: Path
) -> None:
    reference = Source(tiny_embedder_folder, load(tiny_embedder_folder), 1).reference()
    reference.model[0].auto_model.forward = None
    with pytest.raises(ModelInvalidError, match="cannot be exported"):
        export(reference, tmp_path)
