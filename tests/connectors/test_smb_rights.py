"""Rights are a file's own list and every gate on the way; one unknown part makes all unknown."""

from connectors.facts import EVERYONE, AclEffect, AclEntry, RawAcl
from connectors.smb_rights import UNKNOWN, declared, gates, mark, rights
from connectors.verdict import permits
from tests.connectors.descriptors import FULL, READ, Ace, allow, deny, descriptor

ALICE, BOB = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1002"
OPEN = (AclEntry(AclEffect.ALLOW, EVERYONE, reads=True),)
TRAVERSE = 0x20
ODD = descriptor(Ace(9, 0, FULL, ALICE))
OWN = descriptor(allow(ALICE, READ), allow(BOB, READ))


def reads(who: str, share: object, *folders: bytes | None, own: bytes | None = OWN) -> bool:
    way = gates(share, folders)  # type: ignore[arg-type]
    return permits(rights("item", own, way), frozenset({f"sid:{who}"}))


def test_a_folder_that_lets_nobody_through_hides_what_lies_below() -> None:
    alice_only = descriptor(allow(ALICE, TRAVERSE))
    assert reads(ALICE, OPEN, alice_only)
    assert not reads(BOB, OPEN, alice_only)
    assert not reads(ALICE, OPEN, alice_only, descriptor())
    assert not reads(ALICE, OPEN, descriptor(allow(ALICE, 0x1))), "to list is not to go through"


def test_the_share_stops_whom_it_does_not_let_in() -> None:
    assert reads(ALICE, declared([ALICE]))
    assert not reads(BOB, declared([ALICE]))
    assert reads(BOB, declared([EVERYONE]))


def test_one_unknown_part_makes_all_unknown() -> None:
    through = descriptor(allow("S-1-1-0", FULL))
    assert reads(ALICE, OPEN, through)
    assert not reads(ALICE, None, through)
    assert not reads(ALICE, OPEN, None)
    assert not reads(ALICE, OPEN, ODD)
    assert not reads(ALICE, OPEN, through, own=None)
    assert not reads(ALICE, OPEN, through, own=ODD)
    assert rights("item", None, gates(OPEN, ())) == RawAcl("item", b"", None)
    assert rights("item", OWN, gates(None, ())).raw == OWN


def test_gates_that_stop_nobody_are_left_out_and_equal_ones_are_told_once() -> None:
    through = descriptor(deny("S-1-1-0", 0x2), allow(ALICE, FULL), allow("S-1-1-0", FULL))
    narrow = descriptor(allow(ALICE, FULL))
    assert gates(OPEN, (through, through)).lists == ()
    assert len(gates(OPEN, (through, narrow, narrow)).lists or ()) == 1
    but_one = descriptor(deny(BOB, TRAVERSE), allow("S-1-1-0", FULL))
    assert len(gates(OPEN, (but_one,)).lists or ()) == 1
    assert gates((), ()).lists == ((),)


def test_the_mark_moves_with_every_part_and_with_nothing_else() -> None:
    folder, other = descriptor(allow(ALICE, FULL)), descriptor(allow(BOB, FULL))
    first = mark(OWN, gates(OPEN, (folder,)))
    assert first == mark(OWN, gates(OPEN, (folder,)))
    different = {
        first,
        mark(descriptor(allow(ALICE, READ)), gates(OPEN, (folder,))),
        mark(OWN, gates(declared([ALICE]), (folder,))),
        mark(OWN, gates(OPEN, (other,))),
        mark(OWN, gates(OPEN, (folder, folder))),
        UNKNOWN,
    }
    assert len(different) == 6
    assert mark(None, gates(OPEN, ())) == mark(OWN, gates(None, ())) == UNKNOWN
