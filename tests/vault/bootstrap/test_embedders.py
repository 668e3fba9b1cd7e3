"""The embedder in use follows the vectors of the home, wherever its folder lies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.files import describe
from models.manifest import ModelManifest
from tests.vault.homes import LEAVE, home, keep
from vault.bootstrap import Vault
from vault.domain.errors import ModelUnavailableError, NotFoundError


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with home(tmp_path) as opened:
        yield opened


def write_manifest(folder: Path, *, kind: str = "embedder") -> ModelManifest:
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(folder.name)
    sizes = {"dimension": 4, "max_tokens": 8} if kind == "embedder" else {"max_tokens": 8}
    return describe(
        folder,
        name=folder.name.lstrip("."),
        kind=kind,
        backend="words",
        revision="1",
        licence="MIT",
        source="this test",
        **sizes,
    )


def test_a_home_without_vectors_uses_what_the_settings_name(vault: Vault) -> None:
    assert vault.folder_in(None) == vault.models_dir / "all-minilm-l6-v2"


def test_a_folder_is_found_by_the_digest_of_its_manifest(vault: Vault) -> None:
    manifest = write_manifest(vault.models_dir / "one")
    write_manifest(vault.models_dir / "two")
    write_manifest(vault.models_dir / "judge", kind="reranker")
    write_manifest(vault.models_dir / ".hidden")
    (vault.models_dir / "broken").mkdir()
    (vault.models_dir / "broken" / "manifest.toml").write_text("not TOML")
    assert vault.embedder_manifests().keys() == {"one", "two"}
    assert vault.folder_in(manifest.digest) == vault.models_dir / "one"
    with pytest.raises(ModelUnavailableError, match="bring it back"):
        vault.folder_in("sha256:" + "0" * 64)
    with pytest.raises(NotFoundError):
        vault.embedder_named("judge")


def test_the_loaded_embedder_stays_while_its_vectors_are_in_use(vault: Vault) -> None:
    keep(vault, LEAVE)
    assert vault.embedder is vault.embedder
    assert vault.embedder_in(vault.succession.in_use() or "") is vault.embedder


def test_a_change_by_another_process_drops_what_was_loaded(vault: Vault) -> None:
    keep(vault, LEAVE)
    loaded = vault.embedder
    assert "_made_answerer" in vault.__dict__
    with vault.store.write() as unit:
        unit.vectors.use("sha256:" + "0" * 64)
    with pytest.raises(ModelUnavailableError):
        _ = vault.embedder
    assert "_made_answerer" not in vault.__dict__
    with vault.store.write() as unit:
        unit.vectors.use(loaded.fingerprint.partition("+")[0])
    vault.__dict__["_embedder"] = loaded
    assert vault.embedder is loaded


def test_prepared_copies_lie_beside_the_models(vault: Vault) -> None:
    assert vault.prepared_models.parent == vault.models_dir
    assert vault.prepared_models.name.startswith(".")
