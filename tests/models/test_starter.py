"""A starter model appears whole and checked, or not at all."""

import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from models.errors import ModelDigestError, ModelError, ModelMissingError
from models.files import check_files
from models.manifest import load
from models.starter import EMBEDDER, GENERATOR, STARTERS, Starter, is_ready, prepare

CONTENT = {"config.json": b"{}", "1_Pooling/config.json": b"[]"}
STARTER = Starter(
    requirement="tiny==1",
    archive="tiny-1-py3-none-any.whl",
    root="tiny/model",
    members={name: sha256(content).hexdigest() for name, content in CONTENT.items()},
    fields=EMBEDDER.fields | {"name": "tiny"},
)


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    folder = tmp_path / "archives"
    folder.mkdir()
    with zipfile.ZipFile(folder / STARTER.archive, "w") as archive:
        archive.writestr("tiny/__init__.py", "raise SystemExit('imported')")
        archive.writestr("tiny/model/modeling.py", "raise SystemExit('imported')")
        archive.writestr("tiny/model/pytorch_model.bin", b"\x80")
        for name, content in CONTENT.items():
            archive.writestr(f"tiny/model/{name}", content)
    return folder


def test_only_the_named_members_leave_the_archive(archives: Path, tmp_path: Path) -> None:
    folder = prepare(STARTER, tmp_path / "models", archives=archives)
    manifest = load(folder)
    assert manifest.files == STARTER.members
    check_files(folder, manifest)
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["tiny"]


def test_a_model_that_is_there_needs_no_archive(archives: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    assert not is_ready(STARTER, models)
    folder = prepare(STARTER, models, archives=archives)
    assert is_ready(STARTER, models)
    assert prepare(STARTER, models, archives=tmp_path / "absent") == folder


def test_a_model_that_was_altered_is_neither_used_nor_replaced(
    archives: Path, tmp_path: Path
) -> None:
    folder = prepare(STARTER, tmp_path / "models", archives=archives)
    (folder / "config.json").write_bytes(b"[]")
    with pytest.raises(ModelDigestError):
        prepare(STARTER, tmp_path / "models", archives=archives)
    assert (folder / "config.json").read_bytes() == b"[]"


@pytest.mark.parametrize(
    ("starter", "error"),
    [
        pytest.param(
            replace(STARTER, members={"config.json": "0" * 64}), ModelDigestError, id="other bytes"
        ),
        pytest.param(
            replace(STARTER, members={"absent.json": "0" * 64}), ModelMissingError, id="no member"
        ),
        pytest.param(replace(STARTER, archive="absent.whl"), ModelMissingError, id="no archive"),
        pytest.param(
            replace(STARTER, fields=STARTER.fields | {"dimension": 0}), ModelError, id="bad fields"
        ),
    ],
)
def test_a_failure_leaves_nothing_behind(
    archives: Path, tmp_path: Path, starter: Starter, error: type[ModelError]
) -> None:
    with pytest.raises(error):
        prepare(starter, tmp_path / "models", archives=archives)
    assert list((tmp_path / "models").iterdir()) == []


def test_an_archive_that_is_no_archive_is_refused(archives: Path, tmp_path: Path) -> None:
    (archives / STARTER.archive).write_bytes(b"PK nothing")
    with pytest.raises(ModelMissingError, match="cannot be read"):
        prepare(STARTER, tmp_path / "models", archives=archives)


@pytest.mark.model
@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.fields["name"])
def test_the_prepared_models_are_the_ones_named_here(models_dir: Path, starter: Starter) -> None:
    assert is_ready(starter, models_dir)
    manifest = load(models_dir / str(starter.fields["name"]))
    stated = manifest.model_dump(mode="json", exclude={"files"}, exclude_none=True)
    assert stated == starter.fields


@pytest.mark.model
def test_the_prepared_embedder_is_the_pinned_one(models_dir: Path) -> None:
    assert load(models_dir / "all-minilm-l6-v2").files == EMBEDDER.members


@pytest.mark.model
def test_the_prepared_generator_is_requantised(models_dir: Path) -> None:
    files = load(models_dir / "smollm2-135m-instruct").files
    assert list(files) == ["SmolLM2-135M-Instruct.Q8_0.gguf"]
    assert files.keys().isdisjoint(GENERATOR.members)
