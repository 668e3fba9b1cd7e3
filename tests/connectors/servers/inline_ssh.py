"""An SSH server in this very process, over a pair of sockets, for tests that need no network."""

import os
import shlex
import socket
import subprocess
import threading
from pathlib import Path

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED

from connectors.endpoints import Patience
from connectors.sftp_session import Login, SftpSession

HOST, USER, PASSWORD = "nas", "scribe", "open sesame"


class _Door(paramiko.ServerInterface):
    def __init__(self, server: "InlineSsh") -> None:
        self._server = server

    def check_auth_password(self, username: str, password: str) -> int:
        return AUTH_SUCCESSFUL if (username, password) == (USER, PASSWORD) else AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        if not self._server.runs_commands:
            return False

        def answer() -> None:
            # The end of what the client sends shows that it knows its command was taken.
            channel.settimeout(20)
            channel.recv(1)
            words = [word for word in shlex.split(os.fsdecode(command)) if "=" not in word[:7]]
            channel.sendall(subprocess.run(words, capture_output=True, check=False).stdout)
            channel.close()

        threading.Thread(target=answer, daemon=True).start()
        return True


class _Files(paramiko.SFTPServerInterface):
    def __init__(self, door: _Door, server: "InlineSsh") -> None:
        super().__init__(door)
        self._server = server

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        try:
            found = list(Path(path).iterdir())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        if Path(path).name == "cut":
            self._server.hang_up()
        return [self._attributes(path) for path in found]

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        return self._answer(path, follow=True)

    def lstat(self, path: str) -> paramiko.SFTPAttributes | int:
        return self._answer(path, follow=False)

    def canonicalize(self, path: str) -> str:
        return os.path.realpath(path)

    def open(self, path: str, flags: int, attr: object) -> paramiko.SFTPHandle | int:
        if not Path(path).exists():
            return paramiko.SFTPServer.convert_errno(2)
        if path.endswith("locked.txt"):
            return paramiko.SFTPServer.convert_errno(13)
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = Path(path).open("rb")  # noqa: SIM115 - the library closes it
        handle.stat = lambda: self._answer(path, follow=True)
        return handle

    def _answer(self, path: str, *, follow: bool) -> paramiko.SFTPAttributes | int:
        try:
            return paramiko.SFTPAttributes.from_stat(Path(path).stat(follow_symlinks=follow))
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    def _attributes(self, path: Path) -> paramiko.SFTPAttributes:
        attributes = paramiko.SFTPAttributes.from_stat(path.lstat(), "x")
        attributes.filename = os.fsencode(path.name)
        if path.parent.name == "lies":
            attributes.filename = b"../" + attributes.filename
        return attributes


class InlineSsh:
    """Serves the files of this machine to whoever signs in, and counts the callers.

    Args:
        folder: where the server's ``known_hosts`` and the password lie.
    """

    def __init__(self, folder: Path) -> None:
        self.key = paramiko.ECDSAKey.generate()
        self.known_hosts = folder / "known_hosts"
        self.known_hosts.write_text(f"{HOST} {self.key.get_name()} {self.key.get_base64()}\n")
        self.password_file = folder / "password"
        self.password_file.write_text(PASSWORD + "\n")
        self.runs_commands = True
        self.transports: list[paramiko.Transport] = []

    def dial(self) -> socket.socket:
        """Return a socket whose other end is served."""
        ours, theirs = socket.socketpair()
        transport = paramiko.Transport(theirs)
        transport.add_server_key(self.key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files, self)
        self.transports.append(transport)
        transport.start_server(event=threading.Event(), server=_Door(self))
        return ours

    def session(self) -> SftpSession:
        """Return a client's session that signs in here, at the first try or not at all."""
        login = Login(HOST, 22, USER, self.known_hosts, self.password_file, None, 10)
        return SftpSession(login, patience=Patience(attempts=1), dial=self.dial)

    def hang_up(self) -> None:
        """End all connections."""
        for transport in self.transports:
            transport.close()
