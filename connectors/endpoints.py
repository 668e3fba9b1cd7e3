"""How connectors reach a server: allowed hosts, secrets by file, bounded retries, a pace."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from connectors.errors import ConnectorConfigError, SourceUnavailableError

_Answer = TypeVar("_Answer")
_PRIVATE_SUFFIXES = (".internal", ".intranet", ".lan", ".local", ".localhost", ".home.arpa")
_SECRET_BYTES = 64 * 2**10
_DISGUISED_ADDRESS = re.compile(r"(^|\.)(0x[0-9a-f]*|[0-9]+)$")
"""A resolver reads a name whose last part is a number as an IPv4 address."""
_DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server listens.

    Attributes:
        host: name or address, lower case, without brackets.
        port: TCP port.
        tls: whether the connection is encrypted from its first byte.
    """

    host: str
    port: int
    tls: bool

    @property
    def origin(self) -> str:
        """Return the endpoint as the beginning of a URL."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{shown}:{self.port}"


def host_is_allowed(host: str, allowed: tuple[str, ...] = ()) -> bool:
    """Tell whether a connector may dial ``host``.

    Private addresses and names that only a local network can resolve are allowed as they are; any
    other host has to be named.

    Args:
        host: name or address.
        allowed: further hosts: names, ``*.suffix`` for names below one, addresses or networks.

    Source:
        RFC 1918; RFC 4193; RFC 6762, section 3; RFC 8375; IANA special-use names.
    """
    name = host.lower().strip("[]").rstrip(".")
    address = _address(name)
    if address is not None:
        return _is_local(address) or any(_in_network(address, each) for each in allowed)
    if _DISGUISED_ADDRESS.search(name):
        return False
    if name and ("." not in name or name.endswith(_PRIVATE_SUFFIXES)):
        return True
    return any(_names(each.lower(), name) for each in allowed)


def host_is_loopback(host: str) -> bool:
    """Tell whether ``host`` is this machine by its address or by the name kept for it."""
    name = host.lower().strip("[]").rstrip(".")
    address = _address(name)
    return name == "localhost" if address is None else address.is_loopback


def demand_host(host: str, *, allowed: tuple[str, ...], kind: str) -> str:
    """Return ``host`` in lower case if a connector of ``kind`` may dial it.

    Raises:
        ConnectorConfigError: the host is missing, or public and not named in ``allowed_hosts``.
    """
    if not host:
        raise ConnectorConfigError(f"connector {kind!r} needs a host")
    if not host_is_allowed(host, allowed):
        raise ConnectorConfigError(
            f"connector {kind!r} may not dial {host!r}: name it in allowed_hosts if that is right"
        )
    return host.lower().strip("[]")


def parse_url(url: str, *, allowed: tuple[str, ...], kind: str) -> tuple[Endpoint, str]:
    """Return the endpoint of an ``http`` or ``https`` URL, and its path.

    Raises:
        ConnectorConfigError: it is no such URL, carries a password or a query, or its host is not
            allowed.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConnectorConfigError(f"connector {kind!r}: the url is malformed") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise ConnectorConfigError(
            f"connector {kind!r}: the url must start with https:// or http://"
        )
    if parts.username is not None or parts.password is not None:
        raise ConnectorConfigError(f"connector {kind!r}: the url may not carry a password")
    if parts.query or parts.fragment:
        raise ConnectorConfigError(f"connector {kind!r}: the url may not carry a query")
    host = demand_host(parts.hostname or "", allowed=allowed, kind=kind)
    port = _DEFAULT_PORTS[parts.scheme] if port is None else port
    return Endpoint(host, port, tls=parts.scheme == "https"), parts.path


def read_secret(path: Path) -> str:
    """Return the text of a secret's file without the line break at its end.

    Raises:
        SourceUnavailableError: the file is missing, empty, too large or no text. Its name is
            told, its content never.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_SECRET_BYTES + 1)
        text = content.decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnavailableError(f"the secret's file {path.name!r} cannot be read") from error
    if not text or len(content) > _SECRET_BYTES:
        raise SourceUnavailableError(f"the secret's file {path.name!r} is empty or too large")
    return text


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is tried again when it failed for a passing reason.

    Attributes:
        attempts: tries in all, at least one.
        pause_seconds: wait before the second try; doubled before each further one.
        longest_seconds: ceiling of one wait.
        sleep: waits for a number of seconds.
    """

    attempts: int = 3
    pause_seconds: float = 0.25
    longest_seconds: float = 8.0
    sleep: Callable[[float], None] = time.sleep

    def call(
        self,
        action: Callable[[], _Answer],
        *,
        transient: tuple[type[Exception], ...],
        what: str,
    ) -> _Answer:
        """Return what ``action`` returns, after as many tries as are allowed.

        Args:
            action: the request; must be safe to repeat.
            transient: errors that may pass.
            what: the request in words, for the operator.

        Raises:
            SourceUnavailableError: the last try failed too.
        """
        pause = self.pause_seconds
        for left in range(self.attempts - 1, -1, -1):
            try:
                return action()
            except transient as error:
                if not left:
                    reason = f"{what} failed: {type(error).__name__}"
                    raise SourceUnavailableError(reason) from error
            self.sleep(min(pause, self.longest_seconds))
            pause *= 2
        raise ValueError("a request needs at least one attempt")


class Pace:
    """Keeps requests at least ``1 / per_second`` seconds apart.

    Args:
        per_second: requests a second; 0 for as many as the server takes.
        clock: monotonic seconds.
        sleep: waits for a number of seconds.
    """

    def __init__(
        self,
        per_second: int = 0,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0

    def wait(self) -> None:
        """Return when the next request may be sent."""
        if not self._gap:
            return
        now = self._clock()
        if now < self._next:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + self._gap


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(name)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def _is_local(address: IPv4Address | IPv6Address) -> bool:
    # Machines hand out their own credentials at link-local addresses.
    if address.is_unspecified or address.is_link_local or address.is_multicast:
        return False
    return address.is_loopback or (address.is_private and not address.is_reserved)


def _in_network(address: IPv4Address | IPv6Address, allowed: str) -> bool:
    try:
        return address in ip_network(allowed.strip("[]"), strict=False)
    except ValueError:
        return False


def _names(allowed: str, name: str) -> bool:
    if allowed.startswith("*."):
        return name.endswith(allowed[1:])
    return name == allowed.rstrip(".")
