"""Walks a folder for its regular files, with the rights of the way to each."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.facts import Failure
from connectors.local_files import quoted, uri_of
from connectors.posix_rights import OPEN_WAY, Way, deeper, way_down

_SKIPPED_FOLDERS = frozenset({"CVS", "_darcs", "__MACOSX", "$RECYCLE.BIN", "lost+found"})
_SKIPPED_FILES = frozenset({"thumbs.db", "desktop.ini"})
_LOCK_PREFIX = "~$"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file that was met on the walk.

    Attributes:
        status: what ``lstat`` said of it.
        way: the folders that lead to it; ``OPEN_WAY`` where rights do not count, None where
            they are unknown.
    """

    path: str
    uri: str
    name: str
    status: os.stat_result
    way: Way | None


class FolderTree:
    """The regular files below a folder; symbolic links are neither listed nor followed.

    Args:
        include_hidden: whether names that start with a dot are listed too.
        top: first folder whose rights count on the way to a file, or None where none does.
    """

    def __init__(self, *, include_hidden: bool, top: str | None) -> None:
        self._include_hidden = include_hidden
        self._top = top

    def below(self, root: Path) -> Iterator[FoundFile | Failure]:
        """Yield every file below ``root`` in the order of names, folder by folder.

        A folder that cannot be listed is a failure.
        """
        first = str(root)
        # Recursion would end at a depth that file systems allow.
        pending: list[Iterator[FoundFile | Failure | _Folder]]
        pending = [self._listed(_Folder(first, self.way_to(first)))]
        while pending:
            found = next(pending[-1], None)
            if found is None:
                pending.pop()
            elif isinstance(found, _Folder):
                pending.append(self._listed(found))
            else:
                yield found

    def single(self, path: Path) -> Iterator[FoundFile | Failure]:
        """Yield the file ``path`` if it is one."""
        try:
            status = path.lstat()
        except FileNotFoundError:
            return
        except OSError:
            yield Failure(uri_of(path), "a file cannot be examined")
            return
        if stat.S_ISREG(status.st_mode):
            way = self.way_to(str(path.parent))
            yield FoundFile(str(path), uri_of(path), path.name, status, way)

    def way_to(self, folder: str) -> Way | None:
        """Return the way into ``folder``, read now."""
        return OPEN_WAY if self._top is None else way_down(folder, top=self._top)

    def _listed(self, folder: "_Folder") -> Iterator["FoundFile | Failure | _Folder"]:
        shown = uri_of(Path(folder.path))
        prefix = shown if shown.endswith("/") else shown + "/"
        try:
            with os.scandir(folder.path) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            yield Failure(shown, "a folder cannot be listed")
            return
        for entry in listed:
            if self._is_skipped(entry):
                continue
            uri = prefix + quoted(os.fsencode(entry.name))
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            except OSError:
                yield Failure(uri, "a file cannot be examined")
                continue
            if stat.S_ISREG(status.st_mode):
                yield FoundFile(entry.path, uri, entry.name, status, folder.way)
            elif stat.S_ISDIR(status.st_mode):
                way = OPEN_WAY if self._top is None else deeper(folder.way, entry.path, status)
                yield _Folder(entry.path, way)

    def _is_skipped(self, entry: os.DirEntry[str]) -> bool:
        hidden = entry.name.startswith(".") and not self._include_hidden
        litter = entry.name.startswith(_LOCK_PREFIX) or entry.name.lower() in _SKIPPED_FILES
        return hidden or litter or entry.name in _SKIPPED_FOLDERS


@dataclass(frozen=True, slots=True)
class _Folder:
    path: str
    way: Way | None
