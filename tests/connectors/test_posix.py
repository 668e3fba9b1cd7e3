"""Permission bits and access lists become ordered entries that say what the kernel does."""

import struct

import pytest

from connectors.facts import EVERYONE, AclEffect, AclEntry
from connectors.posix import Protection, Right, UnknownAclError, entries_of, everyone_passes
from connectors.verdict import passes

OWNER, USER, OWNING_GROUP, GROUP, MASK, OTHER = 1, 2, 4, 8, 16, 32
NOBODY = 0xFFFFFFFF


def packed(*records: tuple[int, int, int], version: int = 2) -> bytes:
    body = b"".join(struct.pack("<HHI", *record) for record in records)
    return struct.pack("<I", version) + body


def listed(mode: int, *named: tuple[int, int, int], mask: int, group: int = 0) -> Protection:
    acl = packed(
        (OWNER, mode >> 6, NOBODY),
        (OWNING_GROUP, group, NOBODY),
        *named,
        (MASK, mask, NOBODY),
        (OTHER, mode & 7, NOBODY),
    )
    return Protection(mode & 0o707 | mask << 3, 1, 10, acl)


def reads(protection: Protection, *principals: str) -> bool:
    return passes(entries_of(protection, Right.READ), frozenset(principals))


def allow(principal: str) -> AclEntry:
    return AclEntry(AclEffect.ALLOW, principal, reads=True)


def deny(principal: str) -> AclEntry:
    return AclEntry(AclEffect.DENY, principal, reads=True)


@pytest.mark.parametrize(
    ("mode", "entries"),
    [
        (0o644, (allow("uid:1"), allow("gid:10"), allow(EVERYONE))),
        (0o640, (allow("uid:1"), allow("gid:10"))),
        (0o600, (allow("uid:1"),)),
        (0o604, (allow("uid:1"), deny("gid:10"), allow(EVERYONE))),
        (0o044, (deny("uid:1"), allow("gid:10"), allow(EVERYONE))),
        (0o333, ()),
    ],
)
def test_mode_bits_are_entries_in_the_order_of_the_check(
    mode: int, entries: tuple[AclEntry, ...]
) -> None:
    assert entries_of(Protection(mode, 1, 10), Right.READ) == entries


def test_a_folder_is_asked_for_its_search_bit() -> None:
    folder = Protection(0o741, 1, 10)
    assert entries_of(folder, Right.READ) == (allow("uid:1"), allow("gid:10"))
    assert entries_of(folder, Right.SEARCH) == (allow("uid:1"), deny("gid:10"), allow(EVERYONE))


def test_a_named_person_reads_within_the_mask_only() -> None:
    assert reads(listed(0o600, (USER, 4, 7), mask=4), "uid:7")
    assert not reads(listed(0o600, (USER, 6, 7), mask=2), "uid:7")


def test_a_named_person_is_not_judged_as_a_member_of_a_group() -> None:
    assert not reads(listed(0o604, (USER, 2, 7), mask=6, group=4), "uid:7", "gid:10")


def test_one_group_that_allows_is_enough_wherever_it_stands() -> None:
    protection = listed(0o600, (GROUP, 2, 20), (GROUP, 4, 30), mask=6)
    assert reads(protection, "uid:9", "gid:20", "gid:30")
    assert not reads(protection, "uid:9", "gid:20")


def test_a_member_of_a_group_that_does_not_allow_is_not_everyone_else() -> None:
    protection = listed(0o604, (GROUP, 2, 20), mask=6)
    assert not reads(protection, "uid:9", "gid:20")
    assert reads(protection, "uid:9", "gid:99")


def test_an_empty_group_class_puts_the_list_out_of_force_as_the_kernel_does() -> None:
    protection = listed(0o604, (USER, 4, 7), (GROUP, 4, 20), mask=0, group=4)
    assert reads(protection, "uid:7")
    assert reads(protection, "uid:9", "gid:20")
    assert not reads(protection, "uid:9", "gid:10")


def test_the_owner_is_judged_first_and_alone() -> None:
    assert not reads(listed(0o004, (USER, 4, 1), mask=4, group=4), "uid:1", "gid:10")


@pytest.mark.parametrize(
    "acl",
    [
        b"",
        b"\x02\x00",
        packed((OWNER, 6, NOBODY), version=3),
        packed((OWNER, 6, NOBODY))[:-1],
        packed((64, 4, 7)),
        packed((USER, 0o14, 7)),
    ],
    ids=["empty", "no header", "version", "cut off", "kind", "bits"],
)
def test_a_list_that_is_not_understood_says_nothing_of_anybody(acl: bytes) -> None:
    with pytest.raises(UnknownAclError):
        entries_of(Protection(0o664, 1, 10, acl), Right.READ)


def test_a_gate_that_everyone_passes_is_known() -> None:
    assert everyone_passes(entries_of(Protection(0o755, 1, 10), Right.SEARCH))
    for mode in (0o750, 0o705, 0o655, 0o000):
        assert not everyone_passes(entries_of(Protection(mode, 1, 10), Right.SEARCH))


def test_a_protection_is_one_line_of_text() -> None:
    assert Protection(0o40, 1, 10).line() == b"040 1 10 -\n"
    assert Protection(0o640, 1, 10, b"\x02\xff").line() == b"640 1 10 02ff\n"
