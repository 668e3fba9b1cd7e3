"""Files on a WebDAV server as a source; readers are mapped, for WebDAV names none."""

import mimetypes
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote_to_bytes

import httpx2

from connectors.base import AclSupport, Capabilities, Health
from connectors.endpoints import Pace, Patience, parse_url
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
from connectors.webdav_client import Account, WebdavClient
from connectors.webdav_listing import Resource

_KIND = "webdav"


@dataclass(frozen=True, slots=True)
class WebdavConfig:
    """What to follow, and how to sign in.

    Attributes:
        url: folder whose files are followed.
        username: whom to sign in as; nobody where it is left out.
        password_file: file with the password.
        ca_file: certificates to trust instead of the machine's.
        plaintext: whether a password may travel without encryption.
        include_hidden: whether names that start with a dot are followed too.
        requests_per_second: ceiling; 0 for none.
        allowed_hosts: public hosts that may be dialled; private ones may without it.
    """

    url: str
    username: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    plaintext: bool = False
    max_bytes: int = 256 * 2**20
    include_hidden: bool = False
    requests_per_second: int = 0
    timeout_seconds: int = 30
    allowed_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse hosts that may not be dialled, and passwords anyone could read."""
        endpoint, _ = parse_url(self.url, allowed=self.allowed_hosts, kind=_KIND)
        if (self.username is None) != (self.password_file is None):
            raise ConnectorConfigError("connector 'webdav' needs username and password_file")
        if self.username is not None and not endpoint.tls and not self.plaintext:
            raise ConnectorConfigError(
                "connector 'webdav' sends no password over http:// unless plaintext is true"
            )


class WebdavConnector:
    """Follows the files below one URL; redirects are not followed.

    A server that tells neither entity tags nor dates cannot be followed: its files are
    reported as failures.

    Args:
        source_id: stable name of this source.
        config: what to follow.
        patience: how often to ask a server that is busy.
        transport: how requests travel; by default over the network.
    """

    config_type: ClassVar[type] = WebdavConfig
    capabilities: Capabilities = Capabilities(acl=AclSupport.MAPPED)

    def __init__(
        self,
        *,
        source_id: str,
        config: WebdavConfig,
        patience: Patience | None = None,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.source_id = source_id
        self._config = config
        endpoint, path = parse_url(config.url, allowed=config.allowed_hosts, kind=_KIND)
        self._top = unquote_to_bytes(path).rstrip(b"/")
        account = Account(
            config.username, config.password_file, config.ca_file, config.timeout_seconds
        )
        self._client = WebdavClient(
            endpoint,
            account,
            pace=Pace(config.requests_per_second),
            patience=Patience() if patience is None else patience,
            transport=transport,
        )
        self._tree = RemoteTree(source_id, self, max_bytes=config.max_bytes)

    def check(self) -> Health:
        """Tell whether the folder can be listed now."""
        try:
            self.list_folder((), rights=False)
        except SourceUnavailableError as error:
            return Health(ok=False, detail=str(error))
        return Health(ok=True, detail="the folder can be listed")

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield each file, unreadable ones as failures, and cursors to go on from."""
        yield from self._tree.scan(cursor)

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield each file; an incomplete listing raises."""
        yield from self._tree.list_ids(cursor)

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield no entries for any item: its readers come from the data owner."""
        for item in ids:
            yield RawAcl(item, b"", None)

    def principals(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield nothing: the server names no people."""
        yield from ()

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002, ARG002 - the seam's shape
        """Return the bytes of one file; the server must say the same of it before and after."""
        path = self._path_of(id)
        try:
            before = self._client.look(path)
            if before.is_folder:
                raise SourceRejectedError("the item is a folder")
            if before.size is not None and before.size > self._config.max_bytes:
                raise SourceRejectedError(f"the file is larger than {self._config.max_bytes} bytes")
            content = self._client.read(path, max_bytes=self._config.max_bytes)
            after = self._client.look(path)
        except FolderUnreadableError as error:
            raise SourceUnavailableError(f"the file cannot be read now: {error}") from error
        if before.version != after.version or after.size not in (None, len(content)):
            raise SourceUnavailableError("the file changed while it was read")
        return SourceContent(
            content=content,
            version=after.version,
            media_type=after.media_type or mimetypes.guess_type(_shown(after))[0],
            modified_at=_moment(after.modified),
        )

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: a server answers for who is signed in alone."""
        return None

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def list_folder(
        self,
        steps: tuple[str, ...],
        *,
        rights: bool,  # noqa: ARG002 - there are none to list
    ) -> list[Entry]:
        """Return the files and folders in one folder, hidden ones left out."""
        try:
            found = self._client.list_folder(self._below(steps))
        except FolderUnreadableError as error:
            if steps:
                raise
            raise SourceUnavailableError(
                f"the folder of source {self.source_id!r} cannot be listed: {error}"
            ) from error
        return [
            self._entry(each)
            for each in found
            if self._config.include_hidden or not each.name.startswith(b".")
        ]

    def uri_of(self, steps: tuple[str, ...]) -> str:
        """Return the URL of what lies at ``steps`` below the folder."""
        return self._client.url_of(self._below(steps))

    def _entry(self, found: Resource) -> Entry:
        return Entry(
            os.fsdecode(found.name),
            self._client.url_of(found.path),
            _shown(found),
            is_folder=found.is_folder,
            version=found.version,
            size=found.size,
            refusal=None if found.is_traceable else "the server tells no version of the file",
        )

    def _below(self, steps: tuple[str, ...]) -> bytes:
        return b"/".join((self._top, *map(os.fsencode, steps)))

    def _path_of(self, url: str) -> bytes:
        path = self._client.path_of(url)
        plain = not {b"", b".", b".."} & set(path.split(b"/")[1:]) and b"\0" not in path
        if not path.startswith(self._top + b"/") or not plain:
            raise SourceRejectedError(f"the item is outside source {self.source_id!r}")
        return path


def _shown(found: Resource) -> str:
    return shown_name(os.fsdecode(found.name))


def _moment(text: str) -> datetime:
    """Return an HTTP date as an aware moment; what is none is the beginning of time."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
