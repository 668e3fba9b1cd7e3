"""Writes security descriptors, for tests and for the shares of real servers."""

import struct
from typing import NamedTuple

READ, WRITE, FULL = 0x00120089, 0x00120116, 0x001F01FF


class Ace(NamedTuple):
    """One entry of a list."""

    kind: int
    flags: int
    mask: int
    sid: str


def allow(sid: str, mask: int, *, flags: int = 0) -> Ace:
    return Ace(0, flags, mask, sid)


def deny(sid: str, mask: int, *, flags: int = 0) -> Ace:
    return Ace(1, flags, mask, sid)


def sid_bytes(sid: str) -> bytes:
    authority, *parts = map(int, sid.split("-")[2:])
    head = struct.pack("<BB", 1, len(parts)) + authority.to_bytes(6, "big")
    return head + struct.pack(f"<{len(parts)}I", *parts)


def ace_bytes(ace: Ace) -> bytes:
    sid = sid_bytes(ace.sid)
    return struct.pack("<BBHI", ace.kind, ace.flags, 8 + len(sid), ace.mask) + sid


def descriptor(*aces: Ace, owner: str | None = "S-1-5-32-544", dacl: bool = True) -> bytes:
    """Return a self-relative descriptor: the list first, the owner behind it."""
    body = b"".join(map(ace_bytes, aces))
    acl = struct.pack("<BBHHH", 2, 0, 8 + len(body), len(aces), 0) + body if dacl else b""
    control = 0x8000 | (0x0004 if dacl else 0)
    at = 20 + len(acl) if owner else 0
    head = struct.pack("<BBHIIII", 1, 0, control, at, 0, 0, 20 if dacl else 0)
    return head + acl + (sid_bytes(owner) if owner else b"")
