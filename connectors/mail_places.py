"""Finds where mail is kept below a folder: mbox files, and folders of single messages."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Failure
from connectors.folder_tree import FolderTree, FoundFile
from connectors.local_files import uri_of, version_of
from connectors.mailboxes import is_mbox, opened

_SUFFIX = ".eml"
_DELIVERED = frozenset({"cur", "new"})
_MAILDIR = frozenset({"cur", "new", "tmp"})
_LITTER = ("dovecot", "courierimap", "maildirfolder", "maildirsize", "subscriptions")
_LITTER_SUFFIXES = (".msf", ".lock", ".index", ".log")


@dataclass(frozen=True, slots=True)
class Mbox:
    """One file of many messages."""

    path: Path
    status: os.stat_result

    @property
    def seal(self) -> str:
        """Return a token that changes when the file does."""
        return version_of(self.status)


@dataclass(frozen=True, slots=True)
class Folder:
    """The single messages in one folder, in the order of their names."""

    path: Path
    files: tuple[FoundFile, ...]

    @property
    def seal(self) -> str:
        """Return a token that changes when a message comes, goes or is written to."""
        found = hashlib.sha256()
        for file in self.files:
            found.update(f"{file.uri} {version_of(file.status)}\n".encode())
        return found.hexdigest()[:32]


Place = Mbox | Folder


def places(root: Path) -> Iterator[Place | Failure]:
    """Yield each place where mail is kept at or below ``root``, in a fixed order.

    Files that are no mail, and folders that cannot be listed, are failures.

    Raises:
        SourceUnavailableError: the root is not there.
    """
    tree = FolderTree(include_hidden=True, top=None)
    if root.is_dir():
        found = tree.below(root)
    elif root.is_file():
        found = tree.single(root)
    else:
        raise SourceUnavailableError("the mail is not there")
    singles: dict[Path, list[FoundFile]] = {}
    boxes: list[Mbox | Failure] = []
    for file in found:
        if isinstance(file, Failure):
            boxes.append(file)
        elif _is_single(Path(file.path)):
            singles.setdefault(Path(file.path).parent, []).append(file)
        elif not _is_litter(file):
            boxes.append(_mbox(file))
    yield from boxes
    for folder in sorted(singles):
        yield Folder(folder, tuple(sorted(singles[folder], key=lambda file: file.path)))


def _is_single(path: Path) -> bool:
    if path.parent.name in _MAILDIR and (path.parent.parent / "cur").is_dir():
        return path.parent.name in _DELIVERED
    return path.suffix.lower() == _SUFFIX


def _is_litter(file: FoundFile) -> bool:
    path = Path(file.path)
    unfinished = path.parent.name == "tmp" and (path.parent.parent / "cur").is_dir()
    named = path.name.startswith(_LITTER) or path.name.endswith(_LITTER_SUFFIXES)
    return unfinished or named or not file.status.st_size


def _mbox(file: FoundFile) -> Mbox | Failure:
    path = Path(file.path)
    try:
        with opened(path) as (content, status):
            if is_mbox(content):
                return Mbox(path, status)
    except (SourceRejectedError, SourceUnavailableError) as error:
        return Failure(uri_of(path), str(error))
    return Failure(uri_of(path), "the file is neither a message nor a mailbox", retry=False)
