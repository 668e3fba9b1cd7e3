"""A model is loaded by what its manifest says, after its files were checked."""

import importlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import ModelDigestError, ModelInvalidError, ModelMissingError
from models.files import describe
from models.manifest import load
from models.registry import GROUP, load_embedder, load_generator, load_reranker

REPOSITORY = Path(__file__).parents[2]
PLUGIN = """
from pathlib import Path

LOADED = []

def make(folder, manifest, *, threads):
    LOADED.append(folder)
    return manifest.name
"""


@pytest.mark.parametrize("loader", [load_embedder, load_generator, load_reranker])
def test_an_absent_model_is_missing(loader: Callable[..., object], tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError):
        loader(tmp_path / "absent", threads=1)


def test_a_model_of_another_kind_is_refused(tiny_embedder_folder: Path) -> None:
    with pytest.raises(ModelInvalidError, match="kind embedder, not reranker"):
        load_reranker(tiny_embedder_folder, threads=1)


def test_an_altered_weight_file_is_refused_before_any_backend_runs(
    plugin: Path, tmp_path: Path
) -> None:
    folder = write_plugin_model(tmp_path)
    (folder / "weights.any").write_bytes(b"\x00weights")
    with pytest.raises(ModelDigestError, match=r"weights\.any"):
        load_embedder(folder, threads=1)
    assert sys.modules.get("acme_models") is None


def test_a_backend_of_another_package_is_found_by_its_entry_point(
    plugin: Path, tmp_path: Path
) -> None:
    assert load_embedder(write_plugin_model(tmp_path), threads=1) == "acme"


def test_no_package_replaces_a_backend_of_ours(
    plugin: Path, tmp_path: Path, tiny_embedder_folder: Path
) -> None:
    (plugin / "acme-1.dist-info" / "entry_points.txt").write_text(
        f"[{GROUP}]\nsentence-transformers = acme_models:make\nllama-cpp = acme_models:make\n"
    )
    importlib.invalidate_caches()
    assert load_embedder(tiny_embedder_folder, threads=1).backend == "sentence-transformers/fp32"
    folder = write_plugin_model(tmp_path, backend="llama-cpp", file="weights.gguf")
    with pytest.raises(ModelInvalidError, match="0 packages"):
        load_embedder(folder, threads=1)


def test_a_backend_that_two_packages_claim_is_refused(plugin: Path, tmp_path: Path) -> None:
    shutil.copytree(plugin / "acme-1.dist-info", plugin / "rival-1.dist-info")
    (plugin / "rival-1.dist-info" / "METADATA").write_text("Name: rival\nVersion: 1\n")
    importlib.invalidate_caches()
    with pytest.raises(ModelInvalidError, match="2 packages"):
        load_embedder(write_plugin_model(tmp_path), threads=1)


def test_importing_the_registry_loads_no_runtime() -> None:
    program = (
        "import sys, models.registry, models.base\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'llama_cpp', 'llguidance'}\n"
        "sys.exit(f'{heavy & sys.modules.keys()}' if heavy & sys.modules.keys() else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    site = tmp_path / "site"
    (site / "acme-1.dist-info").mkdir(parents=True)
    (site / "acme-1.dist-info" / "METADATA").write_text("Name: acme\nVersion: 1\n")
    (site / "acme-1.dist-info" / "entry_points.txt").write_text(
        f"[{GROUP}]\nacme = acme_models:make\n"
    )
    (site / "acme_models.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "acme_models", raising=False)
    importlib.invalidate_caches()
    return site


def write_plugin_model(tmp_path: Path, *, backend: str = "acme", file: str = "weights.any") -> Path:
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / file).write_bytes(b"weights\x00")
    describe(
        folder,
        name="acme",
        kind="embedder",
        backend=backend,
        revision="1",
        licence="Apache-2.0",
        source="made in a test",
        dimension=4,
        max_tokens=8,
    )
    assert load(folder).backend == backend
    return folder
