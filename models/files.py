"""The files of a model folder: which kinds may lie in it, and whether they are unaltered."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from models.errors import ModelDigestError, ModelInvalidError, ModelMissingError
from models.manifest import MANIFEST_NAME, ModelManifest, parse, save

SUFFIXES = {
    "sentence-transformers": frozenset({".safetensors", ".json", ".txt", ".model"}),
    "cross-encoder": frozenset({".safetensors", ".json", ".txt", ".model"}),
    "llama-cpp": frozenset({".gguf"}),
}
"""What each backend of ours may read: data formats that cannot carry code."""

PAPERS = frozenset({"LICENSE", "LICENSE.txt", "NOTICE", "README.md"})


def check_files(folder: Path, manifest: ModelManifest) -> None:
    """Return only if ``folder`` holds exactly the files of ``manifest``, unaltered.

    A backend may look for files by name, so one file too many is as bad as a wrong one.

    Raises:
        ModelMissingError: a listed file is not there.
        ModelInvalidError: a file is not listed, is a link, or is of a kind that may hold code.
        ModelDigestError: a file differs from the digest in the manifest.
    """
    present = list_files(folder)
    refuse_code(manifest.files, backend=manifest.backend)
    if missing := sorted(manifest.files.keys() - present):
        raise ModelMissingError(f"model {manifest.name!r} lacks {missing}")
    if extra := sorted(present - manifest.files.keys()):
        raise ModelInvalidError(f"model {manifest.name!r} has unlisted files {extra}")
    for name, expected in manifest.files.items():
        if sha256(folder / name) != expected:
            raise ModelDigestError(f"file {name!r} of model {manifest.name!r} was altered")


def list_files(folder: Path) -> set[str]:
    """Return the paths of all files under ``folder`` but the manifest, with ``/``.

    Raises:
        ModelInvalidError: something in it is neither a plain file nor a folder.
    """
    names = set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise ModelInvalidError(f"{name!r} in {folder.name!r} is a link or a device")
        if path.is_file() and name != MANIFEST_NAME:
            names.add(name)
    return names


def refuse_code(names: Iterable[str], *, backend: str) -> None:
    """Return only if no file is of a kind that could hold code.

    Backends of other packages answer for their own formats.

    Raises:
        ModelInvalidError: a suffix is not on the list of the backend.
    """
    allowed = SUFFIXES.get(backend)
    for name in sorted(names):
        path = Path(name)
        if allowed is not None and path.name not in PAPERS and path.suffix not in allowed:
            raise ModelInvalidError(f"{backend} models may not hold {name!r}; remove it")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def describe(folder: Path, **fields: object) -> ModelManifest:
    """Write and return the manifest of a model folder that a person brought.

    Args:
        folder: holds the weights and nothing that is not part of the model.
        fields: every field of ``ModelManifest`` that applies, but for ``files``.

    Raises:
        ModelMissingError: there is no such folder, or nothing in it.
        ModelInvalidError: the folder holds a link or a file that may hold code, or a value
            breaks a rule of the manifest.
    """
    names = sorted(list_files(folder))
    if not names:
        raise ModelMissingError(f"model folder {folder.name!r} is absent or empty")
    refuse_code(names, backend=str(fields.get("backend")))
    files = {name: sha256(folder / name) for name in names}
    manifest = parse(fields | {"files": files}, name=folder.name)
    save(folder, manifest)
    return manifest
