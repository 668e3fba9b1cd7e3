"""A real Dovecot on free loopback ports, with folders, access lists and two accounts."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.connectors.servers.sshd import free_port, wait_for
from tests.connectors.servers.webdav import certificate

DOVECOT = "/usr/sbin/dovecot"
PASSWORD = "sesame"
_CONFIG = """\
base_dir = {folder}/run
instance_name = strongroom-test
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{cert}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
mail_location = maildir:{folder}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
mail_plugins = acl
protocol imap {{
  mail_plugins = acl imap_acl
}}
plugin {{
  acl = vfile
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """Where the server listens, with STARTTLS and with TLS, and what a client trusts."""

    port: int
    tls_port: int
    ca_file: Path


@contextmanager
def dovecot(folder: Path) -> Iterator[Dovecot]:
    """Run the server; any name may sign in with the password and has a mail store of its own."""
    folder.chmod(0o755)
    for name in ("run", "state", "mail"):
        (folder / name).mkdir()
    # Pytest's own folders are shut to others, the server's children are others.
    for parent in folder.parents:
        if parent.stat().st_uid == os.getuid() and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    owner = pwd.getpwnam("mail")
    os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    cert, key = certificate(folder)
    port, tls_port = free_port(), free_port()
    (folder / "dovecot.conf").write_text(
        _CONFIG.format(
            folder=folder,
            cert=cert,
            key=key,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            password=PASSWORD,
            port=port,
            tls_port=tls_port,
        )
    )
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(folder / "dovecot.conf")])
    try:
        wait_for(port, process)
        yield Dovecot(port, tls_port, cert)
    finally:
        process.terminate()
        process.wait(timeout=30)
