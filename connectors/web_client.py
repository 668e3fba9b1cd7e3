"""Asks for single pages of named hosts at addresses that were looked up once and checked."""

import ipaddress
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from connectors.endpoints import Pace, Patience, read_secret
from connectors.errors import SourceUnavailableError
from connectors.web_robots import AGENT
from connectors.web_urls import WebAddress, address_of

_CONNECT_SECONDS = 10
_READ_SECONDS = 30
_PIECE = 64 * 2**10
_PLAIN = ("", "identity")
_Pool = urllib3.HTTPConnectionPool
Lookup = Callable[[str, int], list[str]]
Dial = Callable[[WebAddress, str], _Pool]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said to one request.

    Attributes:
        headers: by name in lower case.
        body: the bytes, or None where they were not taken.
        refused: why they were not.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes | None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Manners:
    """How requests are made.

    Attributes:
        networks: address ranges that may be dialled, such as ``10.0.0.0/8``.
        ca_file: certificates to trust instead of the system's.
        authorization_file: file with the value of the ``Authorization`` header, sent over TLS only.
        per_second: requests a second.
        page_seconds: ceiling for one answer.
    """

    networks: tuple[str, ...]
    ca_file: Path | None = None
    authorization_file: Path | None = None
    per_second: int = 5
    page_seconds: int = 60


class WebClient:
    """Sends plain GET requests: no cookies, no redirects, no proxies, nothing compressed.

    A host is looked up once. Each of its addresses has to lie in an allowed range, and later
    requests go to that very address, whatever the name has come to mean.

    Args:
        manners: how requests are made.
        lookup: returns the addresses of a host and port; None asks the system.
        dial: returns connections to a site at one of its addresses; None makes them over TCP.
        patience: how often a request that failed in passing is tried again.
    """

    def __init__(
        self,
        manners: Manners,
        *,
        lookup: Lookup | None = None,
        dial: Dial | None = None,
        patience: Patience = Patience(),  # noqa: B008 - a frozen value
    ) -> None:
        self._manners = manners
        self._networks = [ipaddress.ip_network(network) for network in manners.networks]
        self._lookup = _addresses if lookup is None else lookup
        self._dial = self._connected if dial is None else dial
        self._patience = patience
        self._pace = Pace(manners.per_second)
        self._pools: dict[str, _Pool] = {}

    def get(self, url: str, *, max_bytes: int, headers: Mapping[str, str] | None = None) -> Answer:
        """Return the answer for one canonical address.

        Args:
            url: the page.
            max_bytes: ceiling for the body.
            headers: further ones, such as conditions.

        Raises:
            SourceUnavailableError: the host may not be dialled or cannot be reached, or the answer
                takes too long.
        """
        address = address_of(url)
        pool = self._pool(address)
        sent = {"Accept-Encoding": "identity", "User-Agent": AGENT, "Host": _host(address)}
        if self._manners.authorization_file is not None and address.scheme == "https":
            sent["Authorization"] = read_secret(self._manners.authorization_file)
        sent |= headers or {}

        def ask() -> Answer:
            self._pace.wait()
            answer = pool.urlopen(
                "GET",
                address.target,
                headers=sent,
                redirect=False,
                retries=False,
                preload_content=False,
            )
            try:
                return self._read(answer, max_bytes)
            finally:
                answer.close()

        what = f"a request to {address.host!r}"
        return self._patience.call(ask, transient=(HTTPError,), what=what)

    def close(self) -> None:
        """End every connection."""
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()

    def _read(self, answer: BaseHTTPResponse, max_bytes: int) -> Answer:
        deadline = time.monotonic() + self._manners.page_seconds
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if headers.get("content-encoding", "").lower() not in _PLAIN:
            # A small answer may unpack to anything, and it was not asked for.
            return Answer(answer.status, headers, None, "the page comes compressed")
        pieces: list[bytes] = []
        size = 0
        while piece := answer.read(_PIECE, decode_content=False):
            pieces.append(piece)
            size += len(piece)
            if size > max_bytes:
                reason = f"the page is larger than {max_bytes} bytes"
                return Answer(answer.status, headers, None, reason)
            if time.monotonic() > deadline:
                raise SourceUnavailableError("the answer takes too long")
        return Answer(answer.status, headers, b"".join(pieces))

    def _pool(self, address: WebAddress) -> _Pool:
        if address.origin not in self._pools:
            self._pools[address.origin] = self._dial(address, self._dialled(address))
        return self._pools[address.origin]

    def _connected(self, address: WebAddress, dialled: str) -> _Pool:
        timeout = urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS)
        if address.scheme == "http":
            return urllib3.HTTPConnectionPool(dialled, address.port, timeout=timeout)
        ca_file = self._manners.ca_file
        return urllib3.HTTPSConnectionPool(
            dialled,
            address.port,
            timeout=timeout,
            cert_reqs="CERT_REQUIRED",
            ca_certs=None if ca_file is None else str(ca_file),
            server_hostname=address.host,
            assert_hostname=address.host,
        )

    def _dialled(self, address: WebAddress) -> str:
        found = self._lookup(address.host, address.port)
        if not found:
            raise SourceUnavailableError(f"the host {address.host!r} has no address")
        for each in found:
            if not self._is_allowed(each):
                # One address among many would be enough to be led elsewhere.
                reason = f"the host {address.host!r} has an address outside the allowed networks"
                raise SourceUnavailableError(reason)
        return found[0]

    def _is_allowed(self, text: str) -> bool:
        address = ipaddress.ip_address(text)
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return any((mapped or address) in network for network in self._networks)


def _host(address: WebAddress) -> str:
    return address.origin.partition("://")[2]


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise SourceUnavailableError(f"the host {host!r} cannot be looked up") from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))
