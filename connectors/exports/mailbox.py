"""Where the messages of a mailbox lie in a stream that is read once."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

MOST_HEAD_BYTES = 64 * 1024
_LONGEST_LINE = 2**20
_START = b"From "
_BLANK = (b"\n", b"\r\n")


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its place, its digest and as much of its head as is needed.

    Attributes:
        offset: of its first byte after the line that separates messages.
        length: in bytes, without the blank line before the next one.
        digest: SHA-256 of its bytes, in hexadecimal.
    """

    offset: int
    length: int
    digest: str
    head: bytes


def messages(stream: IO[bytes]) -> Iterator[Message]:
    """Yield each message of a mailbox in the form that escapes lines beginning with From.

    Source:
        RFC 4155, appendix A.
    """
    place = 0
    open_one: _Open | None = None
    blank, whole = True, True
    while line := stream.readline(_LONGEST_LINE):
        place += len(line)
        if blank and line.startswith(_START):
            if open_one is not None:
                yield open_one.closed()
            open_one = _Open(place)
        elif open_one is not None:
            open_one.add(line)
        # The end of a line too long to be read at once is no blank line.
        blank, whole = whole and line in _BLANK, line.endswith(b"\n")
    if open_one is not None:
        yield open_one.closed()


class _Open:
    """A message whose end is not reached; its last line waits, for it may be the separator."""

    def __init__(self, offset: int) -> None:
        self._offset = offset
        self._length = 0
        self._digest = sha256()
        self._head: list[bytes] = []
        self._held = b""
        self._in_head, self._head_bytes = True, 0

    def add(self, line: bytes) -> None:
        """Take in one more line."""
        self._take(self._held)
        self._held = line

    def closed(self) -> Message:
        """Return the message, without the blank line that ends it."""
        if self._held not in _BLANK:
            self._take(self._held)
        return Message(self._offset, self._length, self._digest.hexdigest(), b"".join(self._head))

    def _take(self, line: bytes) -> None:
        self._length += len(line)
        self._digest.update(line)
        if line in _BLANK:
            self._in_head = False
        elif self._in_head and self._head_bytes < MOST_HEAD_BYTES:
            self._head_bytes += len(line)
            self._head.append(line)
