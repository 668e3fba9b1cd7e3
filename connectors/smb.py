"""A Windows file share with the rights that its server enforces."""

import json
import mimetypes
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import ClassVar

from connectors.base import AclSupport, Capabilities, Health
from connectors.endpoints import demand_host, read_secret
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
from connectors.ntfs import Entries, Right, entries_of
from connectors.share_rights import share_descriptor
from connectors.smb_paths import SmbPaths, folders_above, shown_name
from connectors.smb_rights import Gates, declared, gates, mark, rights
from connectors.smb_share import Exchange, SmbShare
from connectors.smb_tree import Refused, below, walk
from connectors.smb_wire import Login, Wire, dial

_KIND = "smb"
_BATCH = 256


@dataclass(frozen=True, slots=True)
class SmbConfig:
    r"""What to follow.

    Attributes:
        host: name or address of the server; no other is ever dialled.
        share: name of the share.
        username: account that may read files and their rights, as ``name@domain``.
        password_file: file that holds the account's password.
        folder: folder of the share to follow, the whole share when empty.
        port: TCP port.
        encrypt: whether a connection that cannot be encrypted is refused.
        traverse: whether a reader must be let through each folder above a file. A Windows
            server as it is delivered does not ask; to say true where it does not hides more.
        share_readers: SIDs that the share itself lets in, or ``everyone``, one a line; when
            empty, the server is asked.
        include_hidden: whether hidden files are followed too.
        max_bytes: larger files are rejected.
        timeout_seconds: longest wait for one answer.
        allowed_hosts: public hosts that may be dialled; private ones may without it.
    """

    host: str
    share: str
    username: str
    password_file: Path
    folder: str = ""
    port: int = 445
    encrypt: bool = True
    traverse: bool = True
    share_readers: tuple[str, ...] = ()
    include_hidden: bool = False
    max_bytes: int = 256 * 2**20
    timeout_seconds: int = 60
    allowed_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a host that may not be dialled and a share that is none."""
        demand_host(self.host, allowed=self.allowed_hosts, kind=_KIND)
        if not self.share or set(self.share) & set("\\/"):
            raise ConnectorConfigError(f"connector {_KIND!r} needs the bare name of a share")


Dial = Callable[[SmbConfig, str], Wire]
"""Connects to one share of a server and signs in."""


def dial_with_password(config: SmbConfig, share: str) -> Wire:
    """Return a wire to ``share``, signed in with the password in the file.

    Raises:
        SourceUnavailableError: the file cannot be read, or the server lets nobody in.
    """
    password = read_secret(config.password_file)
    login = Login(
        config.host,
        config.port,
        config.username,
        password,
        encrypt=config.encrypt,
        timeout_seconds=config.timeout_seconds,
    )
    return dial(login, share)


class SmbConnector:
    """Follows the regular files of a share; links are neither listed nor opened.

    An edit of rights moves no time stamp on some servers, so that only ``list_ids`` sees it, in
    ``acl_hash``.

    Args:
        source_id: stable name of this source.
        config: what to follow.
        connect: connects to a share.
    """

    config_type: ClassVar[type] = SmbConfig
    capabilities: ClassVar[Capabilities] = Capabilities(acl=AclSupport.NATIVE)

    def __init__(
        self, *, source_id: str, config: SmbConfig, connect: Dial = dial_with_password
    ) -> None:
        self.source_id = source_id
        self._config = config
        self._connect = connect
        self._top = config.folder.replace("/", "\\").strip("\\")
        self._paths = SmbPaths(config.host.lower(), config.port, config.share, self._top)
        self._lock = threading.Lock()
        self._wire: Wire | None = None

    def check(self) -> Health:
        """Tell whether the folder can be listed and the share's own rights are known."""
        try:
            share = self._share()
            share.listing(self._top)
            known = self._share_rights() is not None
        except SourceUnavailableError as error:
            return Health(ok=False, detail=str(error))
        if not known:
            detail = "the server does not tell the share's own rights: give share_readers"
            return Health(ok=False, detail=detail)
        return Health(ok=True, detail="the share can be listed and its rights are known")

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield every file, folders that cannot be listed as failures, then a cursor."""
        count = 0
        for visited in walk(self._share(), self._top, include_hidden=self._config.include_hidden):
            if isinstance(visited, Refused):
                yield Failure(self._paths.uri_of(visited.path), visited.reason)
                continue
            for file in visited.files:
                count += 1
                uri = self._paths.uri_of(visited.path_of(file))
                if file.stamp.size > self._config.max_bytes:
                    reason = f"the file is larger than {self._config.max_bytes} bytes"
                    yield Failure(uri, reason, retry=False)
                else:
                    name = shown_name(file.name)
                    yield Item(uri, uri, file.stamp.version, name, file.stamp.size)
        self._demand_some(count, cursor)
        yield Cursor(json.dumps({"files": count}))

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield every file with the mark of its rights; what cannot be listed ends the sweep."""
        share, own_rights = self._share(), self._share_rights()
        folders: dict[str, bytes | None] = {}
        count = 0
        for visited in walk(share, self._top, include_hidden=self._config.include_hidden):
            if isinstance(visited, Refused):
                raise SourceUnavailableError(f"source {self.source_id!r}: {visited.reason}")
            paths = [visited.path_of(file) for file in visited.files]
            count += len(paths)
            above = folders_above(below(visited.path, "."))
            way = self._gates(share, own_rights, above, folders)
            described = share.descriptors(paths)
            for file, path, own in zip(visited.files, paths, described, strict=True):
                yield SlimItem(self._paths.uri_of(path), file.stamp.version, mark(own, way))
        self._demand_some(count, cursor)

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield the rights of each item; what cannot be read has no entries, so no reader."""
        share, own_rights = self._share(), self._share_rights()
        folders: dict[str, bytes | None] = {}
        left = iter(ids)
        while batch := list(islice(left, _BATCH)):
            paths = [self._path(item) for item in batch]
            described = share.descriptors(path for path in paths if path is not None)
            for item, path in zip(batch, paths, strict=True):
                if path is None:
                    yield RawAcl(item, b"", None)
                    continue
                way = self._gates(share, own_rights, folders_above(path), folders)
                yield rights(item, next(described), way)

    def principals(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield nothing: the people of a share are in a directory of their own."""
        yield from ()

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002, ARG002 - the seam's shape
        """Return the bytes of one file; no link on the way is followed."""
        path = self._paths.path_of(id)
        content, stamp = self._share().read(path, max_bytes=self._config.max_bytes)
        return SourceContent(
            content=content,
            version=stamp.version,
            media_type=mimetypes.guess_type(shown_name(path.rpartition("\\")[2]))[0],
            modified_at=stamp.modified_at,
        )

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: only a person's own sign-in could tell."""
        return None

    def close(self) -> None:
        """Hang up; the next request dials again."""
        with self._lock:
            wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def _share(self) -> SmbShare:
        return SmbShare(self._live())

    def _live(self) -> Wire:
        with self._lock:
            if self._wire is None or not self._wire.alive:
                self._wire = self._connect(self._config, self._config.share)
                weakref.finalize(self, self._wire.close)
            return self._wire

    def _share_rights(self) -> Entries | None:
        if self._config.share_readers:
            return declared(self._config.share_readers)
        service: Exchange = self._live().on("IPC$")
        raw = share_descriptor(service, self._config.share)
        return None if raw is None else entries_of(raw, Right.READ)

    def _gates(
        self,
        share: SmbShare,
        own_rights: Entries | None,
        above: tuple[str, ...],
        known: dict[str, bytes | None],
    ) -> Gates:
        if not self._config.traverse:
            return gates(own_rights, ())
        missing = [folder for folder in above if folder not in known]
        known.update(zip(missing, share.descriptors(missing), strict=True))
        return gates(own_rights, [known[folder] for folder in above])

    def _path(self, item: str) -> str | None:
        try:
            return self._paths.path_of(item)
        except SourceRejectedError:
            return None

    def _demand_some(self, count: int, cursor: Cursor | None) -> None:
        before = json.loads(cursor.value).get("files", 0) if cursor is not None else 0
        if before and not count:
            raise SourceUnavailableError(f"source {self.source_id!r} lists no files at all")
