"""One folder on an SSH server: the names of what lies in it, and its bytes."""

import os
import stat
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.remote_tree import FolderUnreadableError
from connectors.sftp_session import SftpFiles, SftpSession

_SAFE = "/-._~!$&'()*+,;=:@"
_PORT = 22


class SftpFolder:
    """The tree below one folder; its items are named by URIs of the whole path.

    Args:
        session: the connection.
        host: name or address in URIs.
        port: TCP port in URIs.
        root: folder on the server.
        max_bytes: larger files are not read.
    """

    def __init__(
        self, session: SftpSession, *, host: str, port: int, root: str, max_bytes: int
    ) -> None:
        shown = f"[{host}]" if ":" in host else host.lower()
        self._origin = f"sftp://{shown}" + ("" if port == _PORT else f":{port}")
        self._session = session
        self._asked = root
        self._max_bytes = max_bytes
        self._root: bytes | None = None

    def forget(self) -> None:
        """Resolve the folder again when it is needed next: a link to it may have moved."""
        self._root = None

    def top(self) -> bytes:
        """Return the folder's path without links.

        Raises:
            SourceUnavailableError: it is not there, or the server does not answer.
        """
        if self._root is None:
            with self._session.talking() as files:
                try:
                    self._root = files.real_path(os.fsencode(self._asked))
                except OSError as error:
                    raise_if_lost(error)
                    raise SourceUnavailableError("the folder is not there") from error
        return self._root

    def below(self, steps: tuple[str, ...]) -> bytes:
        """Return the path of what lies at ``steps`` below the folder."""
        return os.path.join(self.top(), *map(os.fsencode, steps))  # noqa: PTH118 - not ours

    def uri_of(self, path: bytes) -> str:
        """Return the URI of an absolute path; bytes that are no text are percent-encoded."""
        return self._origin + quote_from_bytes(path, safe=_SAFE)

    def path_of(self, uri: str) -> bytes:
        """Return the path that ``uri_of`` named.

        Raises:
            SourceRejectedError: it lies outside the folder.
        """
        prefix = self.uri_of(b"/")
        path = unquote_to_bytes(uri.removeprefix(prefix[:-1]))
        top = self.top().rstrip(b"/") + b"/"
        plain = not {b"", b".", b".."} & set(path.split(b"/")[1:]) and b"\0" not in path
        if not uri.startswith(prefix) or not path.startswith(top) or not plain:
            raise SourceRejectedError("the item is outside the folder")
        return path

    def listed(self, folder: bytes) -> dict[bytes, Any]:
        """Return path and ``lstat`` of each regular file and folder in ``folder``.

        Raises:
            FolderUnreadableError: this folder alone cannot be listed.
            SourceUnavailableError: it is the root, or the server does not answer.
        """
        with self._session.talking() as files:
            try:
                found = files.list_folder(folder)
            except OSError as error:
                raise_if_lost(error)
                if folder == self.top():
                    raise SourceUnavailableError("the folder cannot be listed") from error
                raise FolderUnreadableError(_reason(error)) from error
        return {
            os.path.join(folder, name): status  # noqa: PTH118 - a path of the server
            for name, status in found
            if stat.S_ISREG(status.st_mode or 0) or stat.S_ISDIR(status.st_mode or 0)
        }

    def read(self, path: bytes) -> tuple[bytes, Any]:
        """Return the bytes of a regular file and what the server said of it after reading.

        Raises:
            SourceRejectedError: it is reached through a link, too large or not readable.
            SourceUnavailableError: it is not there now, or it changed while it was read.
        """
        with self._session.talking() as files:
            try:
                return self._read(files, path)
            except PermissionError as error:
                raise SourceRejectedError("the file may not be read by this sign-in") from error
            except OSError as error:
                raise_if_lost(error)
                raise SourceUnavailableError("the file is not there at the moment") from error

    def _read(self, files: SftpFiles, path: bytes) -> tuple[bytes, Any]:
        if files.real_path(path) != path:
            raise SourceRejectedError("the item is reached through a symbolic link")
        named = files.lstat(path)
        if not stat.S_ISREG(named.st_mode or 0):
            raise SourceRejectedError("the item is not a regular file")
        limit = self._max_bytes
        if (named.st_size or 0) > limit:
            raise SourceRejectedError(f"the file is larger than {limit} bytes")
        with files.open(path, "rb") as file:
            before = file.stat()
            file.prefetch(min(before.st_size or 0, limit))
            content: bytes = file.read(limit + 1)
            after = file.stat()
        versions = {version_of(status) for status in (named, before, after, files.lstat(path))}
        if len(versions) != 1 or len(content) != after.st_size or files.real_path(path) != path:
            raise SourceUnavailableError("the file changed while it was read")
        return content, after


def version_of(status: Any) -> str:  # noqa: ANN401 - the library has no types
    """Return a token that changes with content, rights or owner of a file."""
    mode = (status.st_mode or 0) & 0o7777
    return f"{status.st_mtime}-{status.st_size}-{mode:o}-{status.st_uid}-{status.st_gid}"


def raise_if_lost(error: OSError) -> None:
    """Raise what says that the connection broke, for the session to tell."""
    if isinstance(error, ConnectionError | TimeoutError):
        raise error


def _reason(error: OSError) -> str:
    return "permission denied" if isinstance(error, PermissionError) else "the server refuses"
