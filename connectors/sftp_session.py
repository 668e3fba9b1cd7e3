"""One SSH connection to a server whose key is known, with its files and its commands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paramiko
from paramiko.pkey import UnknownKeyType
from paramiko.sftp import CMD_CLOSE, CMD_HANDLE, CMD_NAME, CMD_OPENDIR, CMD_READDIR, CMD_REALPATH

from connectors.endpoints import Patience, read_secret
from connectors.errors import SourceUnavailableError

_LOST = (paramiko.SSHException, EOFError, ConnectionError, TimeoutError, UnicodeError)
_OUTPUT_BYTES = 64 * 2**20
_BLOCK = 64 * 2**10


@dataclass(frozen=True, slots=True)
class Login:
    """Where to sign in and as whom.

    Attributes:
        known_hosts: file with the server's public key, as OpenSSH keeps it.
        password_file: file with the password, or with the passphrase of the key.
        key_file: private key.
        timeout_seconds: longest wait for an answer.
    """

    host: str
    port: int
    username: str
    known_hosts: Path
    password_file: Path | None
    key_file: Path | None
    timeout_seconds: int


class SftpFiles(paramiko.SFTPClient):  # type: ignore[misc]  # untyped
    """An SFTP client that keeps file names as the bytes they are."""

    def list_folder(self, path: bytes) -> list[tuple[bytes, Any]]:
        """Return names and attributes of all entries of a folder, ``.`` and ``..`` left out.

        Raises:
            OSError: the server refuses.

        Source:
            draft-ietf-secsh-filexfer-02, section 6.7.
        """
        handle = self._answer(CMD_OPENDIR, path, wanted=CMD_HANDLE).get_binary()
        found: list[tuple[bytes, Any]] = []
        while True:
            try:
                message = self._answer(CMD_READDIR, handle, wanted=CMD_NAME)
            except EOFError:
                break
            for _ in range(message.get_int()):
                name = message.get_binary()
                message.get_binary()
                attributes = paramiko.SFTPAttributes._from_msg(message)
                if b"/" in name:
                    raise paramiko.SSHException("the server lists a name that is a path")
                if name not in (b".", b".."):
                    found.append((name, attributes))
        self._request(CMD_CLOSE, handle)
        return found

    def real_path(self, path: bytes) -> bytes:
        """Return the path without links, as the server resolves it."""
        message = self._answer(CMD_REALPATH, path, wanted=CMD_NAME)
        message.get_int()
        resolved: bytes = message.get_binary()
        return resolved

    def _answer(self, command: int, argument: bytes, *, wanted: int) -> Any:  # noqa: ANN401 - untyped
        kind, message = self._request(command, argument)
        if kind != wanted:
            raise paramiko.SSHException("the server answers with another message")
        return message


class SftpSession:
    """Keeps one connection, opened when it is needed and again after it was lost.

    Args:
        login: where to sign in and as whom.
        patience: how often to dial.
        dial: returns a connected socket; by default the library opens one.
    """

    def __init__(
        self,
        login: Login,
        *,
        patience: Patience | None = None,
        dial: Callable[[], Any] | None = None,
    ) -> None:
        self._login = login
        self._patience = Patience() if patience is None else patience
        self._dial = dial
        self._client: paramiko.SSHClient | None = None
        self._files: SftpFiles | None = None

    @contextmanager
    def talking(self) -> Iterator[SftpFiles]:
        """Lend the files of the server; what breaks the connection is told as an outage.

        Raises:
            SourceUnavailableError: the server does not answer, is not the one that is known, or
                refuses the sign-in.
        """
        files = self._connected()
        try:
            yield files
        except _LOST as error:
            self.close()
            raise SourceUnavailableError(
                f"the connection to the server was lost: {type(error).__name__}"
            ) from error

    def run(self, command: bytes) -> bytes:
        """Return what a command prints, whatever its exit status.

        Raises:
            SourceUnavailableError: the server runs no commands, or prints without end.
        """
        with self.talking():
            if self._client is None:
                raise SourceUnavailableError("the server runs no commands")
            transport: Any = self._client.get_transport()
            with transport.open_session(timeout=self._login.timeout_seconds) as channel:
                channel.settimeout(self._login.timeout_seconds)
                channel.exec_command(command)
                # A server that speaks SFTP whatever is asked would wait for more.
                channel.shutdown_write()
                return _read_all(channel)

    def close(self) -> None:
        """End the connection."""
        if self._client is not None:
            self._client.close()
        self._client = self._files = None

    def _connected(self) -> SftpFiles:
        if self._files is None or self._client is None or not _is_alive(self._client):
            self.close()
            self._files = self._patience.call(
                self._connect, transient=(*_LOST, OSError), what="the connection to the server"
            )
        return self._files

    def _connect(self) -> SftpFiles:
        login = self._login
        secret = None if login.password_file is None else read_secret(login.password_file)
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(_OnlyKnownHosts())
        try:
            client.load_system_host_keys(str(login.known_hosts))
        except OSError as error:
            raise SourceUnavailableError("the known_hosts file cannot be read") from error
        try:
            self._sign_in(client, secret)
            transport: Any = client.get_transport()
            files = SftpFiles.from_transport(transport)
            files.get_channel().settimeout(login.timeout_seconds)
        except BaseException:
            client.close()
            raise
        self._client = client
        return files  # type: ignore[no-any-return]

    def _sign_in(self, client: paramiko.SSHClient, secret: str | None) -> None:
        login = self._login
        try:
            client.connect(
                login.host,
                login.port,
                login.username,
                password=secret if login.key_file is None else None,
                pkey=None if login.key_file is None else _key(login.key_file, secret),
                sock=None if self._dial is None else self._dial(),
                timeout=login.timeout_seconds,
                banner_timeout=login.timeout_seconds,
                auth_timeout=login.timeout_seconds,
                allow_agent=False,
                look_for_keys=False,
            )
        except paramiko.BadHostKeyException as error:
            raise SourceUnavailableError(
                "the server shows another host key than the known_hosts file"
            ) from error
        except paramiko.AuthenticationException as error:
            raise SourceUnavailableError("the server refuses the sign-in") from error


class _OnlyKnownHosts(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    def missing_host_key(self, client: object, hostname: str, key: object) -> None:  # noqa: ARG002
        raise SourceUnavailableError(f"the known_hosts file has no key of {hostname}")


def _key(path: Path, passphrase: str | None) -> paramiko.PKey:
    """Return the private key in a file.

    Raises:
        SourceUnavailableError: the file is missing, no key, or locked by another passphrase.
    """
    try:
        # The library looks the key up by its first lines, whatever its kind.
        return paramiko.PKey.from_path(
            path, None if passphrase is None else passphrase.encode("utf-8")
        )
    except (OSError, ValueError, TypeError, UnknownKeyType, paramiko.SSHException) as error:
        raise SourceUnavailableError("the private key cannot be read") from error


def _is_alive(client: paramiko.SSHClient) -> bool:
    transport: Any = client.get_transport()
    return transport is not None and bool(transport.is_active())


def _read_all(channel: Any) -> bytes:  # noqa: ANN401 - the library has no types
    output = bytearray()
    while block := channel.recv(_BLOCK):
        output += block
        if len(output) > _OUTPUT_BYTES:
            raise SourceUnavailableError("a command on the server prints without end")
    return bytes(output)
