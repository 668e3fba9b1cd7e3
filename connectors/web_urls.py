"""Addresses of pages in one way of writing, and which of them lie inside a source."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from connectors.errors import ConnectorConfigError

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PLAIN = frozenset("!$&'()*+,;=:@/?%") | _UNRESERVED
_DISGUISED = ("%2F", "%5C", "%00")
"""Escapes of separators and of the zero byte, which servers read in different ways."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """Where a page is asked for.

    Attributes:
        host: name or address, lower case, without brackets.
        target: path and query.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Return scheme, host and port, the port only where it is not the usual one."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == _PORTS[self.scheme]
        return f"{self.scheme}://{shown}" + ("" if usual else f":{self.port}")


def canonical(url: str, *, base: str = "") -> str | None:
    """Return ``url`` in its one way of writing, or None where it is no page's address.

    Dots in the path are followed, escapes are made alike, a fragment is left out.

    Args:
        url: as it was found; may be relative.
        base: address of the page it was found on.

    Source:
        RFC 3986, sections 5.2.4 and 6.2.2.
    """
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".")
    shown = f"[{host}]" if ":" in host else host
    if parts.scheme not in _PORTS or not _HOST.fullmatch(shown) or parts.username is not None:
        return None
    path = _path(parts.path)
    if path is None:
        return None
    where = shown if port in (None, _PORTS[parts.scheme]) else f"{shown}:{port}"
    return urlunsplit((parts.scheme, where, path, _alike(parts.query), ""))


def address_of(url: str) -> WebAddress:
    """Return the parts of an address that ``canonical`` wrote."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    port = parts.port or _PORTS[parts.scheme]
    return WebAddress(parts.scheme, parts.hostname or "", port, target)


class Scope:
    """The part of the web that a source is: every address that begins like one of ``prefixes``.

    Args:
        prefixes: addresses such as ``https://intranet.example/handbook/``.

    Raises:
        ConnectorConfigError: a prefix is no address, or there is none.
    """

    def __init__(self, prefixes: tuple[str, ...]) -> None:
        found = [canonical(prefix) for prefix in prefixes]
        if not found or None in found or any("?" in (prefix or "") for prefix in found):
            raise ConnectorConfigError(
                "connector 'web' needs prefixes, addresses that begin with https:// or http://"
            )
        self._prefixes = tuple(prefix for prefix in found if prefix is not None)
        self.origins = frozenset(address_of(prefix).origin for prefix in self._prefixes)

    def holds(self, url: str) -> bool:
        """Tell whether an address that ``canonical`` wrote lies inside."""
        path = url.partition("?")[0]
        return any(
            path == prefix.rstrip("/") or path.startswith(prefix.rstrip("/") + "/")
            for prefix in self._prefixes
        )


def _path(path: str) -> str | None:
    alike = _alike(path.replace("\\", "%5C"))
    if any(disguised in alike for disguised in _DISGUISED):
        return None
    kept: list[str] = []
    steps = alike.split("/")[1:]
    for number, step in enumerate(steps, start=1):
        if step in (".", ".."):
            del kept[len(kept) - (step == "..") :]
            if number == len(steps):
                kept.append("")
        else:
            kept.append(step)
    return "/" + "/".join(kept)


def _alike(text: str) -> str:
    """Return ``text`` with only those escapes that it needs, in capitals."""

    def plain(found: re.Match[str]) -> str:
        letter = chr(int(found[1], 16))
        return letter if letter in _UNRESERVED else found[0].upper()

    escaped = "".join(
        letter if letter in _PLAIN else "".join(f"%{byte:02X}" for byte in letter.encode("utf-8"))
        for letter in text.encode("utf-8", "replace").decode()
    )
    return _ESCAPE.sub(plain, escaped)
