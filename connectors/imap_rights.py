"""Access lists of IMAP folders as entries, judged no wider than any server judges them."""

import hashlib
import json

from connectors.facts import EVERYONE, AclEffect, AclEntry, RawAcl

_EVERYONE = frozenset({"anyone", "authenticated"})
_READ = "r"
_DENIED, _OVERRIDE, _PERSON, _GROUP, _ANYONE = range(5)


def rights_of(item: str, acl: list[tuple[str, str]] | None) -> RawAcl:
    """Return who may read the messages of a folder; what is not told is nobody's.

    RFC 4314 leaves it to the server how several identifiers of one person add up. The most
    specific one decides here, and among equals one that withholds the right, as in Dovecot;
    a server that joins them gives more, never less.

    Args:
        item: the id to name in the answer.
        acl: identifiers and rights as the server gives them.

    Source:
        RFC 4314, sections 2 and 2.1.
    """
    if acl is None:
        return RawAcl(item, b"", None)
    ranked = sorted(
        _entry(identifier, rights)
        for identifier, rights in acl
        # Rights that are taken away without that of reading change nothing about it.
        if not identifier.startswith("-") or _READ in rights
    )
    entries = tuple(
        AclEntry(AclEffect.ALLOW if allows else AclEffect.DENY, principal, reads=True)
        for _, allows, principal in ranked
    )
    return RawAcl(item, raw_of(acl), entries)


def hash_of(acl: list[tuple[str, str]] | None) -> str:
    """Return a token that changes with the access list."""
    return "unknown" if acl is None else hashlib.sha256(raw_of(acl)).hexdigest()


def raw_of(acl: list[tuple[str, str]]) -> bytes:
    """Return the access list as JSON, in the server's order."""
    return json.dumps(acl).encode()


def _entry(identifier: str, rights: str) -> tuple[int, bool, str]:
    """Return rank, whether reading is allowed, and the principal of one identifier."""
    if identifier.startswith("-"):
        return _DENIED, False, _entry(identifier[1:], rights)[2]
    allows = _READ in rights
    if identifier in _EVERYONE:
        return _ANYONE, allows, EVERYONE
    if identifier.startswith("group-override="):
        return _OVERRIDE, allows, "group:" + identifier.removeprefix("group-override=")
    if identifier == "owner":
        # Whose folder it is, the list does not say.
        return _PERSON, allows, "imap:owner"
    for sign in ("group=", "$"):
        if identifier.startswith(sign):
            return _GROUP, allows, "group:" + identifier.removeprefix(sign)
    return _PERSON, allows, "name:" + identifier.removeprefix("user=")
