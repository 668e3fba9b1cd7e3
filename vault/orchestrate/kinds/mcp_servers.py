"""How an MCP server is reached: by a command of its own, or at a pinned address."""

import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import httpx2

from vault.domain.errors import InvalidRequestError
from vault.orchestrate.kinds.destinations import Destination

_MEMBERS = frozenset({"url", "command", "tool", "environment", "headers", "definition"})


class TooMuchError(Exception):
    """A server sent more than it may."""


@dataclass(frozen=True, slots=True)
class McpServer:
    """What a binding of kind ``mcp`` says.

    Attributes:
        tool: what the server calls the tool.
        url: where the server listens; None for one that is started by a command.
        command: program and arguments of one that speaks on its standard streams.
        environment: names of secrets by the variable that carries them to the program.
        headers: names of secrets by the header that carries them to the URL.
    """

    tool: str
    url: str | None
    command: tuple[str, ...]
    environment: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def secrets(self) -> frozenset[str]:
        """Names of the secrets that it is given."""
        return frozenset({*self.environment.values(), *self.headers.values()})

    @classmethod
    def parse(cls, binding: Mapping[str, object]) -> "McpServer":
        """Return the server that a binding names.

        Raises:
            InvalidRequestError: it names none, or two, or no tool.
        """
        unknown = binding.keys() - _MEMBERS
        if unknown:
            raise InvalidRequestError(f"the binding has an unknown member {min(unknown)[:40]!r}")
        url, command = binding.get("url"), binding.get("command", [])
        if not isinstance(command, list) or not all(isinstance(part, str) for part in command):
            raise InvalidRequestError("the command of an MCP server is a list of words")
        if (url is None) is (not command) or not binding.get("tool"):
            raise InvalidRequestError("an MCP tool has a url or a command, and names its tool")
        return cls(
            tool=str(binding["tool"]),
            url=None if url is None else str(url),
            command=tuple(command),
            environment=_names(binding.get("environment", {})),
            headers=_names(binding.get("headers", {})),
        )


def pinned_client(
    place: Destination, *, headers: Mapping[str, str], most_bytes: int
) -> httpx2.AsyncClient:
    """Return a client that reaches this one address, whatever it is asked for.

    Args:
        place: the destination that was checked.
        headers: sent with every request.
        most_bytes: the longest body of an answer.
    """
    return httpx2.AsyncClient(
        transport=_Pinned(place, most_bytes=most_bytes),
        headers=dict(headers) | {"Accept-Encoding": "identity"},
        follow_redirects=False,
        trust_env=False,
    )


class _Pinned(httpx2.AsyncBaseTransport):
    """Sends every request to one address; a name is checked, never resolved again."""

    def __init__(self, place: Destination, *, most_bytes: int) -> None:
        self._place = place
        self._most_bytes = most_bytes
        self._inner = httpx2.AsyncHTTPTransport(
            verify=ssl.create_default_context(), trust_env=False, retries=0
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request that is for the host that was checked."""
        place, url = self._place, request.url
        port = url.port or {"http": 80, "https": 443}.get(url.scheme)
        if (url.scheme, url.host, port) != (place.scheme, place.host, place.port):
            raise httpx2.UnsupportedProtocol("the server is another one than was checked")
        request.headers["Host"] = url.netloc.decode("ascii")
        request.extensions = {**request.extensions, "sni_hostname": place.host}
        request.url = url.copy_with(host=place.address)
        response = await self._inner.handle_async_request(request)
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Bounded(response.stream, most_bytes=self._most_bytes)
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class _Bounded(httpx2.AsyncByteStream):
    """Breaks off a body that is longer than it may be."""

    def __init__(self, inner: httpx2.AsyncByteStream, *, most_bytes: int) -> None:
        self._inner = inner
        # A message carries its frame besides the output.
        self._left = 2 * most_bytes + 256 * 1024

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._inner:
            self._left -= len(part)
            if self._left < 0:
                raise TooMuchError
            yield part

    async def aclose(self) -> None:
        """Close the body."""
        await self._inner.aclose()


def _names(given: object) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise InvalidRequestError("secrets of an MCP server are given by name")
    return {str(name): str(value) for name, value in given.items()}
