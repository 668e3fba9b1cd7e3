"""Files on this machine: their names as URIs, their versions, and reading without links."""

import errno
import os
import stat
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from connectors.errors import SourceRejectedError, SourceUnavailableError

_SCHEME = "file://"
_SAFE = "/-._~!$&'()*+,;=:@"
_LINK_ERRORS = frozenset({errno.ELOOP, errno.ENOTDIR})
_REFUSALS = frozenset({errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENXIO})


def uri_of(path: Path) -> str:
    """Return the URI of ``path``; bytes that are no text are percent-encoded as they are.

    Source:
        RFC 8089, section 2; RFC 3986, section 2.1.
    """
    return _SCHEME + quote_from_bytes(os.fsencode(path), safe=_SAFE)


def path_of(uri: str) -> Path:
    """Return the path that ``uri_of`` named.

    Raises:
        SourceRejectedError: it is the URI of something else.
    """
    if not uri.startswith(_SCHEME + "/"):
        raise SourceRejectedError("the item is not a file")
    return Path(os.fsdecode(unquote_to_bytes(uri.removeprefix(_SCHEME))))


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

    Args:
        base: folder to start from; may itself lie behind links.
        steps: folders below it, then the file; none of them may be a symbolic link.
        max_bytes: ceiling for the size.

    Raises:
        SourceRejectedError: a step is a link, or the file is too large or not readable.
        SourceUnavailableError: it is not there now, or it changed while it was read.
    """
    descriptor = _open(base, steps)
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise SourceRejectedError("the item is not a regular file")
        content = file.read(max_bytes + 1)
        after = os.fstat(descriptor)
    if len(content) > max_bytes:
        raise SourceRejectedError(f"the file is larger than {max_bytes} bytes")
    if version_of(before) != version_of(after) or len(content) != after.st_size:
        raise SourceUnavailableError("the file changed while it was read")
    return content, after


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
