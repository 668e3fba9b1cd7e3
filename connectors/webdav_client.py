"""Speaks WebDAV to one server: lists a folder, reads a file, and follows nowhere else."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

import httpx2

from connectors.endpoints import Endpoint, Pace, Patience, read_secret
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.remote_tree import FolderUnreadableError
from connectors.webdav_listing import PROPERTIES, Resource, resources

_SAFE = "/-._~!$&'()*+,;=:@"
_LISTING_BYTES = 64 * 2**20
_QUESTION = (
    '<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop>'
    + "".join(f"<D:{name}/>" for name in PROPERTIES)
    + "</D:prop></D:propfind>"
).encode()
_OK = range(200, 300)
_UNAUTHORIZED = 401
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})


class _BusyError(Exception):
    """The server asks for patience."""


@dataclass(frozen=True, slots=True)
class Account:
    """How to sign in.

    Attributes:
        ca_file: certificates to trust instead of the machine's.
    """

    username: str | None
    password_file: Path | None
    ca_file: Path | None
    timeout_seconds: int


class WebdavClient:
    """One server, asked with bounded answers; redirects are not followed.

    Args:
        endpoint: the server.
        account: how to sign in.
        pace: distance between requests.
        patience: how often to ask a server that is busy.
        transport: how requests travel; by default over the network.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        account: Account,
        *,
        pace: Pace,
        patience: Patience,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._account = account
        self._pace = pace
        self._patience = patience
        self._transport = transport
        self._http: httpx2.Client | None = None

    def url_of(self, path: bytes) -> str:
        """Return the URL of ``path``; bytes that are no text are percent-encoded."""
        return self._endpoint.origin + quote_from_bytes(path, safe=_SAFE)

    def path_of(self, url: str) -> bytes:
        """Return the path that ``url_of`` named.

        Raises:
            SourceRejectedError: it is a URL of another server.
        """
        if not url.startswith(self._endpoint.origin + "/"):
            raise SourceRejectedError("the item is on another server")
        return unquote_to_bytes(url.removeprefix(self._endpoint.origin))

    def list_folder(self, path: bytes) -> list[Resource]:
        """Return what lies in the folder at ``path``, which ends without a slash.

        Raises:
            FolderUnreadableError: the server refuses this folder, or leaves entries out.
            SourceUnavailableError: it does not answer, or half.
        """
        found = self._properties(path + b"/", depth="1")
        inside = [each for each in found if each.path != path]
        if len(inside) == len(found):
            raise FolderUnreadableError("the server answers for another folder")
        if not all(each.lies_in(path) for each in inside):
            raise FolderUnreadableError("the server lists what lies elsewhere")
        return inside

    def look(self, path: bytes) -> Resource:
        """Return what the server says of one file.

        Raises:
            FolderUnreadableError: it refuses, or there is none.
        """
        found = self._properties(path, depth="0")
        if [each.path for each in found] != [path]:
            raise FolderUnreadableError("the server answers for another file")
        return found[0]

    def read(self, path: bytes, *, max_bytes: int) -> bytes:
        """Return the bytes of one file.

        Raises:
            FolderUnreadableError: the server refuses, or there is none.
            SourceRejectedError: it is larger than ``max_bytes``.
        """
        headers = {"Accept-Encoding": "identity"}
        return self._ask("GET", path, headers=headers, content=b"", limit=max_bytes)

    def close(self) -> None:
        """End the connections."""
        if self._http is not None:
            self._http.close()
        self._http = None

    def _properties(self, path: bytes, *, depth: str) -> list[Resource]:
        headers = {
            "Depth": depth,
            "Content-Type": 'application/xml; charset="utf-8"',
            "Accept-Encoding": "identity",
        }
        try:
            body = self._ask(
                "PROPFIND", path, headers=headers, content=_QUESTION, limit=_LISTING_BYTES
            )
        except SourceRejectedError as error:
            raise FolderUnreadableError("the listing is too large") from error
        return list(resources(body))

    def _ask(
        self, method: str, path: bytes, *, headers: dict[str, str], content: bytes, limit: int
    ) -> bytes:
        def once() -> bytes:
            self._pace.wait()
            url = self.url_of(path)
            http = self._connected()
            with http.stream(method, url, headers=headers, content=content) as answer:
                return _body(answer, limit)

        passing = (httpx2.TransportError, _BusyError)
        return self._patience.call(once, transient=passing, what="a request to the server")

    def _connected(self) -> httpx2.Client:
        if self._http is None:
            account = self._account
            auth = None
            if account.username is not None and account.password_file is not None:
                auth = httpx2.BasicAuth(account.username, read_secret(account.password_file))
            self._http = httpx2.Client(
                auth=auth,
                verify=_trust(account.ca_file),
                follow_redirects=False,
                # A proxy named in the environment would see what is asked.
                trust_env=False,
                timeout=account.timeout_seconds,
                transport=self._transport,
            )
        return self._http


def _body(answer: httpx2.Response, limit: int) -> bytes:
    """Return the body of a good answer of at most ``limit`` bytes."""
    status = answer.status_code
    if status == _UNAUTHORIZED:
        raise SourceUnavailableError("the server refuses the sign-in")
    if status in _BUSY:
        raise _BusyError
    if status not in _OK:
        raise FolderUnreadableError(f"the server answers {status}")
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise SourceUnavailableError("the server encodes what it was asked to send plainly")
    body = bytearray()
    for block in answer.iter_raw():
        body += block
        if len(body) > limit:
            raise SourceRejectedError(f"the file is larger than {limit} bytes")
    return bytes(body)


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise SourceUnavailableError("the certificates in ca_file cannot be read") from error
