"""One branch of a git repository on disk: the files it holds, and how two states differ."""

import stat
import weakref
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dulwich.diff_tree import tree_changes
from dulwich.errors import (
    ApplyDeltaError,
    ChecksumMismatch,
    FileFormatException,
    MissingCommitError,
    NotGitRepository,
    ObjectMissing,
    WrongObjectException,
)
from dulwich.object_store import MaxTreeDepthExceeded, iter_tree_contents, tree_lookup_path
from dulwich.objects import Commit, ObjectID, TreeEntry
from dulwich.refs import Ref
from dulwich.repo import Repo

from connectors.errors import SourceUnavailableError
from connectors.git_blob import read_blob
from connectors.git_history import History, Touch

_BROKEN = (
    ApplyDeltaError,
    AssertionError,
    ChecksumMismatch,
    FileFormatException,
    KeyError,
    MaxTreeDepthExceeded,
    MissingCommitError,
    NotGitRepository,
    ObjectMissing,
    OSError,
    ValueError,
    WrongObjectException,
    zlib.error,
)
"""What a missing, cut off or damaged repository shows itself by."""


@dataclass(frozen=True, slots=True)
class GitFile:
    """A regular file in a tree, by its path and the name of its blob."""

    path: bytes
    blob: ObjectID


class Branch:
    """Reads one branch; objects it does not hold, such as submodules, are not files of it.

    Args:
        folder: the repository, bare or with a work tree, which is not looked at.
        name: the branch, or empty for the one that HEAD names.
        max_files: ceiling for the files of one tree.
    """

    def __init__(self, folder: Path, *, name: str, max_files: int) -> None:
        self._folder = folder
        self._ref = Ref(f"refs/heads/{name}".encode() if name else b"HEAD")
        self._max_files = max_files
        self._repository: Repo | None = None
        self._history: History | None = None

    def head(self) -> ObjectID:
        """Return the commit the branch is at now.

        Raises:
            SourceUnavailableError: the repository or the branch is not there.
        """
        with _outages():
            return self._open().refs[self._ref]

    def files(self, commit: ObjectID) -> Iterator[GitFile]:
        """Yield the regular files of one commit.

        Raises:
            SourceUnavailableError: the repository is damaged, or the tree too large.
        """
        with _outages():
            store = self._open().object_store
            tree = self._commit(commit).tree
            for count, entry in enumerate(iter_tree_contents(store, tree, max_depth=1000), start=1):
                self._demand_few(count)
                yield from _file(entry)

    def knows(self, commit: str) -> bool:
        """Tell whether a commit that was read earlier is still there to compare with."""
        with _outages():
            store = self._open().object_store
            name = ObjectID(commit.encode())
            return name in store and self._commit(name).tree in store

    def changes(self, before: ObjectID, after: ObjectID) -> tuple[list[GitFile], list[bytes]]:
        """Return the files that are new or different in ``after``, and the paths that are gone.

        A file that was moved is gone from one path and new at another, with the same blob.

        Raises:
            SourceUnavailableError: the repository is damaged, or too much changed.
        """
        with _outages():
            trees = [self._commit(commit).tree for commit in (before, after)]
            gone: set[bytes] = set()
            new: dict[bytes, GitFile] = {}
            found = tree_changes(self._open().object_store, trees[0], trees[1])
            for count, change in enumerate(found, start=1):
                self._demand_few(count)
                gone |= {file.path for file in _file(change.old)}
                new |= {file.path: file for file in _file(change.new)}
        return list(new.values()), sorted(gone - new.keys())

    def find(self, commit: ObjectID, path: bytes) -> GitFile | None:
        """Return the regular file at ``path`` in one commit, or None if there is none."""
        with _outages():
            tree = self._commit(commit).tree
            try:
                mode, blob = tree_lookup_path(self._open().object_store.__getitem__, tree, path)
            except (KeyError, WrongObjectException):
                return None
        return next(_file(TreeEntry(path, mode, blob)), None)

    def read(self, file: GitFile, *, max_bytes: int) -> bytes:
        """Return the bytes of a file.

        Raises:
            SourceRejectedError: it is too large, or kept elsewhere.
            SourceUnavailableError: the repository lacks it, or is damaged.
        """
        with _outages():
            return read_blob(self._open().object_store, file.blob, max_bytes=max_bytes)

    def touched(self, commit: ObjectID, path: bytes, *, max_commits: int) -> Touch:
        """Return when the branch got the content it has at ``path``, and from whom."""
        with _outages():
            if self._history is None or self._history.head != commit:
                store = self._open().object_store
                self._history = History(store, commit, max_commits=max_commits)
            return self._history.touch(path)

    def _open(self) -> Repo:
        if self._repository is None:
            self._repository = Repo(str(self._folder))
            weakref.finalize(self, self._repository.close)
        return self._repository

    def _commit(self, name: ObjectID) -> Commit:
        found = self._open().object_store[name]
        if not isinstance(found, Commit):
            raise ObjectMissing(name)
        return found

    def _demand_few(self, count: int) -> None:
        if count > self._max_files:
            raise SourceUnavailableError(f"the branch has more than {self._max_files} files")


def _file(entry: TreeEntry | None) -> Iterator[GitFile]:
    """Yield the file that an entry is, unless it is a link, a submodule or nothing at all."""
    if entry is not None and stat.S_ISREG(entry.mode):
        yield GitFile(entry.path, entry.sha)


def of_prefix(path: bytes, prefixes: Iterable[bytes]) -> bool:
    """Tell whether ``path`` is one of the prefixes or lies below one; no prefixes take all."""
    wanted = tuple(prefixes)
    return not wanted or any(path == prefix or path.startswith(prefix + b"/") for prefix in wanted)


@contextmanager
def _outages() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        reason = "the repository or its branch is missing or damaged"
        raise SourceUnavailableError(reason) from error
