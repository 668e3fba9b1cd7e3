"""Partial changes of a resource, one operation after the other."""

import re
from collections.abc import Mapping
from typing import Any

from vault.api.scim.definitions import UNKEPT
from vault.api.scim.failures import ScimError
from vault.api.scim.filters import fits

MOST_OPERATIONS = 1000
_MESSAGE = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_READ_ONLY = frozenset({"groups", "id", "meta", "schemas"})
_MEMBER = re.compile(r'\[\s*value\s+eq\s+"([^"\\]*)"\s*\]', re.IGNORECASE)
_URN = re.compile(r"urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):", re.IGNORECASE)
_EXTENSION = "urn:ietf:params:scim:schemas:extension:"


def apply_patch(
    resource: Mapping[str, Any], message: object, *, writable: frozenset[str]
) -> dict[str, Any]:
    """Return a resource as it is after every operation of a message.

    Attributes of the core schema that are not kept are passed over, so that a directory
    that sends them can still be used.

    Args:
        resource: its attributes as they are.
        message: the body of the request.
        writable: names of the attributes that may be changed.

    Raises:
        ScimError: the message is malformed, or an operation cannot be applied; none is then.

    Source:
        RFC 7644, section 3.5.2.
    """
    names = {name.lower(): name for name in writable}
    changed = {name: resource[name] for name in writable if name in resource}
    for operation in _operations(message):
        op = str(operation.get("op", "")).lower()
        if op not in {"add", "remove", "replace"}:
            raise ScimError(400, "invalidSyntax", "an operation is add, remove or replace")
        path, value = operation.get("path"), operation.get("value")
        if path is not None:
            _apply(changed, op, _name(str(path), names), value)
        elif op == "remove" or not isinstance(value, Mapping):
            kind = "noTarget" if op == "remove" else "invalidValue"
            raise ScimError(400, kind, "an operation without a path needs attributes to set")
        else:
            for name, given in value.items():
                known = names.get(_URN.sub("", name).lower())
                if known is not None:
                    _apply(changed, op, (known, None), given)
    return changed


def _operations(message: object) -> list[Mapping[str, Any]]:
    operations = None
    if isinstance(message, Mapping) and _MESSAGE in (message.get("schemas") or ()):
        given = {key.lower(): value for key, value in message.items()}
        operations = given.get("operations")
    if not isinstance(operations, list) or not 0 < len(operations) <= MOST_OPERATIONS:
        raise ScimError(400, "invalidSyntax", "the body is not a patch of this protocol")
    if not all(isinstance(operation, Mapping) for operation in operations):
        raise ScimError(400, "invalidSyntax", "an operation is not an object")
    return operations


_Target = tuple[str, str | None]


def _name(path: str, names: Mapping[str, str]) -> _Target | None:
    """Return the attribute a path names, and which member of it; None for one not kept."""
    if path.lower().startswith(_EXTENSION):
        return None
    plain = _URN.sub("", path.strip(), count=1)
    name = re.split(r"[.\[]", plain, maxsplit=1)[0]
    rest = plain[len(name) :]
    if name.lower() in names:
        member = _MEMBER.fullmatch(rest)
        if not rest or member is not None:
            return names[name.lower()], None if member is None else member[1]
    elif name.lower() in _READ_ONLY:
        raise ScimError(400, "mutability", "this attribute cannot be changed")
    elif name.lower() in UNKEPT:
        return None
    raise ScimError(400, "invalidPath", "the path names no attribute that is kept")


def _apply(changed: dict[str, Any], op: str, target: _Target | None, value: object) -> None:
    if target is None:
        return
    name, member = target
    if name == "members":
        changed[name] = _members(changed.get(name, []), op, member, value)
    elif member is not None:
        raise ScimError(400, "invalidPath", "only members are chosen by a filter")
    elif op == "remove":
        changed.pop(name, None)
    else:
        changed[name] = value


def _members(
    now: list[Mapping[str, Any]], op: str, member: str | None, value: object
) -> list[Mapping[str, Any]]:
    if member is not None:
        kept = [each for each in now if not fits(each["value"], member, exact=True)]
        if op != "remove":
            raise ScimError(400, "mutability", "a member is added or removed, not changed")
        return kept
    given = [value] if isinstance(value, Mapping) else value
    if op == "remove" and given is None:
        return []
    if not isinstance(given, list) or not all(_is_member(each) for each in given):
        raise ScimError(400, "invalidValue", "members are objects with a value")
    named = [each["value"] for each in given]
    if op == "remove":
        return [each for each in now if each["value"] not in named]
    if op == "replace":
        return given
    return [*(each for each in now if each["value"] not in named), *given]


def _is_member(given: object) -> bool:
    return isinstance(given, Mapping) and isinstance(given.get("value"), str)
