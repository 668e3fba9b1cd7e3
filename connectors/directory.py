"""People and groups of an LDAP directory, Active Directory included."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Protocol

from connectors.active_directory import CAPABILITY, ActiveDirectory
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
from connectors.ldap_client import TLS_MODES, Directory, LdapLogin, connect
from connectors.open_directory import OpenDirectory

_KIND = "ldap"
_PORTS = {"ldaps": 636, "starttls": 389, "none": 389}


@dataclass(frozen=True, slots=True)
class DirectoryConfig:
    """What to read.

    Attributes:
        host: name or address of the server; no other is ever dialled, referrals included.
        base: distinguished name below which people and groups are.
        username: account that may read them: a distinguished name, or ``name@domain``.
        password_file: file that holds the account's password.
        port: TCP port; 0 for the usual one.
        tls: ``ldaps``, ``starttls``, or ``none`` to send the password in the clear.
        ca_file: certificates that vouch for the server; the system's where None.
        server_name: name in the server's certificate, where it is not ``host``.
        timeout_seconds: longest wait for one answer.
        allowed_hosts: public hosts that may be dialled; private ones may without it.
    """

    host: str
    base: str
    username: str
    password_file: Path
    port: int = 0
    tls: str = "ldaps"
    ca_file: Path | None = None
    server_name: str = ""
    timeout_seconds: int = 60
    allowed_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a host that may not be dialled and a way to encrypt that is none."""
        demand_host(self.host, allowed=self.allowed_hosts, kind=_KIND)
        if self.tls not in TLS_MODES:
            raise ConnectorConfigError(
                f"setting 'tls' of connector {_KIND!r} is one of {', '.join(TLS_MODES)}"
            )


class Closable(Directory, Protocol):
    """A directory that can be hung up on."""

    def close(self) -> None:
        """Hang up."""
        ...


Connect = Callable[[DirectoryConfig], Closable]
"""Connects to a directory and signs in."""


def connect_with_password(config: DirectoryConfig) -> Closable:
    """Return a directory, signed in with the password in the file.

    Raises:
        SourceUnavailableError: the file cannot be read, or the server lets nobody in.
    """
    login = LdapLogin(
        config.host,
        config.port or _PORTS[config.tls],
        config.username,
        read_secret(config.password_file),
        tls=config.tls,
        ca_file=config.ca_file,
        server_name=config.server_name,
        timeout_seconds=config.timeout_seconds,
    )
    return connect(login)


class DirectoryConnector:
    """Follows people, groups and memberships; it lists no documents.

    Each call of ``principals`` tells everything, so that whatever is missing has been removed.

    Args:
        source_id: stable name of this source.
        config: what to read.
        connect: connects to the server.
        clock: the moment, for accounts that run out.
    """

    config_type: ClassVar[type] = DirectoryConfig
    capabilities: ClassVar[Capabilities] = Capabilities(
        acl=AclSupport.MAPPED, principals=True, items=False
    )

    def __init__(
        self,
        *,
        source_id: str,
        config: DirectoryConfig,
        connect: Connect = connect_with_password,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.source_id = source_id
        self._config = config
        self._connect = connect
        self._clock = clock

    def check(self) -> Health:
        """Tell whether the server lets us in and has the base."""
        try:
            with closing(self._connect(self._config)) as directory:
                directory.entry(self._config.base, ("objectClass",))
        except SourceUnavailableError as error:
            return Health(ok=False, detail=str(error))
        return Health(ok=True, detail="the directory can be searched")

    def principals(
        self, cursor: Cursor | None
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield all people, groups and memberships there are, then a cursor that counts them.

        Raises:
            SourceUnavailableError: not all of them were told, or nobody where there were people.
        """
        people = 0
        with closing(self._connect(self._config)) as directory:
            for fact in self._reader(directory).facts():
                people += isinstance(fact, SourcePrincipal) and not fact.is_group
                yield fact
        before = json.loads(cursor.value).get("people", 0) if cursor is not None else 0
        if before and not people:
            raise SourceUnavailableError(f"source {self.source_id!r} knows no people at all")
        yield Cursor(json.dumps({"people": people}))

    def _reader(self, directory: Directory) -> ActiveDirectory | OpenDirectory:
        own = directory.entry("", ("supportedCapabilities",))
        if CAPABILITY in own.texts("supportedCapabilities"):
            return ActiveDirectory(directory, self._config.base, self._clock())
        return OpenDirectory(directory, self._config.base, self._clock())

    def scan(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield nothing: a directory has no documents."""
        yield from ()

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:  # noqa: ARG002
        """Yield nothing: a directory has no documents."""
        yield from ()

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield no entries: a directory has no documents."""
        for item in ids:
            yield RawAcl(item, b"", None)

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002, ARG002
        """Refuse: a directory has no documents.

        Raises:
            SourceRejectedError: always.
        """
        raise SourceRejectedError("a directory has no documents")

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: a directory has no documents."""
        return None
