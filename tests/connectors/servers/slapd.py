"""A real OpenLDAP server on a free loopback port, in a folder of the test's own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.connectors.servers.sshd import free_port, wait_for

SLAPD = "/usr/sbin/slapd"
BASE = "dc=vault,dc=test"
ADMINISTRATOR = f"cn=admin,{BASE}"
PASSWORD = "Example-Pass-1"
_CONFIG = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
sizelimit {limit}
database mdb
suffix "{base}"
rootdn "{administrator}"
rootpw {password}
directory {folder}/db
index objectClass eq
limits users size={limit} size.prtotal={limit}
access to * by users read by anonymous auth
"""
_PERSON = """\
dn: uid={name},ou=people,{base}
objectClass: inetOrgPerson
objectClass: posixAccount
objectClass: shadowAccount
uid: {name}
cn: {name}
sn: {name}
mail: {name}@vault.test
uidNumber: {number}
gidNumber: 5000
homeDirectory: /home/{name}
userPassword: {password}

"""
_TREE = """\
dn: {base}
objectClass: dcObject
objectClass: organization
o: vault
dc: vault

dn: ou=people,{base}
objectClass: organizationalUnit
ou: people

dn: ou=groups,{base}
objectClass: organizationalUnit
ou: groups

dn: cn=Legal,ou=groups,{base}
objectClass: groupOfNames
cn: Legal
member: UID=Alice, OU=people,{base}

dn: cn=Outer,ou=groups,{base}
objectClass: groupOfNames
cn: Outer
member: cn=legal,ou=groups,{base}
member: cn=Ring,ou=groups,{base}
member: uid=gone,ou=people,{base}

dn: cn=Ring,ou=groups,{base}
objectClass: groupOfUniqueNames
cn: Ring
uniqueMember: cn=Outer,ou=groups,{base}
uniqueMember: uid=bob,ou=people,{base}

dn: cn=staff,ou=groups,{base}
objectClass: posixGroup
cn: staff
gidNumber: 5000

dn: cn=night,ou=groups,{base}
objectClass: posixGroup
cn: night
gidNumber: 5001
memberUid: carol
memberUid: nobody

"""


@dataclass(frozen=True)
class Slapd:
    """Where the server listens."""

    port: int
    folder: Path

    @property
    def password_file(self) -> Path:
        """Return the file with the password of the administrator and of everybody else."""
        return self.folder / "password"

    def change(self, ldif: str) -> None:
        """Apply changes as the administrator."""
        subprocess.run(
            ["/usr/bin/ldapmodify", "-H", f"ldap://127.0.0.1:{self.port}", "-x", "-D",
             ADMINISTRATOR, "-y", str(self.folder / "bare")],
            input=ldif, text=True, check=True, capture_output=True, timeout=60,
        )  # fmt: skip


@contextmanager
def slapd(folder: Path, *, people: int = 3, limit: str = "unlimited") -> Iterator[Slapd]:
    """Run a server that knows alice, bob, carol and as many more as asked for."""
    (folder / "db").mkdir()
    port = free_port()
    (folder / "slapd.conf").write_text(
        _CONFIG.format(
            folder=folder, base=BASE, administrator=ADMINISTRATOR, password=PASSWORD, limit=limit
        )
    )
    (folder / "password").write_text(PASSWORD + "\n")
    (folder / "bare").write_text(PASSWORD)
    names = ["alice", "bob", "carol", *(f"p{number}" for number in range(people - 3))]
    (folder / "tree.ldif").write_text(
        _TREE.format(base=BASE)
        + "".join(
            _PERSON.format(name=name, number=6000 + number, base=BASE, password=PASSWORD)
            for number, name in enumerate(names)
        )
    )
    config = str(folder / "slapd.conf")
    load = ["/usr/sbin/slapadd", "-q", "-f", config, "-l", str(folder / "tree.ldif")]
    subprocess.run(load, check=True, capture_output=True, timeout=120)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [SLAPD, "-h", f"ldap://127.0.0.1:{port}", "-f", config, "-d", "0"], stderr=log
        )
    try:
        wait_for(port, process)
        yield Slapd(port, folder)
    finally:
        process.terminate()
        process.wait(timeout=30)
