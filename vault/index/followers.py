"""The indexes of one home side by side: one for each model whose vectors it holds."""

import hashlib
import shutil
from pathlib import Path
from threading import Lock

from models.base import Embedder, space_of
from vault.index.follower import IndexFollower
from vault.store.session import Store


class Followers:
    """Gives every embedder an index of its own vectors and of no others.

    Args:
        store: the database.
        root: where generations are kept, a folder for each model.
        key: seals the files.
    """

    def __init__(self, store: Store, *, root: Path, key: bytes) -> None:
        self._store = store
        self._root = root
        self._key = key
        self._known: dict[str, IndexFollower] = {}
        self._lock = Lock()

    def of(self, embedder: Embedder) -> IndexFollower:
        """Return this process's index of the embedder's vectors."""
        space = space_of(embedder.fingerprint)
        with self._lock:
            if space not in self._known:
                self._known[space] = IndexFollower(
                    self._store,
                    folder=self._folder(space),
                    key=self._key,
                    dimension=embedder.dimension,
                    fingerprint=embedder.fingerprint,
                )
            return self._known[space]

    def purge(self, embedder: Embedder) -> None:
        """Drop every trace of removed chunks from memory and from disk, now.

        The embedder's own index is written again without them. Those of other models are
        deleted whole: they can be built from the database when they are needed.
        """
        self.leave_only(space_of(embedder.fingerprint))
        self.of(embedder).purge()

    def leave_only(self, space: str) -> None:
        """Delete what is saved of every other index, and forget it."""
        with self._lock:
            self._known = {name: each for name, each in self._known.items() if name == space}
            if not self._root.is_dir():
                return
            for path in self._root.iterdir():
                if path.is_dir() and path != self._folder(space):
                    shutil.rmtree(path)
                elif path.is_file():
                    path.unlink()

    def _folder(self, space: str) -> Path:
        return self._root / hashlib.sha256(space.encode()).hexdigest()[:16]
