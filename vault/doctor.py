"""Looks a home over without changing it, and says what to do about each thing that is wrong."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from models.errors import ModelError
from models.files import check_files
from models.manifest import ModelManifest
from models.manifest import load as load_manifest
from models.probe import outcome
from vault.bootstrap import Vault
from vault.domain.errors import VaultError
from vault.ingest.parse.ocr import available as tesseract_available
from vault.policy.engine import DEFAULT_FOLDER, PolicyEngine
from vault.settings import Settings, load
from vault.store.home import Home

LEAST_FREE_BYTES = 512 * 2**20
NAME_EMBEDDER = "Set VAULT_EMBEDDER to the name of a model's folder."
BRING_MODEL = "Bring the model again with scripts/fetch_models."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``remedy`` says what to do when it is not well."""

    name: str
    detail: str
    ok: bool = True
    remedy: str = ""

    def form(self) -> dict[str, object]:
        """Return the public JSON form."""
        return {"name": self.name, "ok": self.ok, "detail": self.detail, "remedy": self.remedy}


def examine(folder: Path) -> Iterator[Finding]:
    """Yield findings from the outside in; a broken layer ends the deeper looks."""
    home = Home(folder)
    yield Finding("sqlite", f"SQLite {sqlcipher.sqlite_version}, encrypted")
    if not home.exists():
        yield _bad("home", "there is no vault here", "Make one: strongroom init")
        return
    yield _disk(folder)
    try:
        settings = load(folder)
    except VaultError as error:
        yield _bad("settings", error.detail, "Correct settings.toml or the environment.")
        return
    try:
        vault = Vault.open(folder, settings)
    except VaultError as error:
        yield _bad("home", error.detail, _remedy(error))
        return
    with vault:
        yield Finding("home", "opens with its keys and its policy")
        yield Finding("policy", _policy(vault))
        yield from _models(vault, settings)
        yield from _inside(vault)


def _inside(vault: Vault) -> Iterator[Finding]:
    yield _looked("database", lambda: _documents(vault), "Restore a backup.")
    yield from _sources(vault)
    yield _looked("ledger", lambda: _ledger(vault), "Stop writing and call the auditor.")
    yield _looked("parser", lambda: _parser(vault), "Install bubblewrap.")
    if tesseract_available():
        yield Finding("scans", "tesseract reads them")
    else:
        remedy = "Install tesseract-ocr, then take scans in again."
        yield _bad("scans", "scanned pages cannot be read", remedy)


def _policy(vault: Vault) -> str:
    """Tell which policy decides; what a newer release permits, an older policy does not."""
    shown = vault.policy.digest[:19]
    if vault.policy.digest == PolicyEngine.from_folder(DEFAULT_FOLDER).digest:
        return f"{shown}, as shipped"
    return f"{shown}, not the shipped one: what its rules do not permit stays forbidden"


def _bad(name: str, detail: str, remedy: str) -> Finding:
    return Finding(name, detail, ok=False, remedy=remedy)


def _looked(name: str, look: Callable[[], str], remedy: str) -> Finding:
    try:
        return Finding(name, look())
    except VaultError as error:
        return _bad(name, error.detail, remedy)


def _models(vault: Vault, settings: Settings) -> Iterator[Finding]:
    yield _embedder(vault, settings)
    if not settings.generator:
        yield Finding("generator", "none is set; answers quote their sources")
        return
    try:
        manifest = _sound(vault.models_dir / settings.generator)
        yield Finding("generator", f"{manifest.name}, {manifest.digest[:19]}")
    except ModelError as error:
        yield _bad("generator", str(error), BRING_MODEL)


def _embedder(vault: Vault, settings: Settings) -> Finding:
    """Look at the embedder that made the home's vectors, which settings need not name."""
    with vault.store.read() as unit:
        space = unit.vectors.in_use()
        done, total = unit.vectors.covered(space) if space else (0, 0)
    if space is None and not settings.embedder:
        return _bad(
            "embedder", "none is set", "Set VAULT_EMBEDDER to the name of a model's folder."
        )
    try:
        folder = vault.folder_in(space)
        manifest = _sound(folder)
        runs = outcome(manifest, vault.prepared_models)
    except (ModelError, VaultError) as error:
        return _bad("embedder", str(error), BRING_MODEL)
    detail = f"{manifest.name}, {manifest.digest[:19]}"
    if runs is not None:
        detail += f", run by {runs.backend}"
    if folder.name != settings.embedder:
        detail += f"; the settings name {settings.embedder!r}, which made no vectors in use"
    if done < total:
        detail += f"; {total - done} of {total} chunks have no vectors of it"
        return _bad("embedder", detail, "Make them: strongroom model reembed")
    return Finding("embedder", detail)


def _sound(folder: Path) -> ModelManifest:
    manifest = load_manifest(folder)
    check_files(folder, manifest)
    return manifest


def _documents(vault: Vault) -> str:
    with vault.store.read() as unit:
        counts = unit.documents.count()
        letters = len(unit.sources.dead_letters())
    held = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "nothing"
    return f"holds {held}; {letters} dead letters"


def _sources(vault: Vault) -> Iterator[Finding]:
    """Yield what is wrong with sources, one finding for each; nothing if none is followed."""
    with vault.store.read() as unit:
        stale = {found.source_id: found for found in vault.withholding.sources(unit)}
        sources = unit.sources.all()
        unknown = {found.id: unit.rights.unknown(found.id) for found in sources}
    for found in sources:
        name = f"source {found.id}"
        if found.id in stale:
            seen = stale[found.id].seen_at
            when = "never" if seen is None else f"last on {seen:%Y-%m-%d %H:%M} UTC"
            detail = f"its rights were seen in full {when}; what they let read is withheld"
            yield _bad(name, detail, f"Make it answer, then: strongroom sync {found.id}")
        elif found.problem is not None:
            yield _bad(name, found.problem, f"Make it answer, then: strongroom sync {found.id}")
        elif unknown[found.id]:
            detail = f"{unknown[found.id]} items have rights that cannot be read; nobody sees them"
            yield _bad(name, detail, "Let the account that reads the source read its rights.")
        else:
            yield Finding(name, "is followed")


def _ledger(vault: Vault) -> str:
    with vault.store.read() as unit:
        result = vault.ledger.verify_all(unit.ledger)
    if not result.ok:
        raise VaultError("; ".join(result.problems[:3]))
    return f"{result.size} entries verify under {result.checkpoints} checkpoints"


def _parser(vault: Vault) -> str:
    return f"files are read under {vault.parser.isolation.value}"


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    detail = f"{free // 2**20} MiB free"
    if free >= LEAST_FREE_BYTES:
        return Finding("disk", detail)
    return _bad("disk", detail, "Free space on this disk.")


def _remedy(error: VaultError) -> str:
    return {
        "unauthenticated": "Set VAULT_PASSPHRASE_FILE to a file whose first line opens this home.",
    }.get(error.slug, "See the detail; strongroom init brings an older home up to this release.")
