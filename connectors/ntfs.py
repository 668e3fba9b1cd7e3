"""Windows security descriptors, read as ordered entries about one right.

Source: MS-DTYP 2.4.2 (SID), 2.4.4 (ACE), 2.4.5 (ACL), 2.4.6 (security descriptor), 2.5.3 (access
check).
"""

import struct
from enum import IntFlag

from connectors.facts import EVERYONE, AclEffect, AclEntry

Entries = tuple[AclEntry, ...]

_GENERIC_ALL = 0x10000000


class Right(IntFlag):
    """Bits of an access mask of which any one carries the right."""

    READ = 0x00000001 | 0x80000000 | _GENERIC_ALL
    """To read a file's data (or to list a folder)."""
    TRAVERSE = 0x00000020 | 0x20000000 | _GENERIC_ALL
    """To go through a folder to what lies below it."""


_HEADER = struct.Struct("<BBHIIII")
_ACL = struct.Struct("<BBHHH")
_ACE = struct.Struct("<BBHI")
_SELF_RELATIVE = 0x8000
_DACL_PRESENT = 0x0004
_INHERIT_ONLY = 0x08
_INHERITED = 0x10
_EFFECTS = {0x00: AclEffect.ALLOW, 0x01: AclEffect.DENY}
_MOST_PARTS = 15

_OWNER_RIGHTS = "S-1-3-4"
_ANYONE = frozenset({"S-1-1-0", "S-1-5-2", "S-1-5-11"})
"""Everyone, Network and Authenticated Users: in the token of whoever signs in to a server."""
_SOMETIMES = ("S-1-5-15", "S-1-5-64-", "S-1-5-65-", "S-1-5-1000", "S-1-18-", "S-1-5-21-0-0-0-")
"""In a token or not, depending on how a person signed in; no directory knows."""


class _MalformedError(ValueError):
    """The bytes are no security descriptor, or one with entries that cannot be judged."""


def entries_of(raw: bytes, right: Right) -> Entries | None:
    """Return the entries of a descriptor in their order, each told whether it is about ``right``.

    A descriptor without a list permits everyone; an empty list permits nobody. Entries that only
    wait to be inherited are left out.

    Args:
        raw: self-relative security descriptor with owner and DACL.
        right: what is asked for.

    Returns:
        None where the rights are unknown: malformed bytes, or a kind of entry other than plain
        allow and deny, such as a conditional one.
    """
    try:
        return _entries(raw, right)
    except (struct.error, _MalformedError):
        return None


def owner_of(raw: bytes) -> str | None:
    """Return the owner's SID, or None where the descriptor names none."""
    try:
        offset = _HEADER.unpack_from(raw)[3]
        return _sid(raw, offset, len(raw)) if offset else None
    except (struct.error, _MalformedError):
        return None


def sid_of(raw: bytes) -> str | None:
    """Return the text of a binary SID, or None where the bytes are none."""
    try:
        return _sid(raw, 0, len(raw))
    except (struct.error, _MalformedError):
        return None


def _entries(raw: bytes, right: Right) -> Entries:
    revision, _, control, _, _, _, start = _HEADER.unpack_from(raw)
    if revision != 1 or not control & _SELF_RELATIVE:
        raise _MalformedError
    if not control & _DACL_PRESENT or not start:
        return (AclEntry(AclEffect.ALLOW, EVERYONE, reads=True),)
    kind, _, size, count, _ = _ACL.unpack_from(raw, start)
    end = start + size
    if kind not in (2, 4) or end > len(raw):
        raise _MalformedError
    found: list[AclEntry] = []
    at = start + _ACL.size
    for _ in range(count):
        at, entry = _entry(raw, at, end, right)
        if entry is not None:
            found.append(entry)
    return tuple(found)


def _entry(raw: bytes, at: int, end: int, right: Right) -> tuple[int, AclEntry | None]:
    kind, flags, size, mask = _ACE.unpack_from(raw, at)
    after = at + size
    if size < _ACE.size or after > end:
        raise _MalformedError
    if flags & _INHERIT_ONLY:
        return after, None
    effect = _EFFECTS.get(kind)
    if effect is None:
        raise _MalformedError
    sid = _sid(raw, at + _ACE.size, after)
    if sid == _OWNER_RIGHTS:
        sid = _owner(raw)
    principal = _principal(sid, effect)
    return after, AclEntry(effect, principal, bool(mask & right), bool(flags & _INHERITED))


def _owner(raw: bytes) -> str:
    owner = owner_of(raw)
    if owner is None:
        raise _MalformedError
    return owner


def _principal(sid: str, effect: AclEffect) -> str:
    if sid in _ANYONE:
        return EVERYONE
    # Whether such an entry fits cannot be known: its grant is nobody's, its refusal everyone's.
    if effect is AclEffect.DENY and sid.startswith(_SOMETIMES):
        return EVERYONE
    return f"sid:{sid}"


def _sid(raw: bytes, at: int, end: int) -> str:
    revision, parts = struct.unpack_from("<BB", raw, at)
    if revision != 1 or parts > _MOST_PARTS or at + 8 + 4 * parts > end:
        raise _MalformedError
    authority = int.from_bytes(raw[at + 2 : at + 8], "big")
    return "-".join(
        ("S-1", str(authority), *map(str, struct.unpack_from(f"<{parts}I", raw, at + 8)))
    )
