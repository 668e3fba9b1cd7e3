"""Where tools may dial: hosts that the operator named, at addresses that the operator meant."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from vault.domain.errors import InvalidRequestError
from vault.orchestrate.tool import RetryableToolError, ToolFailedError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Iterable[str]]
"""Returns the addresses of a name; raises OSError if it has none."""
_HOST = re.compile(r"[a-z0-9][a-z0-9.-]{0,252}|\[[0-9a-f:.]{2,45}\]")


@dataclass(frozen=True, slots=True)
class Destination:
    """A service at exactly one address.

    Attributes:
        scheme: http or https.
        host: the name that the operator allowed, which certificates are checked for.
        port: TCP port.
        address: the one address to connect to; nobody asks for it a second time.
        prefix: path below which the service lies.
    """

    scheme: str
    host: str
    port: int
    address: str
    prefix: str


class Destinations:
    """Finds the address of an allowed host, and refuses every other host and address.

    Args:
        allowed: by ``host:port``, the networks that the name may lead to, in CIDR notation;
            an empty row is any address that the whole Internet can reach.
        resolve: asks the name service.

    Raises:
        InvalidRequestError: a host or network in it is malformed.

    Source:
        OWASP Server-Side Request Forgery Prevention Cheat Sheet.
    """

    def __init__(self, allowed: Mapping[str, Iterable[str]], *, resolve: Resolver) -> None:
        self._allowed = {_place(name): tuple(map(_network, row)) for name, row in allowed.items()}
        self._resolve = resolve

    def check(self, url: str) -> None:
        """Return only if the host of a base URL is allowed; no name is resolved.

        Raises:
            InvalidRequestError: it is not, or the URL is no base of a service.
        """
        scheme, host, port, _ = _parts(url)
        if (host, port) not in self._allowed:
            raise InvalidRequestError(
                f"the host {host}:{port} is not among the tool_hosts of this home"
            )
        if scheme == "http" and not all(found.is_private for found in self._allowed[host, port]):
            raise InvalidRequestError("only a private network may be reached without TLS")

    def find(self, url: str) -> Destination:
        """Return the destination of a base URL, resolved once.

        Every address of the name has to be allowed: a name that also leads elsewhere is one
        that somebody else may steer.

        Raises:
            ToolFailedError: it leads outside of the networks that were allowed.
            RetryableToolError: the name does not resolve now.
        """
        scheme, host, port, prefix = _parts(url)
        networks = self._allowed.get((host, port))
        if networks is None:
            raise ToolFailedError("this host is not allowed")
        try:
            addresses = [_address(found) for found in self._resolve(host.strip("[]"), port)]
        except OSError:
            raise RetryableToolError("the name of the host does not resolve") from None
        if not addresses or not all(_permitted(found, networks) for found in addresses):
            raise ToolFailedError("the name of the host leads to an address that is not allowed")
        return Destination(scheme, host.strip("[]"), port, str(addresses[0]), prefix)


def _permitted(address: Address, networks: tuple[Network, ...]) -> bool:
    if not networks:
        return address.is_global and not address.is_multicast
    return any(address in network for network in networks)


def _address(text: str) -> Address:
    # Without a zone, and an IPv4 address in IPv6 clothes as what it is.
    found = ipaddress.ip_address(text.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        raise InvalidRequestError(f"{text[:60]!r} is no network in CIDR notation") from None


def _place(name: str) -> tuple[str, int]:
    host, _, port = name.lower().rpartition(":")
    if not _HOST.fullmatch(host) or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise InvalidRequestError(f"the tool host {name[:100]!r} must be HOST:PORT")
    return host, int(port)


def _parts(url: str) -> tuple[str, str, int, str]:
    try:
        split = urlsplit(url)
        port = split.port or {"http": 80, "https": 443}.get(split.scheme, 0)
    except ValueError:
        raise InvalidRequestError("the base URL is malformed") from None
    host = (split.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    plain = not (split.username or split.password or split.query or split.fragment)
    if split.scheme not in {"http", "https"} or not plain or not _HOST.fullmatch(host) or not port:
        raise InvalidRequestError("a base URL is http or https, a host, a port and a path")
    return split.scheme, host, port, split.path.rstrip("/")
