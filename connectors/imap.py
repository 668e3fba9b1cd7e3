"""Mail on an IMAP server as a source, with the access lists of its folders on demand."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from connectors.base import AclSupport, Capabilities, Health
from connectors.endpoints import Pace, Patience, demand_host, host_is_loopback
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
from connectors.imap_listing import ImapListing, ImapNames, State, version_of
from connectors.imap_rights import hash_of, rights_of
from connectors.imap_session import ImapSession, Login
from connectors.messages import describe

_KIND = "imap"
_SECURITY = {"tls": 993, "starttls": 143, "none": 143}


@dataclass(frozen=True, slots=True)
class ImapConfig:
    """What to follow, and how to sign in.

    Attributes:
        host: name or address of the server.
        username: whom to sign in as; messages are never marked as read.
        password_file: file with the password.
        security: ``tls`` from the first byte, ``starttls``, or ``none``, which is for a server
            on this machine alone.
        port: 0 for the usual one of that security.
        ca_file: certificates to trust instead of the machine's.
        folders: folders to follow, as the server writes their names; all where it is empty.
        ignored_folders: folders that are left out.
        use_folder_acl: take readers from the folders' access lists instead of the data owner;
            the sign-in needs the right to administer them.
        requests_per_second: ceiling; 0 for none.
        allowed_hosts: public hosts that may be dialled; private ones may without it.
    """

    host: str
    username: str
    password_file: Path
    security: str = "tls"
    port: int = 0
    ca_file: Path | None = None
    folders: tuple[str, ...] = ()
    ignored_folders: tuple[str, ...] = ()
    use_folder_acl: bool = False
    max_bytes: int = 64 * 2**20
    requests_per_second: int = 0
    timeout_seconds: int = 60
    allowed_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse hosts that may not be dialled, and passwords anyone could read."""
        demand_host(self.host, allowed=self.allowed_hosts, kind=_KIND)
        if self.security not in _SECURITY:
            raise ConnectorConfigError(
                f"security of connector 'imap' is one of {', '.join(_SECURITY)}"
            )
        if self.security == "none" and not host_is_loopback(self.host):
            raise ConnectorConfigError(
                "connector 'imap' sends no password without encryption to another machine"
            )


class ImapConnector:
    """Follows messages, one item each.

    A server with QRESYNC tells what came and what was deleted; of any other, each scan lists
    every message. A folder whose UIDVALIDITY changed is told anew.

    Args:
        source_id: stable name of this source.
        config: what to follow.
        patience: how often to dial.
        dial: returns a connected socket; by default one is opened to the host.
    """

    config_type: ClassVar[type] = ImapConfig
    capabilities: ClassVar[Capabilities] = Capabilities(
        acl=AclSupport.MAPPED, delta=True, tombstones=True
    )

    def __init__(
        self,
        *,
        source_id: str,
        config: ImapConfig,
        patience: Patience | None = None,
        dial: Callable[[], Any] | None = None,
    ) -> None:
        self.source_id = source_id
        self._config = config
        if config.use_folder_acl:
            self.capabilities = replace(self.capabilities, acl=AclSupport.NATIVE)  # type: ignore[misc]
        port = config.port or _SECURITY[config.security]
        login = Login(
            config.host,
            port,
            config.username,
            config.password_file,
            config.security,
            config.ca_file,
            config.timeout_seconds,
        )
        self._session = ImapSession(
            login,
            pace=Pace(config.requests_per_second),
            patience=Patience() if patience is None else patience,
            dial=dial,
        )
        host = f"[{config.host}]" if ":" in config.host else config.host.lower()
        self._names = ImapNames(f"imap://{host}:{port}")
        self._listing = ImapListing(
            self._session,
            names=self._names,
            folders=config.folders,
            ignored=config.ignored_folders,
            max_bytes=config.max_bytes,
        )

    def check(self) -> Health:
        """Tell whether the folders can be listed and, where that is wanted, their rights."""
        try:
            folders = self._listing.folders()
            known = not self._config.use_folder_acl or all(
                self._session.acl(folder) is not None for folder in folders
            )
        except SourceUnavailableError as error:
            return Health(ok=False, detail=str(error))
        if not known:
            return Health(ok=False, detail="the server does not tell the rights of its folders")
        return Health(ok=True, detail="the folders can be listed")

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield messages that came and went since ``cursor``, and cursors to go on from.

        Raises:
            SourceUnavailableError: the server does not answer, or is suddenly empty.
        """
        before = State.of(cursor)
        state = before
        for found in self._listing.changes(before):
            if isinstance(found, State):
                state = found
                yield found.cursor()
            else:
                yield found
        self._demand_some(state.messages, before)
        yield state.cursor()

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield each message, with the hash of its folder's rights where they are wanted.

        Raises:
            SourceUnavailableError: the listing is not complete, or suddenly empty.
        """
        count = 0
        hashes: dict[str, str] = {}
        for folder, validity, message in self._listing.all():
            if folder not in hashes:
                hashes[folder] = self._hash(folder)
            count += 1
            uri = self._names.uri_of(folder, validity, message.uid)
            yield SlimItem(uri, version_of(validity, message), hashes[folder])
        self._demand_some(count, State.of(cursor))

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield who may read each message by its folder's access list; unknown is nobody."""
        lists: dict[str, list[tuple[str, str]] | None] = {}
        for item in ids:
            folder = self._folder_of(item)
            if folder is None or not self._config.use_folder_acl:
                yield RawAcl(item, b"", None)
                continue
            if folder not in lists:
                lists[folder] = self._session.acl(folder)
            yield rights_of(item, lists[folder])

    def principals(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield nothing: access lists name people, whom a directory knows."""
        yield from ()

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002, ARG002 - the seam's shape
        """Return one message; messages do not change while they are there."""
        folder, validity, uid = self._names.parts_of(id)
        limit = self._config.max_bytes
        message = self._session.read(folder, validity=validity, uid=uid, max_bytes=limit)
        content = message.content or b""
        return SourceContent(
            content=content,
            version=version_of(validity, message),
            media_type="message/rfc822",
            modified_at=message.received_at,
            facts=describe(content).facts,
        )

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: the server answers for who is signed in alone."""
        return None

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def _hash(self, folder: str) -> str:
        # The sweep goes on in the examined folder: asking for rights leaves it.
        return hash_of(self._session.acl(folder)) if self._config.use_folder_acl else ""

    def _folder_of(self, item: str) -> str | None:
        try:
            return self._names.parts_of(item)[0]
        except SourceRejectedError:
            return None

    def _demand_some(self, count: int, before: State) -> None:
        if before.messages and not count:
            raise SourceUnavailableError(f"source {self.source_id!r} lists no messages at all")
