"""Folders and files on this machine, or mounted on it, as a source."""

import json
import mimetypes
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from connectors.base import AclSupport, Capabilities, Health
from connectors.errors import ConnectorConfigError, SourceRejectedError, SourceUnavailableError
from connectors.facts import (
    Cursor,
    Failure,
    Item,
    Membership,
    RawAcl,
    SlimItem,
    SourceContent,
    SourcePrincipal,
    Tombstone,
)
from connectors.local_files import path_of, read_file, shown_name, uri_of, version_of

_SKIPPED_FOLDERS = frozenset({"CVS", "_darcs", "__MACOSX", "$RECYCLE.BIN", "lost+found"})
_SKIPPED_FILES = frozenset({"thumbs.db", "desktop.ini"})
_LOCK_PREFIX = "~$"


@dataclass(frozen=True, slots=True)
class FilesystemConfig:
    """What to follow.

    Attributes:
        root: folder whose regular files are followed.
        files: single files, besides or instead of a folder; one a line as text.
        max_bytes: larger files are rejected.
        include_hidden: whether names that start with a dot are followed too.
    """

    root: Path | None = None
    files: tuple[Path, ...] = ()
    max_bytes: int = 256 * 2**20
    include_hidden: bool = False

    def __post_init__(self) -> None:
        """Refuse a configuration that names nothing."""
        if self.root is None and not self.files:
            raise ConnectorConfigError("connector 'filesystem' needs root or files")


class FilesystemConnector:
    """Follows regular files; symbolic links are neither listed nor opened.

    Readers are mapped: file modes rarely name the people a document is meant for.

    Args:
        source_id: stable name of this source.
        config: what to follow.
    """

    config_type: ClassVar[type] = FilesystemConfig
    capabilities: ClassVar[Capabilities] = Capabilities(acl=AclSupport.MAPPED)

    def __init__(self, *, source_id: str, config: FilesystemConfig) -> None:
        self.source_id = source_id
        self._config = config
        self._root = None if config.root is None else Path(os.path.realpath(config.root))
        # The folder may be reached through links, the file itself may not.
        self._files = tuple(
            Path(os.path.realpath(file.parent)) / file.name for file in config.files
        )

    def check(self) -> Health:
        """Tell whether the root is there and can be listed."""
        try:
            self._demand_root()
        except SourceUnavailableError as error:
            return Health(ok=False, detail=str(error))
        return Health(ok=True, detail="the folder can be listed")

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield every file, unreadable ones as failures, then a cursor that counts them."""
        count = 0
        for found in self._listing():
            if isinstance(found, Failure):
                yield found
                continue
            path, status = found
            count += 1
            if status.st_size > self._config.max_bytes:
                reason = f"the file is larger than {self._config.max_bytes} bytes"
                yield Failure(uri_of(path), reason, retry=False)
            elif not os.access(path, os.R_OK):
                yield Failure(uri_of(path), "the file may not be read by this process")
            else:
                name = shown_name(path.name)
                yield Item(uri_of(path), uri_of(path), version_of(status), name, status.st_size)
        self._demand_some(count, cursor)
        yield Cursor(json.dumps({"files": count}))

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield every file; a folder that cannot be listed makes the sweep fail."""
        count = 0
        for found in self._listing():
            if isinstance(found, Failure):
                raise SourceUnavailableError(f"source {self.source_id!r}: {found.reason}")
            path, status = found
            count += 1
            yield SlimItem(uri_of(path), version_of(status))
        self._demand_some(count, cursor)

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield no entries for any item: its readers come from the data owner."""
        for item in ids:
            yield RawAcl(item, b"", None)

    def principals(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield nothing: a folder knows no people."""
        yield from ()

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002, ARG002 - the seam's shape
        """Return the bytes of one file; no symbolic link on the way is followed."""
        path = path_of(id)
        content, status = read_file(*self._steps(path), max_bytes=self._config.max_bytes)
        return SourceContent(
            content=content,
            version=version_of(status),
            media_type=mimetypes.guess_type(path.name)[0],
            modified_at=datetime.fromtimestamp(status.st_mtime, UTC),
        )

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: a folder knows no people."""
        return None

    def _demand_root(self) -> None:
        if self._root is not None and not self._root.is_dir():
            raise SourceUnavailableError(f"the folder of source {self.source_id!r} is not there")

    def _demand_some(self, count: int, cursor: Cursor | None) -> None:
        before = json.loads(cursor.value).get("files", 0) if cursor is not None else 0
        if before and not count:
            # A share that is not mounted looks exactly like an empty one.
            raise SourceUnavailableError(f"source {self.source_id!r} lists no files at all")

    def _listing(self) -> Iterator[tuple[Path, os.stat_result] | Failure]:
        self._demand_root()
        if self._root is not None:
            yield from self._folder(self._root)
        for path in self._files:
            if self._root is None or not path.is_relative_to(self._root):
                yield from _entry(path)

    def _folder(self, folder: Path) -> Iterator[tuple[Path, os.stat_result] | Failure]:
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            yield Failure(uri_of(folder), "a folder cannot be listed")
            return
        for entry in listed:
            if self._is_skipped(entry):
                continue
            # A link is neither a folder nor, to lstat, a regular file.
            if entry.is_dir(follow_symlinks=False):
                yield from self._folder(Path(entry.path))
            else:
                yield from _entry(Path(entry.path))

    def _is_skipped(self, entry: os.DirEntry[str]) -> bool:
        hidden = entry.name.startswith(".") and not self._config.include_hidden
        litter = entry.name.startswith(_LOCK_PREFIX) or entry.name.lower() in _SKIPPED_FILES
        return hidden or litter or entry.name in _SKIPPED_FOLDERS

    def _steps(self, path: Path) -> tuple[Path, tuple[str, ...]]:
        if path in self._files:
            return path.parent, (path.name,)
        if self._root is not None and path.is_relative_to(self._root):
            steps = path.relative_to(self._root).parts
            if steps and ".." not in steps:
                return self._root, steps
        raise SourceRejectedError(f"the item is outside source {self.source_id!r}")


def _entry(path: Path) -> Iterator[tuple[Path, os.stat_result] | Failure]:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return
    except OSError:
        yield Failure(uri_of(path), "a file cannot be examined")
        return
    if stat.S_ISREG(status.st_mode):
        yield path, status
