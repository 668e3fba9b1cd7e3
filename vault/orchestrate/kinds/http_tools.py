"""Operations of HTTP services as tools: pinned address, no redirects, bounded time and bodies."""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from urllib.parse import quote, urlencode

from vault.domain.errors import InvalidRequestError
from vault.domain.tools import Reversibility, ToolDefinition, ToolResult
from vault.orchestrate.kinds.destinations import Destination, Destinations
from vault.orchestrate.kinds.operations import Operation
from vault.orchestrate.tool import (
    RetryableToolError,
    ToolContext,
    ToolError,
    ToolFailedError,
)

_BUSY = frozenset({408, 425, 429, 502, 503, 504})
_CHUNK = 64 * 1024
TlsContext = Callable[[], ssl.SSLContext]


def system_resolver(host: str, port: int) -> Iterator[str]:
    """Yield the addresses that the machine's name service has for a host.

    Raises:
        OSError: it has none.
    """
    for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        yield str(found[4][0])


class HttpTool:
    """Calls one operation of one service.

    Args:
        definition: what was approved.
        destinations: where tools may dial.
        tls: makes the context that checks certificates.

    Raises:
        InvalidRequestError: its binding names no operation, or a host that is not allowed.
    """

    def __init__(
        self,
        definition: ToolDefinition,
        *,
        destinations: Destinations,
        tls: TlsContext = ssl.create_default_context,
    ) -> None:
        self._definition = definition
        self._operation = Operation.parse(definition.binding)
        self._destinations = destinations
        self._tls = tls
        destinations.check(self._operation.base_url)
        secret = self._operation.secret
        if secret is not None and secret not in definition.secrets:
            raise InvalidRequestError(f"the definition does not name the secret {secret!r}")

    @property
    def definition(self) -> ToolDefinition:
        """What was approved."""
        return self._definition

    def call(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Send one request and return what came back.

        Raises:
            RetryableToolError: the service is busy or not there.
            ToolFailedError: it refused, answered elsewhere, too much or not in time.
        """
        path, headers, body = self._request(arguments, context)
        place = self._destinations.find(self._operation.base_url)
        with self._connection(place, context.seconds) as connection:
            try:
                connection.connect()
            except OSError:
                raise RetryableToolError("the service does not answer") from None
            try:
                connection.request(self._operation.method, place.prefix + path, body, headers)
                with closing(connection.getresponse()) as response:
                    found = self._result(response, context)
            except (OSError, http.client.HTTPException):
                raise self._lost("the service broke off, or did not answer in time") from None
            if connection.is_cut:
                # An answer without a length looks whole wherever it ends.
                raise self._lost("the service did not answer in time")
            return found

    def _request(
        self, arguments: dict[str, object], context: ToolContext
    ) -> tuple[str, dict[str, str], bytes | None]:
        operation = self._operation
        path, query = operation.path, {}
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        for name, value in arguments.items():
            place = operation.places.get(name)
            if place == "path":
                path = path.replace("{" + name + "}", _segment(value))
            elif place == "query":
                query[name] = _plain(value)
            elif place == "header":
                headers[name] = _header(_plain(value))
        if operation.secret is not None:
            value = operation.prefix + context.secrets.reveal(operation.secret)
            headers[operation.secret_header] = _header(value)
        if operation.key_header is not None:
            headers[operation.key_header] = _header(context.idempotency_key)
        body = None
        if "body" in arguments and operation.places.get("body") == "body":
            body = json.dumps(arguments["body"]).encode()
            headers["Content-Type"] = "application/json"
        return path + (f"?{urlencode(query, doseq=True)}" if query else ""), headers, body

    @contextmanager
    def _connection(self, place: Destination, seconds: float) -> Iterator["_Plain"]:
        connection = _Plain(place, seconds)
        if place.scheme == "https":
            connection = _Tls(place, seconds, self._tls())
        # A timeout of the socket is one of each read: a service that drips would never meet it.
        alarm = threading.Timer(seconds, _cut, [connection])
        alarm.daemon = True
        alarm.start()
        try:
            yield connection
        finally:
            alarm.cancel()
            connection.close()

    def _result(self, response: http.client.HTTPResponse, context: ToolContext) -> ToolResult:
        status = response.status
        if 300 <= status < 400:
            raise ToolFailedError("the service answered with a redirect, which is not followed")
        if status in _BUSY:
            detail = f"the service is busy and answered {status}"
            raise RetryableToolError(detail, effect_unknown=self._acts and status not in {425, 429})
        if not 200 <= status < 300:
            failed = 500 <= status < 600
            detail = f"the service answered {status}"
            raise ToolFailedError(detail, effect_unknown=self._acts and failed)
        if response.getheader("Content-Encoding", "identity") != "identity":
            raise self._lost("the service answered compressed, which was not asked for")
        content = self._body(response)
        return ToolResult(_content(response, content), context.label)

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        most = self._definition.limits.output_bytes
        parts: list[bytes] = []
        size = 0
        while part := response.read1(_CHUNK):
            size += len(part)
            if size > most:
                raise self._lost(f"the service answered more than {most} bytes")
            parts.append(part)
        if response.length:
            raise self._lost("the service broke off in the middle of its answer")
        return b"".join(parts)

    @property
    def _acts(self) -> bool:
        return self._definition.reversibility is not Reversibility.READ

    def _lost(self, detail: str) -> ToolError:
        return ToolFailedError(detail, effect_unknown=self._acts)


class _Plain(http.client.HTTPConnection):
    """Connects to the pinned address, whatever the name means by now."""

    def __init__(self, place: Destination, seconds: float) -> None:
        super().__init__(place.host, place.port, timeout=seconds)
        self._place = place
        # The library lets go of its own once an answer has begun.
        self.held: socket.socket | None = None
        self.is_cut = False

    def connect(self) -> None:
        """Connect to the address that was checked."""
        address = (self._place.address, self._place.port)
        self.sock = self.held = socket.create_connection(address, self.timeout)


class _Tls(_Plain):
    """The same over TLS, with the certificate checked for the name."""

    def __init__(self, place: Destination, seconds: float, tls: ssl.SSLContext) -> None:
        super().__init__(place, seconds)
        self._context = tls

    def connect(self) -> None:
        """Connect to the address that was checked, and see that it is the name's."""
        super().connect()
        wrapped = self._context.wrap_socket(self.sock, server_hostname=self._place.host)
        self.sock = self.held = wrapped


def _cut(connection: _Plain) -> None:
    connection.is_cut = True
    if connection.held is not None:
        with suppress(OSError):
            connection.held.shutdown(socket.SHUT_RDWR)


def _content(response: http.client.HTTPResponse, content: bytes) -> object:
    kind = response.headers.get_content_type()
    if not content:
        return None
    try:
        if kind == "application/json" or kind.endswith("+json"):
            return json.loads(content)
        if kind.startswith("text/"):
            return content.decode()
    except (ValueError, RecursionError):
        raise ToolFailedError(f"the service answered what is not {kind[:60]}") from None
    raise ToolFailedError(f"the service answered {kind[:60]!r}, which no model reads")


def _segment(value: object) -> str:
    text = quote(_text(value), safe="")
    if text in {"", ".", ".."}:
        raise RetryableToolError("a part of a path is not empty and no dots")
    return text


def _plain(value: object) -> str | list[str]:
    return [_text(found) for found in value] if isinstance(value, list) else _text(value)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value)


def _header(value: str | list[str]) -> str:
    text = value if isinstance(value, str) else ",".join(value)
    if not text.isprintable() or not text.isascii():
        raise RetryableToolError("a header holds printable ASCII characters alone")
    return text
