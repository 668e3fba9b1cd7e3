"""A model folder holds what its manifest lists, unaltered, and nothing that can run."""

import os
import shutil
from pathlib import Path

import pytest

from models.errors import ModelDigestError, ModelError, ModelInvalidError, ModelMissingError
from models.files import check_files, describe
from models.manifest import ModelManifest, load

FIELDS = {
    "name": "weights",
    "kind": "embedder",
    "backend": "sentence-transformers",
    "revision": "1",
    "licence": "Apache-2.0",
    "source": "made in a test",
    "dimension": 24,
    "max_tokens": 32,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "1_Pooling" / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(bytes(range(256)) * 64)
    (folder / "LICENSE").write_text("do as you like")
    return folder


def test_a_described_folder_passes(folder: Path) -> None:
    manifest = describe(folder, **FIELDS)
    check_files(folder, manifest)
    assert load(folder) == manifest
    assert set(manifest.files) == {"1_Pooling/config.json", "model.safetensors", "LICENSE"}


@pytest.mark.parametrize("position", [0, 8191, 16383])
def test_one_flipped_bit_is_refused(folder: Path, position: int) -> None:
    manifest = describe(folder, **FIELDS)
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[position] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelDigestError, match=r"model\.safetensors"):
        check_files(folder, manifest)


def test_a_lost_file_is_refused(folder: Path) -> None:
    manifest = describe(folder, **FIELDS)
    (folder / "1_Pooling" / "config.json").unlink()
    with pytest.raises(ModelMissingError, match="lacks"):
        check_files(folder, manifest)


@pytest.mark.parametrize("name", ["adapter_config.json", "modeling.py", ".hidden", "2_Dense/x.bin"])
def test_an_unlisted_file_is_refused(folder: Path, name: str) -> None:
    manifest = describe(folder, **FIELDS)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("{}")
    with pytest.raises(ModelInvalidError, match="unlisted"):
        check_files(folder, manifest)


@pytest.mark.parametrize(
    "name",
    [
        "pytorch_model.bin",
        "model.pt",
        "model.ckpt",
        "data.pkl",
        "modeling_x.py",
        "lib.so",
        "m.gguf",
        "pickle",
        "model.safetensors.bin",
    ],
)
def test_a_file_that_may_hold_code_is_refused_even_when_listed(folder: Path, name: str) -> None:
    sound = describe(folder, **FIELDS)
    (folder / name).write_text("x")
    with pytest.raises(ModelInvalidError, match="may not hold"):
        describe(folder, **FIELDS)
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    listed = ModelManifest(**sound.model_dump() | {"files": {**sound.files, name: digest}})
    with pytest.raises(ModelInvalidError, match="may not hold"):
        check_files(folder, listed)


def test_a_link_is_refused_even_to_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    manifest = describe(folder, **FIELDS)
    outside = tmp_path / "outside.safetensors"
    shutil.move(folder / "model.safetensors", outside)
    (folder / "model.safetensors").symlink_to(outside)
    with pytest.raises(ModelInvalidError, match="link"):
        check_files(folder, manifest)
    with pytest.raises(ModelInvalidError, match="link"):
        describe(folder, **FIELDS)


def test_a_linked_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    manifest = describe(folder, **FIELDS)
    shutil.move(folder / "1_Pooling", tmp_path / "outside")
    (folder / "1_Pooling").symlink_to(tmp_path / "outside")
    with pytest.raises(ModelInvalidError, match="link"):
        check_files(folder, manifest)


def test_a_device_is_refused_and_not_read(folder: Path) -> None:
    manifest = describe(folder, **FIELDS)
    os.mkfifo(folder / "pipe.json")
    with pytest.raises(ModelInvalidError, match="device"):
        check_files(folder, manifest)


def test_nothing_to_describe_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="absent or empty"):
        describe(tmp_path / "absent", **FIELDS)


def test_a_hidden_file_stops_the_description(folder: Path) -> None:
    (folder / ".gitattributes").write_text("")
    with pytest.raises(ModelError, match="gitattributes"):
        describe(folder, **FIELDS)


def test_a_backend_of_another_package_answers_for_its_own_formats(folder: Path) -> None:
    (folder / "model.xml").write_text("<net/>")
    manifest = describe(folder, **FIELDS | {"backend": "openvino"})
    check_files(folder, manifest)
