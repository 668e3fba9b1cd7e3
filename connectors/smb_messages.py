"""SMB2 requests and answers as bytes: what a sweep of many thousand files sends and reads.

Source: MS-SMB2 2.2.13-2.2.16 (create, close), 2.2.20 (read), 2.2.32 (control), 2.2.34
(directory), 2.2.37-2.2.38 (information); MS-FSCC 2.4.6, 2.4.22, 2.1.2.1.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CREATE, CLOSE, QUERY_INFO = 5, 6, 16
OK = 0x00000000
MORE_DATA = 0x80000005
NO_MORE_FILES = 0x80000006

READ_DATA, READ_ATTRIBUTES, READ_CONTROL = 0x00000001, 0x00000080, 0x00020000
OPEN_FOLDER, OPEN_FILE, OPEN_LINK_ITSELF = 0x00000001, 0x00000040, 0x00200000

_SAME_FILE = b"\xff" * 16
_CREATE = struct.Struct("<HBBIQQIIIIIHHII")
_CREATED = struct.Struct("<HBBIQQQQQQII16s")
_CLOSED = struct.Struct("<HHIQQQQQQI")
_QUERY = struct.Struct("<HBBIHHIII16s")
_ENTRY = struct.Struct("<IIQQQQQQIIIIQ")
_IMPERSONATION, _OPEN_EXISTING, _SHARE_ALL = 2, 1, 7
_SECURITY, _OWNER_GROUP_DACL = 3, 7
_FILE, _ATTRIBUTE_TAG = 1, 35
_HEADER_BYTES = 64
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)

_HIDDEN, _FOLDER, _REPARSE = 0x2, 0x10, 0x400
_TRANSPARENT = frozenset({0x80000007, 0x80000013, 0x80000017})
"""Reparse tags of files whose content the server itself puts together: SIS, dedup, WOF."""
_CLOUD, _CLOUD_MASK = 0x9000001A, 0xFFFF0FFF


@dataclass(frozen=True, slots=True)
class Message:
    """One request, packed already.

    Attributes:
        COMMAND: number of the SMB2 command, under the name that the transport reads.
    """

    COMMAND: int
    body: bytes

    def pack(self) -> bytes:
        """Return the bytes behind the header."""
        return self.body

    def __len__(self) -> int:
        return len(self.body)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What moves when a file changes: times in 100 ns since 1601, and its size in bytes."""

    written: int
    changed: int
    size: int

    @property
    def version(self) -> str:
        """Return the stamp as a version token."""
        return f"{self.written:x}-{self.changed:x}-{self.size:x}"

    @property
    def modified_at(self) -> datetime:
        """Return the time of the last write; what no calendar holds is 1601."""
        try:
            return _EPOCH + timedelta(microseconds=self.written // 10)
        except OverflowError:
            return _EPOCH


@dataclass(frozen=True, slots=True)
class Found:
    """One name in a folder.

    Attributes:
        is_link: whether it leads elsewhere instead of being a file or a folder.
        file_id: the server's number of the file, 0 where it has none.
    """

    name: str
    stamp: Stamp
    is_folder: bool
    is_link: bool
    is_hidden: bool
    file_id: int


@dataclass(frozen=True, slots=True)
class Folder:
    """What is in a folder.

    Attributes:
        number: the server's number of the folder itself, 0 where it has none.
    """

    number: int
    found: tuple[Found, ...]


def create(path: str, *, access: int, options: int) -> Message:
    """Return the request to open what exists at ``path``, backslashes between names."""
    name = path.encode("utf-16-le", "surrogatepass")
    head = _CREATE.pack(
        57, 0, 0, _IMPERSONATION, 0, 0, access, 0, _SHARE_ALL, _OPEN_EXISTING, options,
        120, len(name), 0, 0,
    )  # fmt: skip
    return Message(CREATE, head + (name or b"\0\0"))


def query_security(*, most_bytes: int = 65_535) -> Message:
    """Return the request for owner, group and list of the file opened just before."""
    return _query(_SECURITY, 0, most_bytes, _OWNER_GROUP_DACL)


def query_tag() -> Message:
    """Return the request for attributes and reparse tag of the file opened just before."""
    return _query(_FILE, _ATTRIBUTE_TAG, 8, 0)


def close(file_id: bytes = _SAME_FILE) -> Message:
    """Return the request to close a file and to tell its last stamp."""
    return Message(CLOSE, struct.pack("<HHI16s", 24, 1, 0, file_id))


def created(data: bytes) -> tuple[bytes, Stamp]:
    """Return handle and stamp of a file from the answer to ``create``."""
    fields = _CREATED.unpack_from(data)
    return fields[12], Stamp(fields[6], fields[7], fields[9])


def closed(data: bytes) -> Stamp:
    """Return a file's last stamp from the answer to ``close``."""
    fields = _CLOSED.unpack_from(data)
    return Stamp(fields[5], fields[6], fields[8])


def buffer_of(data: bytes) -> bytes:
    """Return what an answer to a query carries."""
    _, offset, length = struct.unpack_from("<HHI", data)
    return _slice(data, offset, length)


def read_of(data: bytes) -> bytes:
    """Return what an answer to a read carries."""
    _, offset, _, length = struct.unpack_from("<HBBI", data)
    return _slice(data, offset, length)


def control_of(data: bytes) -> bytes:
    """Return what an answer to a control request carries."""
    offset, length = struct.unpack_from("<II", data, 32)
    return _slice(data, offset, length)


def leads_elsewhere(tag_information: bytes) -> bool:
    """Tell from attributes and reparse tag whether a name is a link of any kind."""
    attributes, tag = struct.unpack("<II", tag_information)
    return _is_link(attributes, tag)


def entries_in(buffer: bytes) -> list[Found]:
    """Return the names in one answer to a directory query, ``.`` and ``..`` among them.

    Args:
        buffer: FileIdFullDirectoryInformation entries.
    """
    found: list[Found] = []
    at = 0
    while True:
        (step, _, _, _, written, changed, size, _, attributes, length, tag, _, number) = (
            _ENTRY.unpack_from(buffer, at)
        )
        raw = buffer[at + _ENTRY.size : at + _ENTRY.size + length]
        if len(raw) != length:
            raise struct.error("a name is cut")
        name = raw.decode("utf-16-le", "surrogatepass")
        found.append(
            Found(
                name,
                Stamp(written, changed, size),
                is_folder=bool(attributes & _FOLDER),
                is_link=_is_link(attributes, tag),
                is_hidden=bool(attributes & _HIDDEN),
                file_id=number,
            )
        )
        if not step:
            return found
        at += step


def _query(kind: int, information_class: int, most_bytes: int, additional: int) -> Message:
    body = _QUERY.pack(41, kind, information_class, most_bytes, 0, 0, 0, additional, 0, _SAME_FILE)
    return Message(QUERY_INFO, body + b"\0")


def _is_link(attributes: int, tag: int) -> bool:
    if not attributes & _REPARSE:
        return False
    return tag not in _TRANSPARENT and tag & _CLOUD_MASK != _CLOUD


def _slice(data: bytes, offset: int, length: int) -> bytes:
    start = offset - _HEADER_BYTES
    found = data[start : start + length] if start >= 0 else b""
    if len(found) != length:
        raise struct.error("an answer is cut")
    return found
