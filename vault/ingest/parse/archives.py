"""Limits that a zip file must keep before anything else opens it."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator

from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.limits import MEBIBYTE, ParseLimits

_CHUNK = 262_144
_ENCRYPTED_FLAG = 0x1
_RATIO_FROM = 16 * MEBIBYTE
_MARKUP = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx", ".vml", ".svg")
_ENTITY = b"<!ENTITY"
_WIDE_ENTITY = _ENTITY.decode().encode("utf-16-le")
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError)


def open_zip(content: bytes, limits: ParseLimits) -> zipfile.ZipFile:
    """Return the archive once its directory keeps the limits.

    Raises:
        ReadError: it is damaged, protected, or promises to expand too far.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (*_DAMAGE, ValueError) as error:
        raise ReadError(Failure.BROKEN) from error
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if (
        len(members) > limits.archive_members
        or total > limits.archive_bytes
        or any(member.file_size > limits.member_bytes for member in members)
        or (total > _RATIO_FROM and total > limits.archive_ratio * len(content))
    ):
        raise ReadError(Failure.EXPANDS)
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise ReadError(Failure.PASSWORD)
    return archive


def refuse_bombs(archive: zipfile.ZipFile, limits: ParseLimits) -> None:
    """Return only if every entry unpacks to its stated size and no XML defines entities.

    A directory can lie about sizes and other readers may believe the data instead, so
    every entry is unpacked once, to nowhere.

    Raises:
        ReadError: an entry is damaged, larger than it says, or defines XML entities.
    """
    total = 0
    for member in archive.infolist():
        tail = b""
        markup = member.filename.lower().endswith(_MARKUP)
        for block in blocks(archive, member):
            total += len(block)
            if total > limits.archive_bytes:
                raise ReadError(Failure.EXPANDS)
            if markup and defines_entities(tail + block):
                raise ReadError(Failure.ENTITIES)
            tail = block[-2 * len(_ENTITY) :]


def blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the bytes of one entry.

    Raises:
        ReadError: the entry is damaged.
    """
    try:
        with archive.open(member) as file:
            while block := file.read(_CHUNK):
                yield block
    except (*_DAMAGE, ValueError, RuntimeError) as error:
        raise ReadError(Failure.BROKEN) from error


def member_bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the bytes of the entry called ``name``.

    Raises:
        ReadError: there is no such entry, or it is damaged.
    """
    try:
        member = archive.getinfo(name)
    except KeyError:
        raise ReadError(Failure.BROKEN) from None
    return b"".join(blocks(archive, member))


def defines_entities(content: bytes) -> bool:
    """Tell whether XML defines an entity, in any encoding that Office or the web uses.

    Source:
        XML 1.0, section 4.2: entity declarations start with ``<!ENTITY``, in capitals.
    """
    return _ENTITY in content or _WIDE_ENTITY in content or _WIDE_ENTITY[:-1] in content
