"""Access lists of S3 objects as entries; what a bucket policy takes away makes rights unknown."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from connectors.facts import EVERYONE, AclEffect, AclEntry, RawAcl

_GROUPS = {
    "http://acs.amazonaws.com/groups/global/AllUsers": EVERYONE,
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers": EVERYONE,
}
_READING = frozenset({"READ", "FULL_CONTROL"})


def rights_of(item: str, acl: dict[str, Any]) -> RawAcl:
    """Return who may read an object by its access list, which only allows.

    Args:
        item: the id to name in the answer.
        acl: answer to GetObjectAcl.

    Source:
        Amazon S3 User Guide, "Access control list (ACL) overview".
    """
    return RawAcl(item, raw_of(acl), tuple(_entries(acl)))


def raw_of(acl: dict[str, Any]) -> bytes:
    """Return the access list's owner and grants as JSON, the same for the same rights."""
    kept = {name: acl.get(name) for name in ("Owner", "Grants")}
    return json.dumps(kept, sort_keys=True).encode()


def hash_of(acl: dict[str, Any]) -> str:
    """Return a token that changes with the access list."""
    return hashlib.sha256(raw_of(acl)).hexdigest()


def policy_denies(policy: str | None) -> bool:
    """Tell whether a bucket policy may take rights away that an access list gives.

    Its statements depend on who asks from where, so none that denies can be judged here; one
    that cannot be read counts as one.
    """
    if policy is None:
        return False
    try:
        statements = json.loads(policy)["Statement"]
        found = [statements] if isinstance(statements, dict) else statements
        return any(statement["Effect"] != "Allow" for statement in found)
    except (ValueError, TypeError, KeyError):
        return True


def _entries(acl: dict[str, Any]) -> Iterator[AclEntry]:
    for grant in acl.get("Grants", ()):
        principal = _principal(grant.get("Grantee", {}))
        if principal is not None and grant.get("Permission") in _READING:
            yield AclEntry(AclEffect.ALLOW, principal, reads=True)


def _principal(grantee: dict[str, Any]) -> str | None:
    """Return whom a grant is for, or None: a grant to somebody unknown lets nobody in."""
    kind = grantee.get("Type")
    if kind == "Group":
        return _GROUPS.get(grantee.get("URI", ""))
    if kind == "CanonicalUser" and grantee.get("ID"):
        return f"s3:{grantee['ID']}"
    if kind == "AmazonCustomerByEmail" and grantee.get("EmailAddress"):
        return f"mail:{grantee['EmailAddress'].lower()}"
    return None
