"""A real OpenSSH server on a free loopback port, in a folder of the test's own."""

import os
import pwd
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SSHD = "/usr/sbin/sshd"
_CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
LogLevel ERROR
Subsystem sftp internal-sftp
"""


@dataclass(frozen=True)
class Sshd:
    """Where the server listens, and what a client needs to sign in."""

    port: int
    user: str
    known_hosts: Path
    key_file: Path


def free_port() -> int:
    """Return a TCP port that nothing listens on at the moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], *, seconds: float = 30) -> None:
    """Return when something accepts connections on ``port``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server does not answer")


@contextmanager
def sshd(folder: Path) -> Iterator[Sshd]:
    """Run a server whose only user is the one who runs the tests."""
    for name in ("host_key", "key"):
        command = ["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True)
    (folder / "authorized_keys").write_text((folder / "key.pub").read_text())
    port = free_port()
    host_key = " ".join((folder / "host_key.pub").read_text().split()[:2])
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {host_key}\n")
    (folder / "sshd_config").write_text(_CONFIG.format(port=port, folder=folder))
    # Debian's server refuses to start without its empty folder for unprivileged children.
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", str(folder / "sshd_config")], stderr=log
        )
    try:
        wait_for(port, process)
        user = pwd.getpwuid(os.getuid()).pw_name
        yield Sshd(port, user, folder / "known_hosts", folder / "key")
    finally:
        process.terminate()
        process.wait(timeout=30)
