"""A share in this very process, for tests that need no network: it answers the wire's messages."""

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.errors import SourceUnavailableError
from connectors.smb_wire import Chain, Reply, Sendable
from tests.connectors.descriptors import FULL, allow, descriptor

DENIED, MISSING, A_FOLDER, NO_FOLDER = 0xC0000022, 0xC0000034, 0xC00000BA, 0xC0000103
LINK = 0xA000000C
_PAGE = 3
_OPEN = descriptor(allow("S-1-1-0", FULL))


@dataclass
class Node:
    """A file, a folder where ``content`` is None, or a link where ``tag`` is set."""

    content: bytes | None = None
    rights: bytes | None = _OPEN
    tag: int = 0
    hidden: bool = False
    number: int = 0
    changed: int = 134_000_000_000_000_000
    opens: int = 0
    """Status that the server answers to every open, 0 to let it succeed."""
    lists: int = 0
    """Status that breaks off a listing, 0 to let it end."""

    @property
    def attributes(self) -> int:
        kind = 0x10 if self.content is None else 0x20
        return kind | (0x400 if self.tag else 0) | (0x2 if self.hidden else 0)


@dataclass
class InlineShare:
    """The server's end: nodes by path, ``""`` the top, and what it says about the share."""

    nodes: dict[str, Node]
    share_rights: bytes | None = _OPEN
    alive: bool = True
    dialled: int = 0
    asked: list[str] = field(default_factory=list)
    while_read: Callable[["InlineShare"], None] | None = None
    _open: dict[bytes, tuple[str, int]] = field(default_factory=dict)
    _last: bytes = b""

    def exchange(self, chains: Sequence[Chain]) -> Iterator[list[Reply]]:
        if not self.alive:
            raise SourceUnavailableError("the server hung up")
        for chain in chains:
            yield self._chain(chain)

    def ask(self, *chain: Sendable) -> list[Reply]:
        (replies,) = self.exchange([chain])
        return replies

    def on(self, share: str) -> "InlinePipe":
        assert share == "IPC$"
        return InlinePipe(self.share_rights)

    def close(self) -> None:
        self.alive = False

    def _chain(self, chain: Chain) -> list[Reply]:
        replies: list[Reply] = []
        for message in chain:
            failed = next((reply for reply in replies if reply.status), None)
            replies.append(failed or self._answer(message))
        return replies

    def _answer(self, message: Any) -> Reply:
        kinds = {5: self._create, 6: self._close, 8: self._read, 14: self._list, 16: self._query}
        return kinds[int(message.COMMAND)](message)

    def _create(self, message: Any) -> Reply:
        body = message.pack()
        access, options, length = (
            struct.unpack_from("<I", body, 24)[0],
            struct.unpack_from("<I", body, 40)[0],
            struct.unpack_from("<H", body, 46)[0],
        )
        path = body[56 : 56 + length].decode("utf-16-le", "surrogatepass")
        node = self.nodes.get(path)
        self.asked.append(path)
        if node is None:
            return Reply(MISSING, b"")
        is_folder = node.content is None
        if node.opens and access & 1:
            return Reply(node.opens, b"")
        if options & 0x1 and not is_folder:
            return Reply(NO_FOLDER, b"")
        if options & 0x40 and is_folder:
            return Reply(A_FOLDER, b"")
        handle = struct.pack("<QQ", len(self._open) + 1, 7)
        self._open[handle] = (path, 0)
        self._last = handle
        fixed = struct.pack("<HBBI", 89, 0, 0, 1) + self._stamp(node)
        return Reply(0, fixed + struct.pack("<II", node.attributes, 0) + handle)

    def _stamp(self, node: Node) -> bytes:
        moment, size = node.changed, len(node.content or b"")
        return struct.pack("<QQQQQQ", moment, moment, moment, moment, size, size)

    def _node(self, handle: bytes) -> tuple[str, Node]:
        path, _ = self._open[self._last if handle == b"\xff" * 16 else handle]
        return path, self.nodes[path]

    def _close(self, message: Any) -> Reply:
        _, node = self._node(message.pack()[8:24])
        return Reply(0, struct.pack("<HHI", 60, 1, 0) + self._stamp(node) + struct.pack("<I", 0))

    def _query(self, message: Any) -> Reply:
        _, kind, _ = struct.unpack_from("<HBB", message.pack())
        _, node = self._node(b"\xff" * 16)
        if kind == 1:
            return _carrying(struct.pack("<II", node.attributes, node.tag))
        return Reply(DENIED, b"") if node.rights is None else _carrying(node.rights)

    def _list(self, message: Any) -> Reply:
        handle = message["file_id"].get_value()
        path, start = self._open[handle]
        names = self._names(path)
        if start >= len(names):
            return Reply(self.nodes[path].lists or 0x80000006, b"")
        self._open[handle] = (path, start + _PAGE)
        entries = [self._entry(name, node) for name, node in names[start : start + _PAGE]]
        buffer = b"".join(
            struct.pack("<I", len(entry) + 4 if index < len(entries) - 1 else 0) + entry
            for index, entry in enumerate(entries)
        )
        return _carrying(buffer)

    def _names(self, folder: str) -> list[tuple[str, Node]]:
        lead = folder + "\\" if folder else ""
        inside = [
            (path[len(lead) :], node)
            for path, node in self.nodes.items()
            if path and path.startswith(lead) and "\\" not in path[len(lead) :]
        ]
        return [(".", self.nodes[folder]), ("..", Node()), *inside]

    def _entry(self, name: str, node: Node) -> bytes:
        raw = name.encode("utf-16-le", "surrogatepass")
        moment, size = node.changed, len(node.content or b"")
        fixed = struct.pack(
            "<IQQQQQQIIIIQ", 0, moment, moment, moment, moment, size, size, node.attributes,
            len(raw), node.tag, 0, node.number,
        )  # fmt: skip
        return fixed + raw

    def _read(self, message: Any) -> Reply:
        if self.while_read is not None:
            self.while_read(self)
        _, node = self._node(message["file_id"].get_value())
        offset, length = message["offset"].get_value(), message["length"].get_value()
        piece = (node.content or b"")[offset : offset + length]
        if not piece:
            return Reply(0xC0000011, b"")
        return Reply(0, struct.pack("<HBBIII", 17, 80, 0, len(piece), 0, 0) + piece)


@dataclass
class InlinePipe:
    """The service that tells the rights of shares."""

    rights: bytes | None
    fragment: int = 4_000
    bind_ack: int = 12
    code: int = 0
    opens: int = 0
    refuses: int = 0
    _left: bytes = b""

    def exchange(self, chains: Sequence[Chain]) -> Iterator[list[Reply]]:
        for chain in chains:
            yield [self._answer(message) for message in chain]

    def ask(self, *chain: Sendable) -> list[Reply]:
        (replies,) = self.exchange([chain])
        return replies

    def _answer(self, message: Any) -> Reply:
        if message.COMMAND == 5:
            return Reply(self.opens, bytes(72) + b"p" * 16)
        if message.COMMAND == 6:
            return Reply(0, bytes(60))
        if message.COMMAND == 8:
            piece, self._left = self._left[:4_280], self._left[4_280:]
            return Reply(0, struct.pack("<HBBIII", 17, 80, 0, len(piece), 0, 0) + piece)
        if self.refuses:
            return Reply(self.refuses, b"")
        packet = message["buffer"].get_value()
        self._left = self._bound() if packet[2] == 11 else self._told()
        piece, self._left = self._left[:4_280], self._left[4_280:]
        status = 0x80000005 if self._left else 0
        return Reply(status, bytes(32) + struct.pack("<IIII", 64 + 48, len(piece), 0, 0) + piece)

    def _bound(self) -> bytes:
        return struct.pack("<BBBBIHHI", 5, 0, self.bind_ack, 3, 0x10, 16, 0, 1)

    def _told(self) -> bytes:
        stub = self._stub()
        pieces = [stub[at : at + self.fragment] for at in range(0, len(stub), self.fragment)]
        return b"".join(
            struct.pack(
                "<BBBBIHHI", 5, 0, 2, 2 if index == len(pieces) - 1 else 0, 0x10,
                24 + len(piece), 0, 1,
            )
            + struct.pack("<IHH", len(stub), 0, 0)
            + piece
            for index, piece in enumerate(pieces)
        )  # fmt: skip

    def _stub(self) -> bytes:
        if self.code and self.rights is None:
            return struct.pack("<III", 502, 0, self.code)
        rights = self.rights or b""
        there = 6 if self.rights is not None else 0
        fields = (1, 0, 2, 0, 0xFFFFFFFF, 1, 3, 0, len(rights), there)
        texts = b"".join(_ndr_text(text) for text in ("docs", "a remark", "C:\\docs"))
        described = struct.pack("<I", len(rights)) + rights if there else b""
        body = texts + described
        return (
            struct.pack("<II10I", 502, 9, *fields)
            + body
            + bytes(-len(body) % 4)
            + struct.pack("<I", self.code)
        )


def _ndr_text(text: str) -> bytes:
    raw = (text + "\0").encode("utf-16-le")
    return struct.pack("<III", len(raw) // 2, 0, len(raw) // 2) + raw + bytes(-len(raw) % 4)


def _carrying(buffer: bytes) -> Reply:
    return Reply(0, struct.pack("<HHI", 9, 72, len(buffer)) + buffer)
