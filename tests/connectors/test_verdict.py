"""The first fitting entry decides, every gate must agree, and the unknown is nobody's."""

import pytest

from connectors.facts import EVERYONE, AclEffect, AclEntry, RawAcl
from connectors.verdict import passes, permits

ALICE = frozenset({"sid:S-1-5-21-1-2-3-1001", "sid:S-1-5-21-1-2-3-2001"})
BOB = frozenset({"sid:S-1-5-21-1-2-3-1002"})
GROUP = "sid:S-1-5-21-1-2-3-2001"
PERSON = "sid:S-1-5-21-1-2-3-1001"


def allow(principal: str, reads: bool = True) -> AclEntry:
    return AclEntry(AclEffect.ALLOW, principal, reads=reads)


def deny(principal: str, reads: bool = True) -> AclEntry:
    return AclEntry(AclEffect.DENY, principal, reads=reads)


def rights(*entries: AclEntry, gates: tuple[tuple[AclEntry, ...], ...] = ()) -> RawAcl:
    return RawAcl("item", b"", entries, gates)


@pytest.mark.parametrize(
    ("entries", "alice"),
    [
        pytest.param((), False, id="an empty list is nobody's"),
        pytest.param((allow(GROUP),), True, id="by a group"),
        pytest.param((deny(PERSON), allow(GROUP)), False, id="a refusal ahead of a grant"),
        pytest.param((allow(GROUP), deny(PERSON)), True, id="a grant ahead of a refusal"),
        pytest.param((deny(PERSON, reads=False), allow(GROUP)), True, id="not about reading"),
        pytest.param((allow(GROUP, reads=False),), False, id="a grant of something else"),
        pytest.param((allow(EVERYONE),), True, id="for whoever can sign in"),
        pytest.param((deny(EVERYONE), allow(PERSON)), False, id="refused to whoever comes"),
    ],
)
def test_the_first_fitting_entry_about_reading_decides(
    entries: tuple[AclEntry, ...], alice: bool
) -> None:
    assert permits(rights(*entries), ALICE) is alice


def test_whom_no_entry_fits_may_not_read() -> None:
    assert not permits(rights(allow(GROUP)), BOB)
    assert not permits(rights(allow(GROUP)), frozenset())


def test_unknown_rights_permit_nobody() -> None:
    assert not permits(RawAcl("item", b"", None), ALICE)
    assert not permits(RawAcl("item", b"", None, ((allow(EVERYONE),),)), ALICE)


def test_every_gate_must_let_the_reader_through() -> None:
    through, shut = (allow(EVERYONE),), (allow(PERSON, reads=False),)
    assert permits(rights(allow(GROUP), gates=(through, through)), ALICE)
    assert not permits(rights(allow(GROUP), gates=(through, shut)), ALICE)
    assert not permits(rights(allow(GROUP), gates=((),)), ALICE)


def test_a_gate_grants_nothing_by_itself() -> None:
    assert not permits(rights(gates=((allow(EVERYONE),),)), ALICE)
    assert passes((allow(EVERYONE),), ALICE)
