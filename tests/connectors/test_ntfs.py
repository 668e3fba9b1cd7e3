"""A security descriptor is read as the server evaluates it, and what is odd is unknown."""

import struct

import pytest

from connectors.facts import EVERYONE, AclEffect, AclEntry
from connectors.ntfs import Right, entries_of, owner_of, sid_of
from tests.connectors.descriptors import (
    FULL,
    READ,
    WRITE,
    Ace,
    ace_bytes,
    allow,
    deny,
    descriptor,
    sid_bytes,
)

DOMAIN = "S-1-5-21-1-2-3"
ALICE, BOB, LEGAL = f"{DOMAIN}-1001", f"{DOMAIN}-1002", f"{DOMAIN}-2001"


def entry(effect: str, principal: str, *, reads: bool = True, inherited: bool = False) -> AclEntry:
    return AclEntry(AclEffect(effect), principal, reads, inherited)


def test_entries_keep_the_order_of_the_list() -> None:
    raw = descriptor(allow(LEGAL, READ), deny(BOB, READ), allow(ALICE, FULL), owner=ALICE)
    assert entries_of(raw, Right.READ) == (
        entry("allow", f"sid:{LEGAL}"),
        entry("deny", f"sid:{BOB}"),
        entry("allow", f"sid:{ALICE}"),
    )
    assert owner_of(raw) == ALICE


@pytest.mark.parametrize(
    ("mask", "reads", "traverses"),
    [
        (0x00000001, True, False),
        (0x00000020, False, True),
        (0x80000000, True, False),
        (0x20000000, False, True),
        (0x10000000, True, True),
        (0x001F01FF, True, True),
        (0x00120116, False, False),
        (0x40000000, False, False),
    ],
)
def test_an_entry_is_about_a_right_when_its_mask_carries_a_bit_of_it(
    mask: int, reads: bool, traverses: bool
) -> None:
    raw = descriptor(allow(ALICE, mask))
    (read,) = entries_of(raw, Right.READ) or ()
    (traverse,) = entries_of(raw, Right.TRAVERSE) or ()
    assert (read.reads, traverse.reads) == (reads, traverses)


def test_no_list_permits_everyone_and_an_empty_list_nobody() -> None:
    assert entries_of(descriptor(dacl=False), Right.READ) == (entry("allow", EVERYONE),)
    assert entries_of(descriptor(), Right.READ) == ()


def test_an_entry_that_waits_to_be_inherited_is_left_out() -> None:
    raw = descriptor(allow(ALICE, READ, flags=0x0B), allow(BOB, READ, flags=0x13))
    assert entries_of(raw, Right.READ) == (entry("allow", f"sid:{BOB}", inherited=True),)


@pytest.mark.parametrize("kind", [0x05, 0x06, 0x09, 0x0A, 0x11, 0xFF])
def test_a_kind_of_entry_that_cannot_be_judged_makes_the_rights_unknown(kind: int) -> None:
    odd = Ace(kind, 0, READ, ALICE)
    assert entries_of(descriptor(allow(BOB, READ), odd), Right.READ) is None
    waiting = Ace(kind, 0x0B, READ, ALICE)
    assert entries_of(descriptor(waiting), Right.READ) == ()


@pytest.mark.parametrize("sid", ["S-1-1-0", "S-1-5-11", "S-1-5-2"])
def test_whoever_signs_in_is_everyone(sid: str) -> None:
    raw = descriptor(deny(sid, WRITE), allow(sid, READ))
    assert entries_of(raw, Right.READ) == (
        entry("deny", EVERYONE, reads=False),
        entry("allow", EVERYONE),
    )


@pytest.mark.parametrize("sid", ["S-1-5-15", "S-1-5-64-10", "S-1-18-1", "S-1-5-1000"])
def test_who_is_known_at_sign_in_only_gains_nothing_and_loses_everything(sid: str) -> None:
    raw = descriptor(allow(sid, READ), deny(sid, READ))
    assert entries_of(raw, Right.READ) == (entry("allow", f"sid:{sid}"), entry("deny", EVERYONE))


def test_owner_rights_are_the_owners() -> None:
    raw = descriptor(deny("S-1-3-4", READ), owner=ALICE)
    assert entries_of(raw, Right.READ) == (entry("deny", f"sid:{ALICE}"),)
    assert entries_of(descriptor(allow("S-1-3-4", READ), owner=None), Right.READ) is None


def test_every_cut_descriptor_is_unknown() -> None:
    raw = descriptor(allow(ALICE, READ), deny(BOB, READ), owner=None)
    assert entries_of(raw, Right.READ) is not None
    for end in range(len(raw)):
        assert entries_of(raw[:end], Right.READ) is None, end


@pytest.mark.parametrize(
    ("at", "value"),
    [
        pytest.param(0, 9, id="revision of the descriptor"),
        pytest.param(3, 0x00, id="not self-relative"),
        pytest.param(20, 9, id="revision of the list"),
        pytest.param(24, 9, id="more entries than there are"),
        pytest.param(30, 4, id="an entry shorter than its head"),
        pytest.param(36, 9, id="revision of a sid"),
        pytest.param(37, 99, id="a sid of too many parts"),
        pytest.param(37, 7, id="a sid longer than its entry"),
    ],
)
def test_a_malformed_descriptor_is_unknown(at: int, value: int) -> None:
    raw = bytearray(descriptor(allow(ALICE, READ), owner=None))
    assert entries_of(bytes(raw), Right.READ) is not None
    raw[at] = value
    assert entries_of(bytes(raw), Right.READ) is None


def test_a_sid_is_read_from_its_bytes() -> None:
    assert sid_of(sid_bytes("S-1-5-32-544")) == "S-1-5-32-544"
    assert sid_of(b"\x01\x05") is None
    assert sid_of(b"\x01\x0f" + bytes(8)) is None
    assert owner_of(b"") is None
    assert owner_of(descriptor(owner=None)) is None
    assert owner_of(struct.pack("<BBHIIII", 1, 0, 0x8000, 500, 0, 0, 0)) is None
    assert len(ace_bytes(allow(ALICE, READ))) == 36
