"""Files on this machine: their names as URIs, their versions, and reading without links."""

import errno
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from connectors.errors import SourceRejectedError, SourceUnavailableError

_SCHEME = "file://"
_SAFE = "/-._~!$&'()*+,;=:@"
_LINK_ERRORS = frozenset({errno.ELOOP, errno.ENOTDIR})
_REFUSALS = frozenset({errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENXIO})
_NO_ATTRIBUTE = frozenset({errno.ENODATA, errno.ENOTSUP, errno.EOPNOTSUPP})


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A regular file as it was at one moment.

    Attributes:
        status: what its descriptor said after reading.
        attributes: extended attributes that were asked for and are set, by name.
    """

    content: bytes
    status: os.stat_result
    attributes: dict[str, bytes]


def uri_of(path: Path) -> str:
    """Return the URI of ``path``; bytes that are no text are percent-encoded as they are.

    Source:
        RFC 8089, section 2; RFC 3986, section 2.1.
    """
    return _SCHEME + quoted(os.fsencode(path))


def quoted(path: bytes) -> str:
    """Return ``path``, or a part of one, as it stands in a URI."""
    return quote_from_bytes(path, safe=_SAFE)


def path_of(uri: str) -> Path:
    """Return the path that ``uri_of`` named.

    Raises:
        SourceRejectedError: it is the URI of something else.
    """
    if not uri.startswith(_SCHEME + "/"):
        raise SourceRejectedError("the item is not a file")
    return Path(_text_of(uri.removeprefix(_SCHEME)))


def step_of(name: str) -> str:
    """Return the one file name that is written as ``name`` in a URI.

    Raises:
        SourceRejectedError: it is no name of a file, or leads elsewhere.
    """
    step = _text_of(name)
    if "/" in step or step in ("", ".", ".."):
        raise SourceRejectedError("the item is not a file")
    return step


def _text_of(quoted_path: str) -> str:
    found = unquote_to_bytes(quoted_path)
    if b"\x00" in found:
        raise SourceRejectedError("the item is not a file")
    return os.fsdecode(found)


def shown_name(name: str) -> str:
    """Return a file name as it can be printed."""
    return os.fsencode(name).decode("utf-8", "replace")


def version_of(status: os.stat_result) -> str:
    """Return a token that changes with content, rights, owner or identity of a file."""
    return f"{status.st_mtime_ns}-{status.st_size}-{status.st_ctime_ns}-{status.st_ino}"


def read_file(
    base: Path, steps: tuple[str, ...], *, max_bytes: int
) -> tuple[bytes, os.stat_result]:
    """Return the bytes of a regular file and what the descriptor said of it after reading.

    Takes and raises what ``read_whole`` does.
    """
    found = read_whole(base, steps, max_bytes=max_bytes)
    return found.content, found.status


def read_whole(
    base: Path, steps: tuple[str, ...], *, max_bytes: int, attributes: Iterable[str] = ()
) -> ReadFile:
    """Return a regular file whole, with the extended attributes named in ``attributes``.

    Args:
        base: folder to start from; may itself lie behind links.
        steps: folders below it, then the file; none of them may be a symbolic link.
        max_bytes: ceiling for the size.
        attributes: names with their namespace, such as ``user.colour``.

    Raises:
        SourceRejectedError: a step is a link, or the file is too large or not readable.
        SourceUnavailableError: it is not there now, or it changed while it was read.
    """
    descriptor = _open(base, steps)
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise SourceRejectedError("the item is not a regular file")
        try:
            content = file.read(max_bytes + 1)
        except OSError as error:
            raise SourceUnavailableError("the file cannot be read at the moment") from error
        found = _attributes(descriptor, attributes)
        after = os.fstat(descriptor)
    if len(content) > max_bytes:
        raise SourceRejectedError(f"the file is larger than {max_bytes} bytes")
    if version_of(before) != version_of(after) or len(content) != after.st_size:
        raise SourceUnavailableError("the file changed while it was read")
    return ReadFile(content, after, found)


def _attributes(descriptor: int, names: Iterable[str]) -> dict[str, bytes]:
    found = {}
    for name in names:
        try:
            found[name] = os.getxattr(descriptor, name)
        except OSError as error:
            if error.errno not in _NO_ATTRIBUTE:
                reason = "an attribute of the file cannot be read"
                raise SourceUnavailableError(reason) from error
    return found


def _open(base: Path, steps: tuple[str, ...]) -> int:
    folder = -1
    try:
        folder = os.open(base, os.O_RDONLY | os.O_DIRECTORY)
        for step in steps[:-1]:
            inner = os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        # Opening a named pipe for reading would wait for a writer.
        return os.open(steps[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        raise _source_error(error) from error
    finally:
        if folder >= 0:
            os.close(folder)


def _source_error(error: OSError) -> SourceRejectedError | SourceUnavailableError:
    if error.errno in _LINK_ERRORS:
        return SourceRejectedError("the item is reached through a symbolic link")
    if error.errno in _REFUSALS:
        return SourceRejectedError("the file may not be read by this process")
    return SourceUnavailableError("the file cannot be opened at the moment")
