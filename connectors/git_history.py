"""When a branch got the content it has, path by path."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from dulwich.diff_tree import tree_changes
from dulwich.object_store import BaseObjectStore
from dulwich.objects import Commit, ObjectID


@dataclass(frozen=True, slots=True)
class Touch:
    """The change that brought a path to what it is.

    Attributes:
        at: when the branch got it, aware.
        author: name of the person the commit names as its author.
    """

    at: datetime
    author: str


class History:
    """Walks a branch back along its first parents, no further than it is asked to.

    A merge counts as one change, at the time it was merged: only then did the branch have it.

    Args:
        store: the objects.
        head: commit to start from.
        max_commits: how far to go back; what is older counts as of the last one reached.
    """

    def __init__(self, store: BaseObjectStore, head: ObjectID, *, max_commits: int) -> None:
        self.head = head
        self._store = store
        self._max_commits = max_commits
        self._touches: dict[bytes, Touch] = {}
        self._steps = self._walk()
        self._oldest: Touch | None = None

    def touch(self, path: bytes) -> Touch:
        """Return the change that brought ``path``, a file of the head, to what it is.

        Raises:
            KeyError: the repository lacks the head itself.
        """
        while path not in self._touches:
            try:
                self._oldest = next(self._steps)
            except StopIteration:
                break
        found = self._touches.get(path, self._oldest)
        if found is None:
            raise KeyError(self.head)
        return found

    def _walk(self) -> Iterator[Touch]:
        commit = self._store[self.head]
        for _ in range(self._max_commits):
            if not isinstance(commit, Commit):
                raise KeyError(self.head)
            touch = _touch(commit)
            # The history of a shallow copy ends before its beginning.
            known = [name for name in commit.parents[:1] if name in self._store]
            parent = self._store[known[0]] if known else None
            before = parent.tree if isinstance(parent, Commit) else None
            for change in tree_changes(self._store, before, commit.tree):
                if change.new is not None and change.new.path is not None:
                    self._touches.setdefault(change.new.path, touch)
            yield touch
            if parent is None:
                return
            commit = parent


def _touch(commit: Commit) -> Touch:
    author = commit.author.decode("utf-8", "replace").partition(" <")[0]
    return Touch(datetime.fromtimestamp(commit.commit_time, UTC), author)
