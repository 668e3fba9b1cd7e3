"""Folders and files on this machine, or mounted on it, as a source."""

import json
import mimetypes
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
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
from connectors.folder_tree import FolderTree, FoundFile
from connectors.local_files import path_of, read_whole, shown_name, step_of, uri_of, version_of
from connectors.posix_rights import Way, hash_of, rights_of

_RIGHTS = ("mapped", "posix")
_LABELS = tuple(
    f"{fact}=user.strongroom.{fact}"
    for fact in ("classification", "record_class", "hold", "title", "author", "language")
)


@dataclass(frozen=True, slots=True)
class FilesystemConfig:
    """What to follow.

    Attributes:
        root: folder whose regular files are followed.
        files: single files, besides or instead of a folder; one a line as text.
        max_bytes: larger files are rejected.
        include_hidden: whether names that start with a dot are followed too.
        rights: ``mapped``, from the data owner, or ``posix``, from mode bits and access lists of
            each file and of all folders on the way to it.
        rights_above_root: whether the folders above ``root`` count too, as they do for whoever
            works on this machine; false where ``root`` is the top of a share.
        labels: extended attributes that say something of a file, as ``fact=attribute``.
    """

    root: Path | None = None
    files: tuple[Path, ...] = ()
    max_bytes: int = 256 * 2**20
    include_hidden: bool = False
    rights: str = "mapped"
    rights_above_root: bool = True
    labels: tuple[str, ...] = _LABELS

    def __post_init__(self) -> None:
        """Refuse a configuration that names nothing, or what there is not."""
        if self.root is None and not self.files:
            raise ConnectorConfigError("connector 'filesystem' needs root or files")
        if self.rights not in _RIGHTS:
            raise ConnectorConfigError(
                f"rights of connector 'filesystem' are {' or '.join(_RIGHTS)}, not {self.rights!r}"
            )
        if any("=" not in label for label in self.labels):
            raise ConnectorConfigError(
                "labels of connector 'filesystem' are written as fact=attribute"
            )


class FilesystemConnector:
    """Follows regular files; symbolic links are neither listed nor opened.

    Readers are mapped unless the settings say that the files' own rights name them.

    Args:
        source_id: stable name of this source.
        config: what to follow.
    """

    config_type: ClassVar[type] = FilesystemConfig
    capabilities: Capabilities = Capabilities(acl=AclSupport.MAPPED)

    def __init__(self, *, source_id: str, config: FilesystemConfig) -> None:
        self.source_id = source_id
        self._config = config
        self._root = None if config.root is None else Path(os.path.realpath(config.root))
        # The folder may be reached through links, the file itself may not.
        self._files = tuple(
            Path(os.path.realpath(file.parent)) / file.name for file in config.files
        )
        self._single = frozenset(uri_of(file) for file in self._files)
        self._labels = dict(label.split("=", 1) for label in config.labels)
        top = None
        if config.rights == "posix":
            self.capabilities = Capabilities(acl=AclSupport.NATIVE)
            top = "/" if config.rights_above_root or self._root is None else str(self._root)
        self._tree = FolderTree(include_hidden=config.include_hidden, top=top)

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
            count += 1
            yield self._item(found)
        self._demand_some(count, cursor)
        yield Cursor(json.dumps({"files": count}))

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield every file; a folder that cannot be listed makes the sweep fail."""
        count = 0
        native = self.capabilities.acl is AclSupport.NATIVE
        for found in self._listing():
            if isinstance(found, Failure):
                raise SourceUnavailableError(f"source {self.source_id!r}: {found.reason}")
            count += 1
            rights = hash_of(found.path, found.status, found.way) if native else ""
            yield SlimItem(found.uri, version_of(found.status), rights)
        self._demand_some(count, cursor)

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield the rights of each item; no entries where readers come from the data owner."""
        ways: dict[str, tuple[str, Way | None]] = {}
        for item in ids:
            if self.capabilities.acl is AclSupport.MAPPED:
                yield RawAcl(item, b"", None)
                continue
            yield self._rights(item, ways)

    def principals(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield nothing: a folder knows people by number only."""
        yield from ()

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002, ARG002 - the seam's shape
        """Return the bytes of one file; no symbolic link on the way is followed."""
        path = path_of(id)
        base, steps = self._steps(path)
        found = read_whole(
            base, steps, max_bytes=self._config.max_bytes, attributes=self._labels.values()
        )
        return SourceContent(
            content=found.content,
            version=version_of(found.status),
            media_type=mimetypes.guess_type(path.name)[0],
            modified_at=datetime.fromtimestamp(found.status.st_mtime, UTC),
            facts=self._facts(found.attributes),
        )

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: groups of a person are not asked of this machine."""
        return None

    def _item(self, found: FoundFile) -> Item | Failure:
        size = found.status.st_size
        if size > self._config.max_bytes:
            reason = f"the file is larger than {self._config.max_bytes} bytes"
            return Failure(found.uri, reason, retry=False)
        if not os.access(found.path, os.R_OK):
            return Failure(found.uri, "the file may not be read by this process")
        name = shown_name(found.name)
        return Item(found.uri, found.uri, version_of(found.status), name, size)

    def _facts(self, attributes: Mapping[str, bytes]) -> Mapping[str, str]:
        facts = {}
        for fact, attribute in self._labels.items():
            if attribute not in attributes:
                continue
            try:
                facts[fact] = attributes[attribute].decode().strip(" \n\x00")
            except UnicodeDecodeError as error:
                # A label that cannot be read may be the one that keeps people out.
                raise SourceRejectedError(f"the label {attribute!r} is no text") from error
        return MappingProxyType(facts)

    def _rights(self, item: str, ways: dict[str, tuple[str, Way | None]]) -> RawAcl:
        """Return the rights of one item; ``ways`` keeps what was read of its folder."""
        folder, _, name = item.rpartition("/")
        try:
            if item in self._single:
                path = path_of(item)
                return rights_of(item, str(path), self._tree.way_to(str(path.parent)))
            if folder not in ways:
                ways[folder] = self._way_into(folder)
            base, way = ways[folder]
            return rights_of(item, f"{base}/{step_of(name)}", way)
        except SourceRejectedError:
            return RawAcl(item, b"", None)

    def _way_into(self, folder: str) -> tuple[str, Way | None]:
        """Return the path of a folder of the tree by its URI, and the way into it."""
        path = path_of(folder + "/")
        if self._root is None or ".." in path.parts or not path.is_relative_to(self._root):
            return str(path), None
        return str(path), self._tree.way_to(str(path))

    def _demand_root(self) -> None:
        if self._root is not None and not self._root.is_dir():
            raise SourceUnavailableError(f"the folder of source {self.source_id!r} is not there")

    def _demand_some(self, count: int, cursor: Cursor | None) -> None:
        before = json.loads(cursor.value).get("files", 0) if cursor is not None else 0
        if before and not count:
            # A share that is not mounted looks exactly like an empty one.
            raise SourceUnavailableError(f"source {self.source_id!r} lists no files at all")

    def _listing(self) -> Iterator[FoundFile | Failure]:
        self._demand_root()
        if self._root is not None:
            yield from self._tree.below(self._root)
        for path in self._files:
            if self._root is None or not path.is_relative_to(self._root):
                yield from self._tree.single(path)

    def _steps(self, path: Path) -> tuple[Path, tuple[str, ...]]:
        if path in self._files:
            return path.parent, (path.name,)
        if self._root is not None and path.is_relative_to(self._root):
            steps = path.relative_to(self._root).parts
            if steps and ".." not in steps:
                return self._root, steps
        raise SourceRejectedError(f"the item is outside source {self.source_id!r}")
