"""Our verdict on POSIX rights equals a real open by that person, every time.

The test chowns files and opens them under other numbers, so it must run as root; it needs
``setfacl`` (Debian: acl) and a file system with access lists under the temporary folder.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.facts import RawAcl
from connectors.filesystem import FilesystemConfig, FilesystemConnector
from connectors.local_files import uri_of
from connectors.verdict import permits

pytestmark = pytest.mark.slow

OPEN_EACH = 'for file; do if ( : < "$file" ) 2>/dev/null; then echo yes; else echo no; fi; done'
STAFF, AUDIT, EMPTY = 62010, 62011, 62012


@dataclass(frozen=True)
class Person:
    uid: int
    gid: int
    groups: tuple[int, ...] = ()

    @property
    def principals(self) -> frozenset[str]:
        numbers = (self.gid, *self.groups)
        return frozenset({f"uid:{self.uid}"} | {f"gid:{number}" for number in numbers})


PEOPLE = {
    "alice": Person(61001, 62001),
    "bob": Person(61002, 62002),
    "carol": Person(61003, 62003, (STAFF,)),
    "dave": Person(61004, STAFF),
    "erin": Person(61005, 62005, (STAFF, AUDIT)),
    "frank": Person(61006, 62006, (AUDIT,)),
    "gail": Person(61007, 62007),
}
ALL = " ".join(sorted(PEOPLE))
ALICE, BOB, CAROL = (PEOPLE[name].uid for name in ("alice", "bob", "carol"))


@dataclass(frozen=True)
class Shape:
    """Commands that give ``file`` in ``folder`` its rights, and who can read it afterwards."""

    commands: tuple[str, ...]
    readers: str


def shape(readers: str, *commands: str) -> Shape:
    return Shape(commands, readers)


OWN = f"chown {ALICE}:{STAFF} file"
MINUTE = "chmod 600 file"
SHAPES = {
    "mode 644": shape(ALL, OWN, "chmod 644 file"),
    "mode 640": shape("alice carol dave erin", OWN, "chmod 640 file"),
    "mode 600": shape("alice", OWN, "chmod 600 file"),
    "mode 000": shape("", OWN, "chmod 000 file"),
    "owner without r, group with r": shape("carol dave erin", OWN, "chmod 040 file"),
    "owner without r, others with r": shape("bob frank gail", OWN, "chmod 004 file"),
    "group without r, others with r": shape("alice bob frank gail", OWN, "chmod 604 file"),
    "owner in the group, without r": shape("dave erin", f"chown {CAROL}:{STAFF} file",
                                           "chmod 040 file"),
    "write only": shape("", OWN, "chmod 222 file"),
    "of root, closed": shape("", "chown 0:0 file", MINUTE),
    "of root, group": shape("carol dave erin", f"chown 0:{STAFF} file", "chmod 640 file"),
    "named person": shape("alice bob", OWN, MINUTE, f"setfacl -m u:{BOB}:r file"),
    "named person refused": shape(
        "alice carol dave erin frank gail", OWN, "chmod 644 file", f"setfacl -m u:{BOB}:- file"
    ),
    "named person of a group, refused": shape(
        "alice dave erin", OWN, "chmod 640 file", f"setfacl -m u:{CAROL}:- file"
    ),
    "named group": shape("alice erin frank", OWN, MINUTE, f"setfacl -m g:{AUDIT}:r file"),
    "named group refused, other group allowed": shape(
        "alice carol dave erin", OWN, "chmod 640 file", f"setfacl -m g:{AUDIT}:- file"
    ),
    "named group refused, others allowed": shape(
        "alice bob carol dave erin gail", OWN, "chmod 644 file", f"setfacl -m g:{AUDIT}:- file"
    ),
    "owning group refused, named group allowed": shape(
        "alice erin frank", OWN, "chmod 600 file", f"setfacl -m g:{AUDIT}:r file"
    ),
    "owning group named again and allowed": shape(
        "alice carol dave erin", OWN, "chmod 600 file", f"setfacl -m g:{STAFF}:r file"
    ),
    "mask takes reading from people and groups": shape(
        "alice", OWN, "chmod 640 file",
        f"setfacl -m u:{BOB}:rw,g:{AUDIT}:rw,m::w file",
    ),
    "mask takes reading, others have it": shape(
        "alice gail", OWN, "chmod 644 file", f"setfacl -m u:{BOB}:rw,g:{AUDIT}:rw,m::w file"
    ),
    "empty mask puts the list out of force": shape(
        "alice bob frank gail", OWN, "chmod 644 file",
        f"setfacl -m u:{BOB}:r,g:{AUDIT}:r,m::- file",
    ),
    "owner named too": shape("", OWN, "chmod 000 file", f"setfacl -m u:{ALICE}:r file"),
    "parent without x": shape("", OWN, "chmod 644 file", "chown 0:0 folder", "chmod 700 folder"),
    "parent with r but without x": shape(
        "", OWN, "chmod 644 file", "chown 0:0 folder", "chmod 744 folder"
    ),
    "parent with x only": shape(ALL, OWN, "chmod 644 file", "chmod 711 folder"),
    "parent for a group": shape(
        "carol dave erin", OWN, "chmod 644 file", f"chown 0:{STAFF} folder", "chmod 750 folder"
    ),
    "parent list lets one person in": shape(
        "bob", OWN, "chmod 644 file", "chmod 700 folder", f"setfacl -m u:{BOB}:x folder"
    ),
    "parent list keeps one person out": shape(
        "alice carol dave erin frank gail", OWN, "chmod 644 file", "chmod 755 folder",
        f"setfacl -m u:{BOB}:rw folder",
    ),
    "two gates and a list": shape(
        "erin", OWN, "chmod 600 file", f"setfacl -m g:{AUDIT}:r file", f"chown 0:{STAFF} folder",
        "chmod 710 folder",
    ),
    "grandparent shut": shape("", OWN, "chmod 644 file", "chmod 700 ."),
    "folder hands on its group": shape(
        "carol dave erin", f"chown 0:{STAFF} folder", "chmod 2755 folder", "rm file",
        "touch file", "chmod 640 file",
    ),
    "default list handed on": shape(
        "bob", "rm file", f"setfacl -d -m u::rw,g::-,o::-,u:{BOB}:r folder", "touch file",
    ),
    "default list handed on, cut by the mode": shape(
        "", "rm file", f"setfacl -d -m u::rw,g::-,o::-,u:{BOB}:r folder", "touch file",
        "chmod 600 file",
    ),
    "default list says nothing of what was there": shape(
        "alice", OWN, MINUTE, f"setfacl -d -m u:{BOB}:r folder"
    ),
    "sticky and set-id bits mean nothing": shape("alice carol dave erin", OWN, "chmod 7640 file"),
}  # fmt: skip


@pytest.fixture(scope="module")
def tree() -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.fail("this test opens files under other numbers: run it as root")
    # The folders of pytest itself are shut to others, and so is all below them.
    root = Path(os.path.realpath(tempfile.mkdtemp(prefix="rights-")))
    try:
        root.chmod(0o755)
        for name, made in SHAPES.items():
            build(root / name, made)
        yield root
    finally:
        shutil.rmtree(root)


def build(top: Path, made: Shape) -> None:
    (top / "folder").mkdir(parents=True)
    for folder in (top, top / "folder"):
        folder.chmod(0o755)
    file = top / "folder" / "file"
    file.write_text("x")
    for command in made.commands:
        words = [
            {"file": str(file), "folder": str(file.parent), ".": str(top)}.get(word, word)
            for word in command.split()
        ]
        subprocess.run(words, check=True)


def file_of(root: Path, name: str) -> Path:
    return root / name / "folder" / "file"


@pytest.fixture(scope="module")
def opened(tree: Path) -> dict[tuple[str, str], bool]:
    """What the kernel let each person do."""
    paths = [str(file_of(tree, name)) for name in SHAPES]
    found = {}
    for person, who in PEOPLE.items():
        told = subprocess.run(
            ["/bin/sh", "-c", OPEN_EACH, "sh", *paths],
            user=who.uid, group=who.gid, extra_groups=who.groups,
            cwd="/", check=True, capture_output=True, text=True,
        )  # fmt: skip
        answers = told.stdout.split()
        assert len(answers) == len(SHAPES)
        found |= {(person, name): said == "yes" for name, said in zip(SHAPES, answers, strict=True)}
    return found


@pytest.fixture(scope="module")
def reported(tree: Path) -> dict[str, RawAcl]:
    """What the connector reports, in one sweep over all files."""
    config = FilesystemConfig(tree, rights="posix")
    connector = FilesystemConnector(source_id="share", config=config)
    ids = [item.id for item in connector.list_ids(None)]
    assert len(ids) == len(SHAPES)
    rights = {right.id: right for right in connector.acl(ids)}
    return {name: rights[uri_of(file_of(tree, name))] for name in SHAPES}


@pytest.mark.parametrize("name", SHAPES)
def test_our_verdict_is_what_a_real_open_gives(
    name: str, opened: dict[tuple[str, str], bool], reported: dict[str, RawAcl]
) -> None:
    judged = {who for who, person in PEOPLE.items() if permits(reported[name], person.principals)}
    assert judged == {who for who in PEOPLE if opened[who, name]}
    assert judged == set(SHAPES[name].readers.split())
