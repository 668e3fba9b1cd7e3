"""HTTP as it arrives: the status line, the headers in order, and every chunk of the body."""

import socket
from dataclasses import dataclass, field

LONGEST_WAIT_SECONDS = 120.0
_READ_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Request:
    """What a reader sends; the same bytes go to both vaults.

    Attributes:
        path: target with its query.
        body: sent with its length; None sends neither.
    """

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None

    def encoded(self) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body is not None:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + (self.body or b"")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reader gets.

    Attributes:
        start: the status line.
        headers: names as sent, in the order in which they were sent.
        parts: the chunks of a chunked body, or the body as one part.
    """

    start: str
    headers: tuple[tuple[str, str], ...]
    parts: tuple[bytes, ...] = field(repr=False)

    @property
    def status(self) -> int:
        return int(self.start.split(" ", 2)[1])

    @property
    def body(self) -> bytes:
        return b"".join(self.parts)

    def header(self, name: str) -> str | None:
        found = (value for known, value in self.headers if known.lower() == name)
        return next(found, None)


def send(host: str, port: int, request: Request) -> Reply:
    """Return what a server answers on a connection of its own."""
    with socket.create_connection((host, port), timeout=LONGEST_WAIT_SECONDS) as connection:
        connection.sendall(request.encoded())
        received = bytearray()
        while piece := connection.recv(_READ_BYTES):
            received += piece
    return parse(bytes(received))


def parse(received: bytes) -> Reply:
    """Return the parts of one whole response.

    Source:
        RFC 9112, sections 4, 5 and 7.1.
    """
    head, _, body = received.partition(b"\r\n\r\n")
    start, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name, value.strip()) for name, _, value in pairs)
    chunked = any(
        name.lower() == "transfer-encoding" and "chunked" in value for name, value in headers
    )
    return Reply(start, headers, tuple(_chunks(body)) if chunked else (body,))


def _chunks(body: bytes) -> list[bytes]:
    parts = []
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        parts.append(body[:length])
        body = body[length + 2 :]
        if length == 0:
            return parts
    raise AssertionError("the response broke off")
