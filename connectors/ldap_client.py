"""Searches in a directory server, complete or not at all."""

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import ldap3
from ldap3.core.exceptions import LDAPException

from connectors.errors import SourceUnavailableError

TLS_MODES = ("ldaps", "starttls", "none")
_PAGE = 500
_SUCCESS = 0
_REASONS = {
    4: "the server cut the search short: its size limit is too low for this account",
    3: "the server cut the search short: its time limit is too low for this account",
    11: "the server cut the search short: its administrative limit is too low for this account",
    32: "the directory has no such base",
    49: "the server refused the name or the password",
    50: "the account may not search there",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the directory.

    Attributes:
        dn: its distinguished name, as the server writes it.
        values: raw values by attribute name in lower case.
    """

    dn: str
    values: Mapping[str, tuple[bytes, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def all(self, name: str) -> tuple[bytes, ...]:
        """Return every value of an attribute."""
        return self.values.get(name.lower(), ())

    def texts(self, name: str) -> tuple[str, ...]:
        """Return every value of an attribute as text; empty ones are left out."""
        return tuple(
            text for value in self.all(name) if (text := value.decode("utf-8", "replace").strip())
        )

    def text(self, name: str) -> str:
        """Return the first value of an attribute as text, or nothing."""
        return next(iter(self.texts(name)), "")

    def number(self, name: str) -> int | None:
        """Return the first value of an attribute as a number, or None where it is none."""
        text = self.text(name)
        return int(text) if text.removeprefix("-").isdecimal() and text.isascii() else None


class Directory(Protocol):
    """What a reader of people and groups needs."""

    def search(self, base: str, wanted: str, names: Sequence[str]) -> Iterator[Entry]:
        """Yield every entry below ``base`` that fits the filter."""
        ...

    def entry(self, dn: str, names: Sequence[str]) -> Entry:
        """Return one entry."""
        ...


@dataclass(frozen=True, slots=True)
class LdapLogin:
    """Where a directory is and who asks.

    Attributes:
        tls: ``ldaps``, ``starttls`` or ``none``.
        ca_file: certificates that vouch for the server; the system's where None.
        server_name: name that its certificate must bear, where it is not ``host``.
        timeout_seconds: longest wait for one answer.
    """

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    tls: str = "ldaps"
    ca_file: Path | None = None
    server_name: str = ""
    timeout_seconds: int = 60


@dataclass(frozen=True, slots=True)
class LdapClient:
    """A directory over a connection that is signed in; referrals are not followed.

    Attributes:
        connection: the transport.
    """

    connection: Any

    def search(self, base: str, wanted: str, names: Sequence[str]) -> Iterator[Entry]:
        """Yield every entry below ``base`` that fits the filter, page by page.

        Raises:
            SourceUnavailableError: the server did not tell all of them.
        """
        cookie = None
        while True:
            with _outages():
                self.connection.search(
                    base,
                    wanted,
                    search_scope=ldap3.SUBTREE,
                    attributes=list(names),
                    paged_size=_PAGE,
                    paged_cookie=cookie,
                )
                found = self._entries()
                cookie = self._cookie()
            yield from found
            if not cookie:
                return

    def entry(self, dn: str, names: Sequence[str]) -> Entry:
        """Return one entry, the server's own where ``dn`` is empty.

        Raises:
            SourceUnavailableError: it cannot be read.
        """
        with _outages():
            self.connection.search(
                dn, "(objectClass=*)", search_scope=ldap3.BASE, attributes=list(names)
            )
            found = self._entries()
        if len(found) != 1:
            raise SourceUnavailableError("the directory does not show an entry that it named")
        return found[0]

    def close(self) -> None:
        """Hang up; a server that is gone already is no error."""
        with suppress(LDAPException, OSError):
            self.connection.unbind()

    def _entries(self) -> list[Entry]:
        code = int(self.connection.result["result"])
        if code != _SUCCESS:
            raise SourceUnavailableError(_REASONS.get(code, f"the directory answered {code}"))
        return [
            _entry(answer)
            for answer in self.connection.response
            if answer["type"] == "searchResEntry"
        ]

    def _cookie(self) -> bytes | None:
        controls = self.connection.result.get("controls", {})
        control = controls.get("1.2.840.113556.1.4.319")
        if control is None:
            return None
        cookie: bytes = control["value"]["cookie"]
        return cookie


def connect(login: LdapLogin) -> LdapClient:
    """Return a client that is signed in.

    Raises:
        SourceUnavailableError: the server cannot be reached, is not who it should be, or refuses
            the account.
    """
    with _outages():
        server = ldap3.Server(
            login.host,
            port=login.port,
            use_ssl=login.tls == "ldaps",
            tls=None if login.tls == "none" else _tls(login),
            get_info=ldap3.NONE,
            connect_timeout=login.timeout_seconds,
        )
        connection = ldap3.Connection(
            server,
            user=login.username,
            password=login.password,
            auto_referrals=False,
            read_only=True,
            receive_timeout=login.timeout_seconds,
            check_names=False,
        )
        try:
            _sign_in(connection, starts_tls=login.tls == "starttls")
        except (LDAPException, OSError, ValueError, SourceUnavailableError):
            _drop(connection)
            raise
    return LdapClient(connection)


def _drop(connection: Any) -> None:  # noqa: ANN401 - the library's own
    # The library forgets a socket that it could not connect or encrypt, and leaves it open.
    if connection.socket is not None:
        connection.socket.close()


class _CheckedTls(ldap3.Tls):  # type: ignore[misc]  # the library has no types
    """Encryption by the standard library's own checks of certificate and name."""

    def __init__(self, context: ssl.SSLContext, name: str) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._checked = context
        self._name = name

    def wrap_socket(
        self,
        connection: Any,  # noqa: ANN401 - the library's own
        do_handshake: bool = False,  # noqa: ARG002, FBT001, FBT002 - the library's shape
    ) -> None:
        """Encrypt the connection, or fail where the server is not who it should be."""
        connection.socket = self._checked.wrap_socket(connection.socket, server_hostname=self._name)


def _tls(login: LdapLogin) -> _CheckedTls:
    authorities = None if login.ca_file is None else str(login.ca_file)
    context = ssl.create_default_context(cafile=authorities)
    return _CheckedTls(context, login.server_name or login.host)


def _sign_in(connection: Any, *, starts_tls: bool) -> None:  # noqa: ANN401 - the transport's own
    connection.open(read_server_info=False)
    if starts_tls and not connection.start_tls(read_server_info=False):
        raise SourceUnavailableError("the directory cannot encrypt the connection")
    if not connection.bind(read_server_info=False):
        code = int(connection.result["result"])
        reason = _REASONS.get(code, f"the directory refused the sign-in with {code}")
        raise SourceUnavailableError(reason)


def _entry(answer: Mapping[str, Any]) -> Entry:
    raw: Mapping[str, Sequence[bytes]] = answer["raw_attributes"]
    return Entry(str(answer["dn"]), {name.lower(): tuple(raw[name]) for name in raw})


@contextmanager
def _outages() -> Iterator[None]:
    try:
        yield
    except (LDAPException, OSError, ValueError) as error:
        raise SourceUnavailableError(
            f"the directory cannot be reached or stopped answering ({type(error).__name__})"
        ) from error
