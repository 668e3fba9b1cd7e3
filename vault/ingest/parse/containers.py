"""Archives: a list of what is inside, and each file handed on."""

import bz2
import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from vault.domain.documents import ElementKind
from vault.ingest.parse import media
from vault.ingest.parse.archives import blocks, open_zip
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.limits import MEBIBYTE, ParseLimits
from vault.ingest.parse.pieces import Original, Piece, Reading
from vault.ingest.parse.result import Attachment

_CHUNK = MEBIBYTE
_DAMAGE = (tarfile.TarError, EOFError, OSError, ValueError, zlib.error)


def read_container(original: Original) -> Reading:
    """Return the names inside an archive as its text, and its files as attachments.

    Raises:
        ReadError: it is damaged, protected, or expands too far.
    """
    if original.media_type == media.ZIP:
        return _zipped(original)
    content = original.content
    if original.media_type in (media.GZIP, media.BZIP2):
        content = _unpacked(original)
        if content[257:262] != b"ustar":
            return _reading([Attachment(_inner_name(original.name), content)])
    return _reading(list(_tarred(content, original.limits)))


def _reading(files: list[Attachment], *, damaged: int = 0) -> Reading:
    if damaged and not files:
        raise ReadError(Failure.BROKEN)
    pieces = tuple(Piece(ElementKind.LIST_ITEM, file.name) for file in files)
    notes = (f"{damaged} files inside are damaged and were not read",) if damaged else ()
    return Reading(pieces, "archive", attachments=tuple(files), notes=notes)


def _zipped(original: Original) -> Reading:
    archive = open_zip(original.content, original.limits)
    files: list[Attachment] = []
    total = damaged = 0
    for member in archive.infolist():
        if member.is_dir() or _is_litter(member.filename):
            continue
        try:
            content = b"".join(blocks(archive, member))
        except ReadError:
            damaged += 1
            continue
        total += len(content)
        if total > original.limits.archive_bytes:
            raise ReadError(Failure.EXPANDS)
        files.append(Attachment(member.filename, content))
    return _reading(files, damaged=damaged)


def _tarred(content: bytes, limits: ParseLimits) -> Iterator[Attachment]:
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            for count, member in enumerate(archive, start=1):
                if count > limits.archive_members or member.size > limits.member_bytes:
                    raise ReadError(Failure.EXPANDS)
                file = archive.extractfile(member) if member.isreg() else None
                if file is not None and not _is_litter(member.name):
                    yield Attachment(member.name, file.read())
    except _DAMAGE as error:
        raise ReadError(Failure.BROKEN) from error


def _unpacked(original: Original) -> bytes:
    source = io.BytesIO(original.content)
    file: gzip.GzipFile | bz2.BZ2File = (
        gzip.GzipFile(fileobj=source) if original.media_type == media.GZIP else bz2.BZ2File(source)
    )
    limits = original.limits
    most = min(
        limits.archive_bytes, max(16 * MEBIBYTE, limits.archive_ratio * len(original.content))
    )
    parts, total = [], 0
    try:
        while block := file.read(_CHUNK):
            total += len(block)
            if total > most:
                raise ReadError(Failure.EXPANDS)
            parts.append(block)
    except _DAMAGE as error:
        raise ReadError(Failure.BROKEN) from error
    return b"".join(parts)


def _inner_name(name: str) -> str:
    path = PurePosixPath(name)
    return path.stem if path.suffix else f"{path.name}.unpacked"


def _is_litter(name: str) -> bool:
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name in (".DS_Store", "Thumbs.db")
