"""Blobs of a git repository: how large one is without unpacking it, and its bytes."""

import zlib
from pathlib import Path
from typing import BinaryIO

from dulwich.object_store import DiskObjectStore
from dulwich.objects import Blob, ObjectID

from connectors.errors import SourceRejectedError

_HEAD_BYTES = 128
_BLOB, _OFFSET_DELTA, _NAMED_DELTA = 3, 6, 7
_ELSEWHERE = b"version https://git-lfs.github.com/spec/"


def read_blob(store: DiskObjectStore, name: ObjectID, *, max_bytes: int) -> bytes:
    """Return the bytes of one blob.

    Raises:
        SourceRejectedError: it is larger than ``max_bytes``, no blob, or only points to bytes that
            are kept outside the repository.
        KeyError: the repository lacks it.
    """
    size = size_of(store, name)
    if size > max_bytes:
        raise SourceRejectedError(f"the file is larger than {max_bytes} bytes")
    found = store[name]
    if not isinstance(found, Blob):
        raise SourceRejectedError("the item is not a file")
    content: bytes = found.data
    if content.startswith(_ELSEWHERE):
        raise SourceRejectedError("the repository holds a pointer only, the file is kept elsewhere")
    return content


def size_of(store: DiskObjectStore, name: ObjectID) -> int:
    """Return the size of one object, in bytes, from the header that it is stored with.

    Raises:
        KeyError: the repository lacks it.

    Source:
        Git's "pack-format" (object header, delta data) and "Git Internals, Git Objects".
    """
    others = [other for other in store.alternates if isinstance(other, DiskObjectStore)]
    for place in (store, *others):
        loose = Path(place.path) / name[:2].decode() / name[2:].decode()
        if loose.is_file():
            with loose.open("rb") as file:
                head = _inflated(file.read(_HEAD_BYTES))
            return int(head.partition(b"\x00")[0].partition(b" ")[2])
        for pack in place.packs:
            if name in pack:
                with Path(pack.data.path).open("rb") as file:
                    file.seek(pack.index.object_offset(name))
                    return _packed_size(file)
    raise KeyError(name)


def _packed_size(file: BinaryIO) -> int:
    head = file.read(_HEAD_BYTES)
    kind = head[0] >> 4 & 7
    size, start = _number(head, first_bits=4)
    if kind not in (_OFFSET_DELTA, _NAMED_DELTA):
        return size
    # A delta tells the size of its base and of its result at its beginning.
    if kind == _NAMED_DELTA:
        start += 20
    else:
        start += _number(head[start:])[1]
    delta = _inflated(head[start:])
    _, base_ends = _number(delta)
    return _number(delta[base_ends:])[0]


def _number(data: bytes, *, first_bits: int = 7) -> tuple[int, int]:
    """Return the number that ``data`` begins with, and how many bytes it takes."""
    value = data[0] & (1 << first_bits) - 1
    shift, length = first_bits, 1
    while data[length - 1] & 0x80:
        value |= (data[length] & 0x7F) << shift
        shift, length = shift + 7, length + 1
    return value, length


def _inflated(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, _HEAD_BYTES)
