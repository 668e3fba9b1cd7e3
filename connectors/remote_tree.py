"""Walks folders of a server in one fixed order, so that a listing can be taken up again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from connectors.errors import SourceUnavailableError
from connectors.facts import Cursor, Failure, Item, SlimItem

_EVERY = 500
_DEEPEST = 200


class FolderUnreadableError(Exception):
    """One folder cannot be listed; the others may."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file or a folder as a listing shows it.

    Attributes:
        name: last step of its path; unique in its folder.
        uri: stable name inside the source; also the item's id.
        shown: the name as it can be printed.
        version: changes with content or rights; empty for a folder.
        size: bytes, where the server says so.
        acl_hash: changes with its rights; empty where readers are mapped.
        refusal: why the file cannot be read for good, if that is known already.
    """

    name: str
    uri: str
    shown: str
    is_folder: bool
    version: str = ""
    size: int | None = None
    acl_hash: str = ""
    refusal: str | None = None


class Lister(Protocol):
    """Something that can list one folder of a server."""

    def list_folder(self, steps: tuple[str, ...], *, rights: bool) -> list[Entry]:
        """Return all entries of the folder at ``steps`` below the root.

        Args:
            steps: names of the folders on the way, none for the root.
            rights: whether ``acl_hash`` is wanted.

        Raises:
            FolderUnreadableError: this folder alone cannot be listed.
            SourceUnavailableError: the server does not answer any more.
        """
        ...

    def uri_of(self, steps: tuple[str, ...]) -> str:
        """Return the URI of the folder at ``steps``."""
        ...


@dataclass(frozen=True, slots=True)
class Position:
    """How far the last scan came.

    Attributes:
        files: files that the last whole scan found.
        after: path of the last file reported by a scan that did not end.
        so_far: files reported by that scan.
    """

    files: int = 0
    after: tuple[str, ...] = ()
    so_far: int = 0

    @classmethod
    def of(cls, cursor: Cursor | None) -> "Position":
        """Return the position a cursor holds; one that cannot be read starts over."""
        if cursor is None:
            return cls()
        try:
            kept = json.loads(cursor.value)
            after = tuple(str(step) for step in kept.get("after", ()))
            return cls(int(kept.get("files", 0)), after, int(kept.get("so_far", 0)))
        except (ValueError, TypeError, AttributeError):
            return cls()

    def cursor(self) -> Cursor:
        """Return the position as a cursor."""
        kept: dict[str, object] = {"files": self.files}
        if self.after:
            kept |= {"after": self.after, "so_far": self.so_far}
        return Cursor(json.dumps(kept))


class RemoteTree:
    """The files below one folder of a server.

    Args:
        source_id: name of the source, for messages.
        lister: lists one folder.
        max_bytes: larger files are reported as failures.
    """

    def __init__(self, source_id: str, lister: Lister, *, max_bytes: int) -> None:
        self._source_id = source_id
        self._lister = lister
        self._max_bytes = max_bytes

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Failure | Cursor]:
        """Yield each file, what cannot be read as failures, and cursors between.

        A scan that was cut off goes on behind its last cursor.

        Raises:
            SourceUnavailableError: the server is gone, or suddenly empty.
        """
        position = Position.of(cursor)
        count = position.so_far
        for found in self._walk((), position.after, rights=False):
            if isinstance(found, Failure):
                yield found
                continue
            steps, entry = found
            count += 1
            yield self._fact(entry)
            if not count % _EVERY:
                yield Position(position.files, steps, count).cursor()
        self._demand_some(count, position)
        yield Position(count).cursor()

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield each file with the hash of its rights.

        Raises:
            SourceUnavailableError: the listing is not complete, or suddenly empty.
        """
        count = 0
        for found in self._walk((), (), rights=True):
            if isinstance(found, Failure):
                raise SourceUnavailableError(f"source {self._source_id!r}: {found.reason}")
            count += 1
            yield SlimItem(found[1].uri, found[1].version, found[1].acl_hash)
        self._demand_some(count, Position.of(cursor))

    def _fact(self, entry: Entry) -> Item | Failure:
        if entry.refusal is not None:
            return Failure(entry.uri, entry.refusal, retry=False)
        if entry.size is not None and entry.size > self._max_bytes:
            reason = f"the file is larger than {self._max_bytes} bytes"
            return Failure(entry.uri, reason, retry=False)
        return Item(entry.uri, entry.uri, entry.version, entry.shown, entry.size)

    def _demand_some(self, count: int, before: Position) -> None:
        if before.files and not count:
            # A share that vanished behind its server looks exactly like an empty one.
            raise SourceUnavailableError(f"source {self._source_id!r} lists no files at all")

    def _walk(
        self, steps: tuple[str, ...], after: tuple[str, ...], *, rights: bool
    ) -> Iterator[tuple[tuple[str, ...], Entry] | Failure]:
        if len(steps) > _DEEPEST:
            yield Failure(self._lister.uri_of(steps), "folders lie too deep in each other")
            return
        try:
            entries = self._lister.list_folder(steps, rights=rights)
        except FolderUnreadableError as error:
            yield Failure(self._lister.uri_of(steps), f"a folder cannot be listed: {error}")
            return
        for entry in sorted(entries, key=lambda each: each.name):
            path = (*steps, entry.name)
            if path <= after and (not entry.is_folder or after[: len(path)] != path):
                continue
            if entry.is_folder:
                yield from self._walk(path, after, rights=rights)
            else:
                yield path, entry
