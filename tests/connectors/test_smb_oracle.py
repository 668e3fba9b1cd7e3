"""The verdict on every shape of rights equals what a real server does for each person.

A domain of seven people and nested groups, a share that evaluates Windows lists alone, one whose
own rights are narrower, and one where folders above a file have a say.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from connectors import smb_messages as messages
from connectors.directory import DirectoryConfig, DirectoryConnector
from connectors.facts import Membership, SourcePrincipal
from connectors.smb import SmbConfig, SmbConnector
from connectors.smb_wire import Wire
from connectors.verdict import permits
from tests.connectors.descriptors import (
    FULL,
    READ,
    WRITE,
    Ace,
    allow,
    descriptor,
)
from tests.connectors.servers.samba import BASE, REALM, Domain
from tests.connectors.servers.shares import (
    make_folder,
    may_enter,
    may_open,
    set_list,
    signed_in,
    write_file,
)

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]

READERS = ("alice", "bob", "carol", "dave", "erin", "frank")
GENERIC_READ = 0x80000000
EVERYONE, USERS, NETWORK, INTERACTIVE = "S-1-1-0", "S-1-5-11", "S-1-5-2", "S-1-5-4"
OWNER, CREATOR = "S-1-3-4", "S-1-3-0"

SHAPES: dict[str, list[tuple[str, str, int, int]]] = {
    "a group": [("allow", "Legal", READ, 0)],
    "a nested group": [("allow", "Outer", READ, 0)],
    "a group nested twice": [("allow", "Outermost", READ, 0)],
    "a local group": [("allow", "Local", READ, 0)],
    "groups in a ring": [("allow", "RingA", READ, 0)],
    "the other group of a ring": [("allow", "RingB", READ, 0)],
    "a group for mail": [("allow", "Letters", READ, 0)],
    "the first group of everybody": [("allow", "Domain Users", READ, 0)],
    "deny a person ahead": [("deny", "carol", READ, 0), ("allow", "Legal", READ, 0)],
    "deny a group ahead": [("deny", "Legal", READ, 0), ("allow", "Crowd", READ, 0)],
    "deny a nested group ahead": [("deny", "Outermost", READ, 0), ("allow", EVERYONE, READ, 0)],
    "deny a person behind": [("allow", "Legal", READ, 0), ("deny", "carol", READ, 0)],
    "deny a group behind": [("allow", "alice", READ, 0), ("deny", "Legal", READ, 0)],
    "allow, deny, allow": [
        ("allow", "alice", READ, 0),
        ("deny", "Crowd", READ, 0),
        ("allow", EVERYONE, READ, 0),
    ],
    "deny everyone behind": [("allow", "bob", READ, 0), ("deny", EVERYONE, READ, 0)],
    "deny everyone ahead": [("deny", EVERYONE, READ, 0), ("allow", "bob", FULL, 0)],
    "authenticated users": [("allow", USERS, READ, 0)],
    "everyone": [("allow", EVERYONE, READ, 0)],
    "who comes over the network": [("allow", NETWORK, READ, 0)],
    "who sits at the console": [("allow", INTERACTIVE, READ, 0)],
    "deny who sits at the console": [
        ("deny", INTERACTIVE, READ, 0),
        ("allow", "Crowd", READ, 0),
    ],
    "one person": [("allow", "dave", READ, 0)],
    "full control": [("allow", "erin", FULL, 0)],
    "generic all": [("allow", "erin", 0x10000000, 0)],
    "generic read": [("allow", "Audit", GENERIC_READ, 0)],
    "generic write": [("allow", "Audit", 0x40000000, 0)],
    "deny generic read": [("deny", "bob", GENERIC_READ, 0), ("allow", "Crowd", FULL, 0)],
    "only to write": [("allow", "Crowd", WRITE, 0)],
    "only to execute": [("allow", "Crowd", 0x001200A0, 0)],
    "only the attributes": [("allow", "Crowd", 0x00120080, 0)],
    "only the data": [("allow", "Crowd", 0x00000001, 0)],
    "deny writing": [("deny", "alice", 0x00000116, 0), ("allow", "Legal", READ, 0)],
    "deny the attributes": [("deny", "alice", 0x00000080, 0), ("allow", "Legal", FULL, 0)],
    "waits to be inherited": [("allow", "Crowd", READ, 0x0B), ("allow", "dave", READ, 0)],
    "deny waits to be inherited": [("deny", "dave", READ, 0x0B), ("allow", "Crowd", READ, 0)],
    "marked as inherited": [("allow", "Audit", READ, 0x10)],
    "the owner's rights": [("allow", OWNER, READ, 0)],
    "deny the owner": [("deny", OWNER, READ, 0), ("allow", "Crowd", READ, 0)],
    "who creates": [("allow", CREATOR, READ, 0)],
    "administrators alone": [("allow", "Administrator", FULL, 0)],
    "an empty list": [],
}
WHOLE = ("no list", "inherited from the folder", "owned by bob", "owned by bob, nothing granted")


@dataclass(frozen=True)
class Town:
    """Everybody who may come, and every name that each of them bears."""

    domain: Domain
    names: dict[str, frozenset[str]]
    wires: dict[str, Wire]
    administrator: Wire


@pytest.fixture(scope="module")
def town(domain: Domain) -> Iterator[Town]:
    config = DirectoryConfig(
        domain.host,
        BASE,
        f"administrator@{REALM}",
        domain.password_file,
        ca_file=domain.ca_file,
        server_name="VAULTDC.vault.test",
    )
    facts = list(DirectoryConnector(source_id="people", config=config).principals(None))
    people = {fact.name: fact.id for fact in facts if isinstance(fact, SourcePrincipal)}
    inside = [fact for fact in facts if isinstance(fact, Membership)]
    names = {reader: around(people[reader], inside) for reader in READERS}
    wires = {reader: signed_in(domain, reader, "docs") for reader in READERS}
    administrator = signed_in(domain, "administrator", "docs")
    yield Town(domain, names, wires, administrator)
    for wire in (administrator, *wires.values()):
        wire.close()


def around(person: str, inside: list[Membership]) -> frozenset[str]:
    found, left = {person}, [person]
    while left:
        member = left.pop()
        groups = {fact.group for fact in inside if fact.member == member} - found
        found |= groups
        left.extend(groups)
    return frozenset(found)


def connector(domain: Domain, share: str, **settings: object) -> SmbConnector:
    config = SmbConfig(
        domain.host,
        share,
        f"administrator@{REALM}",
        domain.password_file,
        **settings,  # type: ignore[arg-type]
    )
    return SmbConnector(source_id="share", config=config)


def aces(domain: Domain, shape: list[tuple[str, str, int, int]]) -> list[Ace]:
    kinds = {"allow": 0, "deny": 1}
    return [
        Ace(kinds[effect], flags, mask, domain.sids.get(who, who))
        for effect, who, mask, flags in shape
    ]


@pytest.fixture(scope="module")
def shapes(town: Town) -> dict[str, str]:
    """One file a shape, by its path on the share."""
    make_folder(town.administrator, "shapes")
    set_list(
        town.administrator,
        "shapes",
        descriptor(
            allow(EVERYONE, FULL),
            allow(town.domain.sids["Audit"], READ, flags=0x0B),
            allow(town.domain.sids["Administrator"], FULL, flags=0x0B),
        ),
    )
    paths = {}
    for number, (shape, entries) in enumerate(SHAPES.items()):
        paths[shape] = f"shapes\\{number}.txt"
        write_file(town.administrator, paths[shape], b"x")
        listed = descriptor(*aces(town.domain, entries))
        set_list(town.administrator, paths[shape], listed)
    for number, shape in enumerate(WHOLE):
        paths[shape] = f"shapes\\whole-{number}.txt"
        writer = town.wires["bob"] if "bob" in shape else town.administrator
        write_file(writer, paths[shape], b"x")
    owned = descriptor(allow(OWNER, READ), allow(town.domain.sids["alice"], READ))
    set_list(town.administrator, paths["no list"], descriptor(dacl=False))
    set_list(town.wires["bob"], paths["owned by bob"], owned)
    set_list(town.wires["bob"], paths["owned by bob, nothing granted"], descriptor())
    return paths


def test_the_verdict_equals_a_real_open(town: Town, shapes: dict[str, str]) -> None:
    assert len(READERS) >= 6
    assert len(shapes) >= 40
    source = connector(town.domain, "docs", traverse=False)
    ids = {source._paths.uri_of(path): shape for shape, path in shapes.items()}
    ours = {
        (ids[acl.id], reader): permits(acl, names)
        for acl in source.acl(ids)
        for reader, names in town.names.items()
    }
    theirs = {
        (shape, reader): may_open(town.wires[reader], path, messages.READ_DATA)
        for shape, path in shapes.items()
        for reader in READERS
    }
    assert {key for key in ours if ours[key] != theirs[key]} == set()
    assert ours.keys() == theirs.keys()
    granted = sum(theirs.values())
    assert len(theirs) / 5 < granted < len(theirs) * 4 / 5, "both answers are common"
    for (shape, reader), verdict in ours.items():
        # A program asks for attributes along with the data, and may be refused for those.
        if may_open(town.wires[reader], shapes[shape], GENERIC_READ):
            assert verdict, (shape, reader)
    source.close()


@pytest.mark.parametrize(
    ("entries", "through"),
    [
        pytest.param([("allow", "Legal", READ)], {"alice", "carol"}, id="a group"),
        pytest.param([("allow", "Outer", READ)], {"alice", "carol"}, id="a nested group"),
        pytest.param(
            [("deny", "dave", READ), ("allow", "Crowd", READ)],
            {"alice", "bob", "carol", "erin", "frank"},
            id="everybody but one",
        ),
    ],
)
def test_the_rights_of_the_share_itself_stop_a_reader(
    town: Town, shapes: dict[str, str], entries: list[tuple[str, str, int]], through: set[str]
) -> None:
    letters = {"allow": "A", "deny": "D"}
    town.domain.guard(
        "guarded",
        "D:"
        + "".join(
            f"({letters[effect]};;{mask:#x};;;{town.domain.sids[who]})"
            for effect, who, mask in entries
        )
        + f"(A;;0x1f01ff;;;{town.domain.sids['Administrator']})",
    )
    source = connector(town.domain, "guarded", traverse=False)
    (rights,) = source.acl([source._paths.uri_of(shapes["everyone"])])
    ours = {reader: permits(rights, names) for reader, names in town.names.items()}
    theirs = {
        reader: may_enter(town.domain, reader, "guarded", shapes["everyone"], messages.READ_DATA)
        for reader in READERS
    }
    assert ours == theirs
    assert {reader for reader, verdict in ours.items() if verdict} == through
    source.close()


def test_a_folder_above_stops_a_reader_where_the_server_says_so(town: Town) -> None:
    sids = town.domain.sids
    wire = signed_in(town.domain, "administrator", "posix")
    path = "shut\\inner\\open.txt"
    for folder in ("shut", "shut\\inner"):
        make_folder(wire, folder)
    write_file(wire, path, b"x")
    set_list(wire, path, descriptor(allow(sids["Administrator"], FULL), allow(EVERYONE, READ)))
    set_list(wire, "shut\\inner", descriptor(allow(EVERYONE, FULL)))
    set_list(
        wire, "shut", descriptor(allow(sids["Administrator"], FULL), allow(sids["Legal"], FULL))
    )
    source = connector(town.domain, "posix")
    (rights,) = source.acl([source._paths.uri_of(path)])
    ours = {reader: permits(rights, names) for reader, names in town.names.items()}
    theirs = {
        reader: may_enter(town.domain, reader, "posix", path, messages.READ_DATA)
        for reader in READERS
    }
    assert ours == theirs
    assert {reader for reader, verdict in ours.items() if verdict} == {"alice", "carol"}
    source.close()
    wire.close()
