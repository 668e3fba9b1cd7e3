"""Large XML dumps read as a stream of records, with no entities and within limits."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from connectors.errors import SourceRejectedError

MOST_DEPTH = 32
MOST_TEXT = 64 * 2**20
MOST_NODES = 1_000_000
"""Nodes below one record."""
_BLOCK = 2**18


@dataclass(slots=True)
class Node:
    """One element of a dump, with what is inside it."""

    tag: str
    attributes: Mapping[str, str]
    children: list["Node"] = field(default_factory=list)
    text: str = ""

    def child(self, tag: str, **attributes: str) -> "Node | None":
        """Return the first child of that tag with these attributes, or None."""
        for found in self.children:
            if found.tag == tag and attributes.items() <= found.attributes.items():
                return found
        return None


def records(stream: IO[bytes], *, max_bytes: int) -> Iterator[Node]:
    """Yield each element directly below the root, and hold no more than one.

    Raises:
        SourceRejectedError: it is not well-formed, declares a document type, or is larger
            or deeper than the limits.

    Source:
        XML 1.0, section 2.8: a document type declaration is where entities come from.
    """
    builder = _Builder()
    seen = 0
    try:
        while block := stream.read(_BLOCK):
            seen += len(block)
            if seen > max_bytes:
                raise SourceRejectedError(f"the dump is larger than {max_bytes} bytes")
            builder.parser.Parse(block, False)  # noqa: FBT003 - the parser's interface
            # What is not yet told, such as a tag without an end, is held by the parser.
            if seen - builder.parser.CurrentByteIndex > MOST_TEXT:
                raise SourceRejectedError("a record of the dump is larger than the limits")
            yield from builder.take()
        builder.parser.Parse(b"", True)  # noqa: FBT003 - the parser's interface
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise SourceRejectedError("the dump is not well-formed XML") from error
    yield from builder.take()


class _Builder:
    """Builds records from the events of a parser."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse
        self._open: list[Node] = []
        self._texts: list[list[str]] = []
        self._done: deque[Node] = deque()
        self._nodes = self._length = 0

    def take(self) -> Iterator[Node]:
        """Yield the records that are complete."""
        while self._done:
            yield self._done.popleft()

    def _refuse(self, *_: object) -> None:
        raise SourceRejectedError("the dump declares a document type, so it is not read")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._nodes += 1
        if len(self._open) >= MOST_DEPTH or self._nodes > MOST_NODES:
            raise SourceRejectedError("a record of the dump is deeper or larger than the limits")
        self._grow(len(tag) + sum(map(len, attributes)) + sum(map(len, attributes.values())))
        node = Node(tag, attributes)
        if len(self._open) > 1:
            self._open[-1].children.append(node)
        self._open.append(node)
        self._texts.append([])

    def _end(self, _: str) -> None:
        node, texts = self._open.pop(), self._texts.pop()
        node.text = "".join(texts)
        if len(self._open) == 1:
            self._done.append(node)
            self._nodes = self._length = 0

    def _characters(self, text: str) -> None:
        if len(self._open) < 2:
            return
        self._grow(len(text))
        self._texts[-1].append(text)

    def _grow(self, length: int) -> None:
        self._length += length
        if self._length > MOST_TEXT:
            raise SourceRejectedError("a record of the dump is larger than the limits")
