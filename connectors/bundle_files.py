"""Where the files of a transfer bundle lie: in a folder, or in a tar archive."""

import os
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.local_files import read_file

MOST_MEMBERS = 2_000_000


class BundleFiles(Protocol):
    """Reads single files of a bundle by their place in it."""

    def read(self, name: str, *, max_bytes: int) -> bytes:
        """Return the bytes of one regular file.

        Raises:
            SourceRejectedError: it is no regular file, is not there, or is too large.
            SourceUnavailableError: the bundle is not there at the moment.
        """
        ...


def files_of(path: Path) -> BundleFiles:
    """Return what reads the bundle at ``path``.

    Raises:
        SourceUnavailableError: there is nothing.
        SourceRejectedError: it is neither a folder nor a tar archive, or the archive holds
            links, devices, or one name twice.
    """
    if path.is_dir():
        return FolderFiles(path)
    if not path.exists():
        raise SourceUnavailableError("the bundle is not there")
    return TarFiles(path, _members(path))


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """The files of an unpacked bundle; symbolic links are not followed."""

    root: Path

    def read(self, name: str, *, max_bytes: int) -> bytes:
        """Return the bytes of one regular file."""
        content, _ = read_file(self.root, tuple(name.split("/")), max_bytes=max_bytes)
        return content


@dataclass(frozen=True, slots=True)
class TarFiles:
    """The files of an archive that is not compressed.

    Args:
        path: the archive.
        members: for each regular file, where its bytes begin and how many they are.
    """

    path: Path
    members: Mapping[str, tuple[int, int]]

    def read(self, name: str, *, max_bytes: int) -> bytes:
        """Return the bytes of one regular file."""
        if name not in self.members:
            raise SourceRejectedError("the bundle does not hold this file")
        offset, size = self.members[name]
        if size > max_bytes:
            raise SourceRejectedError(f"the file is larger than {max_bytes} bytes")
        try:
            with self.path.open("rb") as archive:
                archive.seek(offset)
                content = archive.read(size)
        except OSError as error:
            raise SourceUnavailableError("the bundle cannot be read at the moment") from error
        if len(content) != size:
            raise SourceRejectedError("the archive ends within this file")
        return content


def _members(path: Path) -> Mapping[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    try:
        # Compressed archives would have to be read from the start for every file.
        with tarfile.open(path, "r:") as archive:
            for member in archive:
                _admit(member, found)
    except tarfile.TarError as error:
        raise SourceRejectedError("the bundle is not a plain tar archive") from error
    except OSError as error:
        raise SourceUnavailableError("the bundle cannot be read at the moment") from error
    return found


def _admit(member: tarfile.TarInfo, found: dict[str, tuple[int, int]]) -> None:
    if member.isdir():
        return
    if not member.isreg() or member.issparse():
        raise SourceRejectedError("the archive holds something other than plain files")
    name = member.name.removeprefix("./")
    if name.startswith("/") or ".." in name.split("/"):
        raise SourceRejectedError("the archive holds a path that leads out of it")
    if name in found:
        raise SourceRejectedError("the archive holds one name twice")
    if len(found) >= MOST_MEMBERS:
        raise SourceRejectedError(f"the archive holds more than {MOST_MEMBERS} files")
    found[name] = (member.offset_data, member.size)


def fingerprint(path: Path) -> tuple[int, ...]:
    """Return numbers that change when a file or folder is replaced or written.

    Raises:
        SourceUnavailableError: it is not there.
    """
    try:
        status = os.stat(path)  # noqa: PTH116 - the same call for both kinds
    except OSError as error:
        raise SourceUnavailableError("the bundle is not there") from error
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
