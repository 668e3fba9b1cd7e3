"""Files that Office programs packed into objects of other programs."""

import struct
from collections.abc import Iterator
from io import BytesIO

import olefile

from vault.ingest.parse.result import Attachment

_NATIVE = "\x01Ole10Native"
_WHOLE = ("CONTENTS", "Package")
"""Streams that hold a file and nothing else."""


def packed_object(content: bytes) -> Iterator[Attachment]:
    """Yield the files inside an object; what holds none, or is damaged, yields nothing.

    Source:
        MS-OLEDS, sections 2.3.4 to 2.3.6 (OLE 2 streams and the native data of packages).
    """
    try:
        with olefile.OleFileIO(BytesIO(content)) as file:
            for name in _WHOLE:
                if file.exists(name):
                    yield Attachment("embedded object", file.openstream(name).read())
            if file.exists(_NATIVE):
                yield from _native(file.openstream(_NATIVE).read())
    except (OSError, ValueError, IndexError, struct.error):
        return


def _native(stream: bytes) -> Iterator[Attachment]:
    label, after = _text(stream, 6)
    _, after = _text(stream, after)
    [length] = struct.unpack_from("<I", stream, after + 4)
    after += 8 + length
    [size] = struct.unpack_from("<I", stream, after)
    content = stream[after + 4 : after + 4 + size]
    if content:
        yield Attachment(label or "embedded object", content)


def _text(stream: bytes, start: int) -> tuple[str, int]:
    end = stream.index(b"\0", start)
    return stream[start:end].decode("cp1252", "replace"), end + 1
