"""Requantising is a function of the bytes that go in."""

from pathlib import Path

import pytest

from models.errors import ModelInvalidError
from models.files import sha256
from models.requantise import requantise


@pytest.mark.model
@pytest.mark.slow
def test_the_same_weights_give_the_same_bytes(models_dir: Path, tmp_path: Path) -> None:
    source = next((models_dir / "smollm2-135m-instruct").glob("*.gguf"))
    digests = set()
    for threads in (1, 2):
        target = tmp_path / f"{threads}.gguf"
        requantise(source, target, threads=threads)
        digests.add(sha256(target))
    assert len(digests) == 1


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "target.gguf"
    target.write_bytes(b"mine")
    with pytest.raises(ModelInvalidError, match="there already"):
        requantise(tmp_path / "source.gguf", target)
    assert target.read_bytes() == b"mine"


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "source.gguf").write_bytes(b"GGUF" + bytes(64))
    with pytest.raises(ModelInvalidError, match="cannot be requantised"):
        requantise(tmp_path / "source.gguf", tmp_path / "target.gguf")
