"""A real Active Directory domain with shares, on a loopback address of its own.

It needs root, Samba with its domain controller, and a file system with extended attributes; its
sockets under /run are private to it, so that any number of domains run side by side.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

PASSWORD = "Example-Pass-1"
REALM = "VAULT.TEST"
BASE = "DC=vault,DC=test"
PEOPLE = ("alice", "bob", "carol", "dave", "erin", "frank", "grace")
_CONFIG = """\
[global]
  server role = active directory domain controller
  workgroup = VAULTTEST
  realm = VAULT.TEST
  netbios name = VAULTDC
  interfaces = {host}/8
  bind interfaces only = yes
  server services = s3fs, rpc, ldap, winbindd
  disable netbios = yes
  smb ports = 445
  ldap server require strong auth = allow_sasl_over_tls
  idmap_ldb:use rfc2307 = yes
  private dir = {folder}/dc/private
  state directory = {folder}/dc/state
  cache directory = {folder}/dc/cache
  lock directory = {folder}/dc
  binddns dir = {folder}/dc/bind-dns
  pid directory = {folder}/run
  ncalrpc dir = {folder}/ncalrpc
  log file = {folder}/log/log.%m
  logging = file
  load printers = no
  disable spoolss = yes
  printing = bsd
  vfs objects = dfs_samba4 acl_xattr
[docs]
  path = {folder}/docs
  read only = no
  acl_xattr:ignore system acls = yes
[guarded]
  path = {folder}/docs
  read only = no
  acl_xattr:ignore system acls = yes
[posix]
  path = {folder}/posix
  read only = no
"""
_POPULATE = """
import json, sys
from samba.auth import system_session
from samba.dsdb import (
    GTYPE_DISTRIBUTION_GLOBAL_GROUP, GTYPE_SECURITY_DOMAIN_LOCAL_GROUP, UF_ACCOUNTDISABLE
)
from samba.ndr import ndr_unpack
from samba.dcerpc import security
from samba.param import LoadParm
from samba.samdb import SamDB

config, people, password = sys.argv[1], sys.argv[2].split(","), sys.argv[3]
parameters = LoadParm()
parameters.load(config)
database = SamDB(
    url=parameters.private_path("sam.ldb"), session_info=system_session(), lp=parameters
)
for name in people:
    database.newuser(
        name, password, givenname=name.title(), mailaddress=f"{name}@vault.test",
        uidnumber=10000 + people.index(name), gidnumber=10000, uid=name,
        loginshell="/bin/false", unixhome=f"/home/{name}",
    )
for name in ("Legal", "Outer", "Outermost", "Audit", "RingA", "RingB", "Crowd"):
    database.newgroup(name)
database.newgroup("Local", grouptype=GTYPE_SECURITY_DOMAIN_LOCAL_GROUP)
database.newgroup("Letters", grouptype=GTYPE_DISTRIBUTION_GLOBAL_GROUP)
for group, members in {
    "Legal": ["alice", "carol"], "Outer": ["Legal"], "Outermost": ["Outer"], "Audit": ["bob"],
    "RingA": ["RingB", "dave"], "RingB": ["RingA", "erin"], "Local": ["Outer"],
    "Letters": ["dave"], "Crowd": people,
}.items():
    database.add_remove_group_members(group, members)
database.toggle_userAccountFlags("(sAMAccountName=grace)", UF_ACCOUNTDISABLE, on=True)
found = database.search(
    expression="(|(objectClass=group)(objectClass=user))", attrs=["sAMAccountName", "objectSid"]
)
print(json.dumps({
    str(each["sAMAccountName"]): str(ndr_unpack(security.dom_sid, each["objectSid"][0]))
    for each in found
}))
"""


@dataclass(frozen=True)
class Domain:
    """A domain that runs: where it listens and whom it knows.

    Attributes:
        sids: people and groups by name.
    """

    host: str
    folder: Path
    sids: dict[str, str]

    @property
    def password_file(self) -> Path:
        """Return the file with the one password that everybody has here."""
        return self.folder / "password"

    @property
    def ca_file(self) -> Path:
        """Return the certificate that vouches for the server."""
        return self.folder / "dc" / "private" / "tls" / "ca.pem"

    def tool(self, *words: str) -> None:
        """Administer the domain's own database."""
        _run("samba-tool", *words, "-s", str(self.folder / "smb.conf"))

    def guard(self, share: str, sddl: str) -> None:
        """Give a share rights of its own."""
        _run("sharesec", "-s", str(self.folder / "smb.conf"), share, "--setsddl", sddl)


def _run(*command: str) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def samba_domain() -> Iterator[Domain]:
    """Provision a domain of seven people and nine groups, and run its controller."""
    if os.geteuid():
        raise RuntimeError("a domain controller listens on ports below 1024: run as root")
    low, high = secrets.randbelow(254) + 1, secrets.randbelow(200) + 20
    host = f"127.{high}.{secrets.randbelow(256)}.{low}"
    with TemporaryDirectory(prefix="domain-") as name:
        # Not below the tests' own folder, whose parents nobody else may go through.
        folder = Path(name)
        folder.chmod(0o755)
        with _domain(folder, host) as running:
            yield running


@contextmanager
def _domain(folder: Path, host: str) -> Iterator[Domain]:
    _provision(folder, host)
    found = _run(
        "/usr/bin/python3", "-c", _POPULATE, str(folder / "smb.conf"), ",".join(PEOPLE), PASSWORD
    )
    domain = Domain(host, folder, json.loads(found.splitlines()[-1]))
    with _controller(folder, host):
        yield domain


def _provision(folder: Path, host: str) -> None:
    for name in ("dc", "run", "log", "ncalrpc", "docs", "posix"):
        (folder / name).mkdir()
    for name in ("docs", "posix"):
        (folder / name).chmod(0o777)
    _run(
        "samba-tool", "domain", "provision", f"--realm={REALM}", "--domain=VAULTTEST",
        "--server-role=dc", "--dns-backend=NONE", "--use-rfc2307", f"--adminpass={PASSWORD}",
        f"--targetdir={folder / 'dc'}", "--host-name=vaultdc", f"--host-ip={host}",
        f"--option=interfaces={host}/8", "--option=bind interfaces only=yes",
    )  # fmt: skip
    (folder / "smb.conf").write_text(_CONFIG.format(folder=folder, host=host))
    (folder / "password").write_text(PASSWORD + "\n")


@contextmanager
def _controller(folder: Path, host: str) -> Iterator[None]:
    unshare = shutil.which("unshare") or "unshare"
    inside = 'mount -t tmpfs tmpfs /run && mkdir /run/samba && exec samba -F -s "$0" --debug-stdout'
    command = [unshare, "--mount", "--propagation", "private", "sh", "-c", inside]
    with (folder / "samba.out").open("wb") as out:
        process = subprocess.Popen(
            [*command, str(folder / "smb.conf")], stdout=out, stderr=out, start_new_session=True
        )
    try:
        for port in (445, 389, 636):
            _wait_for(host, port, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _wait_for(host: str, port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the domain controller ended with {process.returncode}")
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the domain controller does not answer")
