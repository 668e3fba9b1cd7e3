"""The files of an export: a zip archive within limits, or the folder it was unpacked to."""

import lzma
import os
import stat
import weakref
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import IO, Protocol

from connectors.errors import SourceRejectedError, SourceUnavailableError

MOST_FILES = 500_000
MOST_BYTES = 256 * 2**30
MOST_RATIO = 250
RATIO_FROM_BYTES = 16 * 2**20
"""Smaller files may be packed as tightly as they like; they can fill no memory."""
_ENCRYPTED = 0x1
_FIRST_DAY = (1980, 1, 1)
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    EOFError,
    UnicodeDecodeError,
)


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """What an archive says of one file.

    Attributes:
        size: in bytes.
        token: changes when the bytes do.
        modified_at: aware; a zip archive names no zone, so that UTC is taken.
    """

    size: int
    token: str
    modified_at: datetime


class Archive(Protocol):
    """Reads the files of one export by name."""

    @property
    def files(self) -> Mapping[str, ArchivedFile]:
        """What is said of each file, by name."""
        ...

    def stream(self, name: str) -> IO[bytes]:
        """Return an open stream of one file that can go forward; the caller closes it.

        Raises:
            SourceRejectedError: there is no such file, or it is damaged.
        """
        ...


def open_archive(path: Path) -> Archive:
    """Return the export at ``path``.

    Raises:
        SourceUnavailableError: there is nothing.
        SourceRejectedError: it is neither a folder nor a zip archive within the limits.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return FolderArchive(path, MappingProxyType(dict(sorted(_files_below(path)))))
        return _opened(path)
    except _DAMAGE as error:
        raise SourceRejectedError("the export is not a zip archive that can be read") from error
    except OSError as error:
        raise SourceUnavailableError("the export is not there, or cannot be read") from error


@dataclass(frozen=True, slots=True)
class FolderArchive:
    """An unpacked export; symbolic links are left out."""

    root: Path
    files: Mapping[str, ArchivedFile]

    def stream(self, name: str) -> IO[bytes]:
        """Return an open stream of one file."""
        if name not in self.files:
            raise SourceRejectedError(f"the export has no file {name!r}")
        try:
            descriptor = os.open(self.root / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise SourceRejectedError("a file of the export cannot be read") from error
        return os.fdopen(descriptor, "rb")


@dataclass(frozen=True, slots=True, weakref_slot=True)
class ZipArchive:
    """A zip archive whose table of contents was found to be within limits.

    It is read once and stays open: an export of many days would be read again for each.
    """

    archive: zipfile.ZipFile
    files: Mapping[str, ArchivedFile]

    def stream(self, name: str) -> IO[bytes]:
        """Return an open stream of one file."""
        if name not in self.files:
            raise SourceRejectedError(f"the export has no file {name!r}")
        try:
            return self.archive.open(name)
        except (*_DAMAGE, OSError, RuntimeError) as error:
            raise SourceRejectedError("a file of the export cannot be read") from error


@contextmanager
def reading() -> Iterator[None]:
    """Turn the failures of streams that are read inside into those of a source.

    Raises:
        SourceRejectedError: the file is damaged.
    """
    try:
        yield
    except (*_DAMAGE, OSError) as error:
        raise SourceRejectedError("a file of the export is damaged") from error


def read(archive: Archive, name: str, *, max_bytes: int) -> bytes:
    """Return the bytes of one file of an export.

    Raises:
        SourceRejectedError: there is no such file, or it is damaged or too large.
    """
    with reading(), archive.stream(name) as stream:
        content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise SourceRejectedError(f"the file is larger than {max_bytes} bytes")
    return content


def fingerprint(path: Path) -> tuple[object, ...]:
    """Return values that change when an export is replaced or written.

    Raises:
        SourceUnavailableError: it is not there.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return tuple(sorted((name, found.token) for name, found in _files_below(path)))
    except OSError as error:
        raise SourceUnavailableError("the export is not there, or cannot be read") from error
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _files_below(root: Path) -> Iterator[tuple[str, ArchivedFile]]:
    for folder, _, names in os.walk(root, onerror=_give_up):
        for path in (Path(folder, name) for name in names):
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                continue
            token = f"{status.st_mtime_ns}-{status.st_size}-{status.st_ctime_ns}"
            changed = datetime.fromtimestamp(status.st_mtime, UTC)
            name = path.relative_to(root).as_posix()
            yield name, ArchivedFile(status.st_size, token, changed)


def _give_up(error: OSError) -> None:
    # A folder that is left out would read as the deletion of all that is in it.
    raise error


def _opened(path: Path) -> ZipArchive:
    with ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(path))
        found = ZipArchive(archive, _admitted(archive))
        # It is closed once nothing reads it any more, in whatever order things are let go.
        weakref.finalize(found, stack.pop_all().close)
    return found


def _admitted(archive: zipfile.ZipFile) -> Mapping[str, ArchivedFile]:
    files: dict[str, ArchivedFile] = {}
    for member in archive.infolist():
        if member.is_dir():
            continue
        _check(member)
        if member.filename in files:
            raise SourceRejectedError("the export holds one name twice")
        token = f"{member.CRC:08x}-{member.file_size}"
        files[member.filename] = ArchivedFile(member.file_size, token, _moment(member))
    if len(files) > MOST_FILES or sum(found.size for found in files.values()) > MOST_BYTES:
        raise SourceRejectedError("the export is larger than the limits for one")
    return MappingProxyType(files)


def _moment(member: zipfile.ZipInfo) -> datetime:
    try:
        return datetime(*member.date_time, tzinfo=UTC)
    except ValueError:
        return datetime(*_FIRST_DAY, tzinfo=UTC)


def _check(member: zipfile.ZipInfo) -> None:
    parts = member.filename.split("/")
    if member.filename.startswith("/") or ".." in parts or "\\" in member.filename:
        raise SourceRejectedError("the export holds a path that leads out of it")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise SourceRejectedError("the export holds a symbolic link")
    if member.flag_bits & _ENCRYPTED:
        raise SourceRejectedError("the export is protected by a password")
    packed = max(1, member.compress_size)
    if member.file_size > RATIO_FROM_BYTES and member.file_size > packed * MOST_RATIO:
        raise SourceRejectedError("the export holds a file that is packed beyond all measure")
