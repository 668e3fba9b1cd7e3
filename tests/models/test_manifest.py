"""A manifest is read strictly, and its digest names exactly what it says."""

from pathlib import Path

import pytest

from models.errors import ModelInvalidError, ModelMissingError
from models.manifest import MANIFEST_NAME, ModelManifest, load, parse, save

FIELDS = {
    "name": "tiny",
    "kind": "embedder",
    "backend": "sentence-transformers",
    "revision": "1",
    "licence": "Apache-2.0",
    "source": "made in a test",
    "dimension": 24,
    "max_tokens": 32,
    "files": {"model.safetensors": "0" * 64},
}


def test_a_saved_manifest_loads_as_the_same_manifest(tmp_path: Path) -> None:
    manifest = manifest_with(source='quotes " back\\slash and ü')
    save(tmp_path, manifest)
    assert load(tmp_path) == manifest
    assert load(tmp_path).digest == manifest.digest


def test_the_digest_follows_every_field_and_not_their_order() -> None:
    digests = {
        manifest_with(**change).digest
        for change in (
            {},
            {"name": "other"},
            {"revision": "2"},
            {"licence": "MIT"},
            {"source": "elsewhere"},
            {"dimension": 25},
            {"max_tokens": 33},
            {"files": {"model.safetensors": "1" * 64}},
            {"files": {"other.safetensors": "0" * 64}},
        )
    }
    assert len(digests) == 9
    assert parse(dict(reversed(FIELDS.items())), name="x").digest == manifest_with().digest


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"trust_remote_code": True}, id="unknown key"),
        pytest.param({"licence": None}, id="missing licence"),
        pytest.param({"kind": "oracle"}, id="unknown kind"),
        pytest.param({"name": "../up"}, id="name is no path"),
        pytest.param({"dimension": "24"}, id="number as text"),
        pytest.param({"dimension": True}, id="truth as number"),
        pytest.param({"dimension": 0}, id="no dimension"),
        pytest.param({"dimension": None}, id="embedder without dimension"),
        pytest.param({"chat_template": "chatml"}, id="embedder with chat template"),
        pytest.param({"source": "two\nlines"}, id="control character"),
        pytest.param({"files": {}}, id="no files"),
        pytest.param({"files": {"model.safetensors": "0" * 63}}, id="short digest"),
        pytest.param({"files": {"model.safetensors": "A" * 64}}, id="upper-case digest"),
    ],
)
def test_a_manifest_that_breaks_a_rule_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ModelInvalidError, match="manifest of 'tiny'"):
        manifest_with(**change)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../up",
        "a/../../up",
        "a/../b",
        "./a",
        "a//b",
        "a\\b",
        "",
        ".",
        ".hidden",
        "a/.hidden/b",
        "a\x00b",
        "a\nb",
        MANIFEST_NAME,
    ],
)
def test_a_path_outside_the_folder_is_refused(path: str) -> None:
    with pytest.raises(ModelInvalidError, match="files"):
        manifest_with(files={path: "0" * 64})


def test_no_manifest_is_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="no manifest"):
        load(tmp_path / "absent")


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe"])
def test_a_manifest_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST_NAME).write_bytes(content)
    with pytest.raises(ModelInvalidError, match="manifest of"):
        load(tmp_path)


def manifest_with(**change: object) -> ModelManifest:
    fields = {key: value for key, value in (FIELDS | change).items() if value is not None}
    return parse(fields, name="tiny")
