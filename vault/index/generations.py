"""Sealed copies of the index on disk: written beside the old one, then swapped in whole."""

import fcntl
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vault.domain.errors import HomeUnavailableError
from vault.index.archive import DENSE_TYPES, dense_arrays, dense_index
from vault.index.arrays import ArchiveError
from vault.index.index import IndexState, VaultIndex
from vault.index.lexical_archive import LEXICAL_TYPES, lexical_arrays, lexical_index
from vault.index.manifest import ArrayEntry, Manifest, ManifestError
from vault.index.sealed import SALT_BYTES, SealedFile, Sealer, SealError
from vault.index.statistics import USUAL

CURRENT = "CURRENT"
TYPES = DENSE_TYPES | LEXICAL_TYPES
"""Element type and number of axes of every array of a generation."""
_MANIFEST = "manifest.json"
_LOCK = ".lock"
_UNFINISHED = ".unfinished-"
_NAME = re.compile(r"(\d{8})-[0-9a-f]{12}")

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was found on disk.

    Attributes:
        index: the index, or None when nothing usable is there.
        rejected: why not, in words for an operator; empty when an index was loaded.
    """

    index: VaultIndex | None
    rejected: str = ""


def _no_step(_: str) -> None:
    """Do nothing after a step."""


def save(index: VaultIndex, root: Path, *, key: bytes, on_step: Step = _no_step) -> int:
    """Write a new generation, make it the current one, drop the others; return its number.

    After a crash at any point the folder holds the old generation or the new one, whole.

    Args:
        index: may go on changing; what is written is one consistent version.
        root: folder of all generations; created if missing.
        key: 32 bytes that seal the files.
        on_step: told the name of each step once it is done.

    Raises:
        HomeUnavailableError: the disk is full or refuses; the old generation is intact.
    """
    state = index.snapshot()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with _locked(root):
            _remove_unfinished(root)
            number = 1 + max((int(name[:8]) for name in _generations(root)), default=0)
            name = f"{number:08d}-{_short(index.fingerprint)}"
            _write(state, root, name, key, index.fingerprint, on_step)
            _point_at(root, name, on_step)
            for other in _generations(root) - {name}:
                shutil.rmtree(root / other)
            on_step("pruned")
            return number
    except OSError as error:
        raise HomeUnavailableError("the index could not be saved; the last copy is kept") from error


def load_latest(root: Path, *, key: bytes, fingerprint: str) -> Loaded:
    """Return the current generation if it is authentic, complete and of this fingerprint."""
    for _ in range(2):
        try:
            name = (root / CURRENT).read_text(encoding="utf-8").strip()
            if not _NAME.fullmatch(name):
                return Loaded(None, "the pointer to the current generation is damaged")
            return Loaded(_read(root / name, key, fingerprint))
        except FileNotFoundError:
            # Another process may have replaced this generation meanwhile: look once more.
            continue
        except OSError as error:
            return Loaded(None, f"the saved index cannot be read: {error.strerror}")
        except (SealError, ManifestError, ArchiveError, UnicodeDecodeError) as error:
            return Loaded(None, f"the saved index was refused: {error}")
    return Loaded(None, "there is no complete generation")


def _write(
    state: IndexState, root: Path, name: str, key: bytes, fingerprint: str, on_step: Step
) -> None:
    work = root / f"{_UNFINISHED}{name}"
    work.mkdir(mode=0o700)
    try:
        salt = secrets.token_bytes(SALT_BYTES)
        entries = _seal_arrays(state, work, Sealer(key, salt), on_step)
        manifest = Manifest(
            number=int(name[:8]),
            fingerprint=fingerprint,
            dimension=state.dense.dimension,
            rows=state.lexical.documents,
            applied_sequence=state.sequence,
            salt=salt,
            arrays=entries,
        )
        _write_flushed(work / _MANIFEST, manifest.to_bytes(key))
        on_step("manifest")
        _flush_folder(work)
        on_step("folder flushed")
        work.rename(root / name)
        on_step("renamed")
        _flush_folder(root)
        on_step("root flushed")
    except OSError:
        shutil.rmtree(work, ignore_errors=True)
        raise


def _seal_arrays(
    state: IndexState, work: Path, sealer: Sealer, on_step: Step
) -> dict[str, ArrayEntry]:
    entries = {}
    for arrays in (dense_arrays(state.dense), lexical_arrays(state.lexical)):
        for name, values in arrays.items():
            plain = np.ascontiguousarray(values, np.dtype(TYPES[name][0]))
            sealed = sealer.seal(work / name, plain.reshape(-1).view(np.uint8).data)
            entries[name] = ArrayEntry(sealed.sha256, plain.shape)
            on_step(name)
    return entries


def _point_at(root: Path, name: str, on_step: Step) -> None:
    pointer = root / f"{_UNFINISHED}{CURRENT}"
    _write_flushed(pointer, name.encode())
    on_step("pointer written")
    pointer.replace(root / CURRENT)
    on_step("pointer swapped")
    _flush_folder(root)
    on_step("pointer flushed")


def _read(folder: Path, key: bytes, fingerprint: str) -> VaultIndex:
    manifest = Manifest.from_bytes((folder / _MANIFEST).read_bytes(), key)
    if folder.name != f"{manifest.number:08d}-{_short(manifest.fingerprint)}":
        raise ManifestError("the generation lies under another generation's name")
    if manifest.fingerprint != fingerprint:
        raise ManifestError("the vectors are of another embedding model")
    if manifest.arrays.keys() != TYPES.keys():
        raise ManifestError("the generation does not hold the arrays it should")
    sealer = Sealer(key, manifest.salt)
    arrays = {}
    for name, entry in manifest.arrays.items():
        kind, axes = np.dtype(TYPES[name][0]), TYPES[name][1]
        if len(entry.shape) != axes:
            raise ManifestError(f"{name} has another number of axes")
        size = kind.itemsize * int(np.prod(entry.shape, dtype=object))
        content = sealer.open(folder / name, SealedFile(size, entry.sha256))
        arrays[name] = np.frombuffer(content, kind).reshape(entry.shape)
    dense = dense_index(arrays, manifest.dimension)
    lexical = lexical_index(arrays, scoring=USUAL)
    if not lexical.documents == len(dense.table) == manifest.rows:
        raise ManifestError("the generation holds another number of rows")
    state = IndexState.of(dense, lexical, manifest.applied_sequence)
    return VaultIndex.restored(fingerprint, state)


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Keep other processes from writing generations until the block ends."""
    with (root / _LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _generations(root: Path) -> set[str]:
    return {path.name for path in root.iterdir() if _NAME.fullmatch(path.name)}


def _remove_unfinished(root: Path) -> None:
    for path in root.glob(f"{_UNFINISHED}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _write_flushed(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _short(fingerprint: str) -> str:
    return hashlib.sha256(fingerprint.encode()).hexdigest()[:12]
