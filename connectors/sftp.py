"""Files on an SSH server as a source, read by SFTP."""

import mimetypes
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from connectors.base import AclSupport, Capabilities, Health
from connectors.endpoints import Pace, Patience, demand_host
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
from connectors.local_files import shown_name
from connectors.remote_tree import Entry, FolderUnreadableError, RemoteTree
from connectors.sftp_folder import SftpFolder, raise_if_lost, version_of
from connectors.sftp_rights import RemoteWay, SftpRights, hash_of, rights_of
from connectors.sftp_session import Login, SftpSession

_KIND = "sftp"
_RIGHTS = ("mapped", "mode", "posix")
_ACL_BATCH = 200


@dataclass(frozen=True, slots=True)
class SftpConfig:
    """What to follow, and how to sign in.

    Attributes:
        host: name or address of the server.
        username: whom to sign in as.
        root: folder on the server whose regular files are followed.
        known_hosts: file with the server's key; no other server is spoken to.
        password_file: file with the password, or with the passphrase of ``key_file``.
        key_file: private key.
        rights: ``mapped``, from the data owner; ``posix``, from mode bits and the access lists
            that ``getfacl`` prints on the server; ``mode``, from mode bits alone, right only
            where the server's files have no access lists.
        include_hidden: whether names that start with a dot are followed too.
        requests_per_second: ceiling for listing and opening; 0 for none.
        allowed_hosts: public hosts that may be dialled; private ones may without it.
    """

    host: str
    username: str
    root: str
    known_hosts: Path
    password_file: Path | None = None
    key_file: Path | None = None
    port: int = 22
    rights: str = "mapped"
    max_bytes: int = 256 * 2**20
    include_hidden: bool = False
    requests_per_second: int = 0
    timeout_seconds: int = 30
    allowed_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be signed in with, and hosts that may not be dialled."""
        demand_host(self.host, allowed=self.allowed_hosts, kind=_KIND)
        if self.password_file is None and self.key_file is None:
            raise ConnectorConfigError("connector 'sftp' needs password_file or key_file")
        if self.rights not in _RIGHTS:
            raise ConnectorConfigError(
                f"rights of connector 'sftp' are one of {', '.join(_RIGHTS)}, not {self.rights!r}"
            )
        if not self.root.startswith("/"):
            raise ConnectorConfigError("root of connector 'sftp' must start with /")


class SftpConnector:
    """Follows regular files on a server; symbolic links are neither listed nor opened.

    SFTP tells times in whole seconds: two changes within one second that keep the size cannot
    be told apart.

    Args:
        source_id: stable name of this source.
        config: what to follow.
        patience: how often to dial.
        dial: returns a connected socket; by default one is opened to the host.
    """

    config_type: ClassVar[type] = SftpConfig
    capabilities: Capabilities = Capabilities(acl=AclSupport.MAPPED)

    def __init__(
        self,
        *,
        source_id: str,
        config: SftpConfig,
        patience: Patience | None = None,
        dial: Callable[[], Any] | None = None,
    ) -> None:
        self.source_id = source_id
        self._config = config
        login = Login(
            config.host,
            config.port,
            config.username,
            config.known_hosts,
            config.password_file,
            config.key_file,
            config.timeout_seconds,
        )
        self._session = SftpSession(login, patience=patience, dial=dial)
        self._rights: SftpRights | None = None
        if config.rights != "mapped":
            self.capabilities = Capabilities(acl=AclSupport.NATIVE)
            self._rights = SftpRights(self._session, with_lists=config.rights == "posix")
        self._pace = Pace(config.requests_per_second)
        self._folder = SftpFolder(
            self._session,
            host=config.host,
            port=config.port,
            root=config.root,
            max_bytes=config.max_bytes,
        )
        self._tree = RemoteTree(source_id, self, max_bytes=config.max_bytes)

    def check(self) -> Health:
        """Tell whether the root can be listed and, where that is wanted, rights be read."""
        try:
            self.list_folder((), rights=False)
            root = self._folder.top()
            unknown = self._rights is not None and self._rights.way_to(root) is None
        except FolderUnreadableError as error:
            return Health(ok=False, detail=f"the folder cannot be listed: {error}")
        except SourceUnavailableError as error:
            return Health(ok=False, detail=str(error))
        if unknown:
            return Health(ok=False, detail="the server does not tell the rights of its folders")
        return Health(ok=True, detail="the folder can be listed")

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield each file, unreadable ones as failures, and cursors to go on from."""
        self._folder.forget()
        yield from self._tree.scan(cursor)

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield each file with the hash of its rights; an incomplete listing raises."""
        self._folder.forget()
        yield from self._tree.list_ids(cursor)

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield who may read each item; what the server does not tell is nobody's."""
        remaining = iter(ids)
        while batch := list(islice(remaining, _ACL_BATCH)):
            if self._rights is None:
                yield from (RawAcl(item, b"", None) for item in batch)
            else:
                yield from self._acl(batch, self._rights)

    def principals(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield nothing: entries name numbers, whose people a directory knows."""
        yield from ()

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002, ARG002 - the seam's shape
        """Return the bytes of one file; no symbolic link on the way is followed."""
        self._pace.wait()
        path = self._folder.path_of(id)
        content, status = self._folder.read(path)
        return SourceContent(
            content=content,
            version=version_of(status),
            media_type=mimetypes.guess_type(shown_name(os.fsdecode(path)))[0],
            modified_at=datetime.fromtimestamp(status.st_mtime or 0, UTC),
        )

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: a server answers for who is signed in alone."""
        return None

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def list_folder(self, steps: tuple[str, ...], *, rights: bool) -> list[Entry]:
        """Return the files and folders in one folder, without links and hidden names."""
        self._pace.wait()
        folder = self._folder.below(steps)
        found = self._folder.listed(folder)
        hashes = self._hashes(folder, found) if rights else {}
        return [
            self._entry(path, status, hashes.get(path, ""))
            for path, status in found.items()
            if self._config.include_hidden or not _name(path).startswith(b".")
        ]

    def uri_of(self, steps: tuple[str, ...]) -> str:
        """Return the URI of what lies at ``steps`` below the root."""
        return self._folder.uri_of(self._folder.below(steps))

    def _hashes(self, folder: bytes, found: dict[bytes, Any]) -> dict[bytes, str]:
        if self._rights is None:
            return {}
        way = self._rights.way_to(folder)
        files = {
            path: status for path, status in found.items() if stat.S_ISREG(status.st_mode or 0)
        }
        known = self._rights.protections(files)
        return {path: hash_of(known.get(path), way) for path in files}

    def _acl(self, ids: list[str], rights: SftpRights) -> Iterator[RawAcl]:
        found: dict[bytes, Any] = {}
        paths: dict[str, bytes] = {}
        with self._session.talking() as files:
            for item in ids:
                try:
                    paths[item] = self._folder.path_of(item)
                    status = files.lstat(paths[item])
                except SourceRejectedError:
                    continue
                except OSError as error:
                    raise_if_lost(error)
                    continue
                if stat.S_ISREG(status.st_mode or 0):
                    found[paths[item]] = status
        known = rights.protections(found)
        ways: dict[bytes, RemoteWay | None] = {}
        for item in ids:
            path = paths.get(item)
            if path is None or path not in known:
                yield RawAcl(item, b"", None)
                continue
            folder = os.path.dirname(path)  # noqa: PTH120 - a path of the server
            if folder not in ways:
                ways[folder] = rights.way_to(folder)
            yield rights_of(item, known[path], ways[folder])

    def _entry(self, path: bytes, status: Any, acl_hash: str) -> Entry:  # noqa: ANN401 - untyped
        name = os.fsdecode(_name(path))
        if stat.S_ISDIR(status.st_mode):
            return Entry(name, self._folder.uri_of(path), shown_name(name), is_folder=True)
        return Entry(
            name,
            self._folder.uri_of(path),
            shown_name(name),
            is_folder=False,
            version=version_of(status),
            size=status.st_size,
            acl_hash=acl_hash,
        )


def _name(path: bytes) -> bytes:
    return os.path.basename(path)  # noqa: PTH119 - a path of the server
