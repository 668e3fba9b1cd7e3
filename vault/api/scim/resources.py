"""Persons and groups as SCIM resources, and back."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from vault.api.scim.definitions import GROUP, USER
from vault.api.scim.failures import ScimError
from vault.domain.provisioning import Group, GroupForm, Person, PersonForm

USER_PREFIX, GROUP_PREFIX = "user-", "group-"
PERSON_ATTRIBUTES = frozenset({"active", "displayName", "externalId", "userName"})
GROUP_ATTRIBUTES = frozenset({"displayName", "externalId", "members"})
_LONGEST_EXTERNAL_ID = 512
_TRUTHS = {"true": True, "false": False}
_ALWAYS = frozenset({"id", "schemas"})


def person_resource(person: Person, base: str) -> dict[str, Any]:
    """Return a person as a resource with its address and version."""
    form = person.form
    resource = {
        "schemas": [USER],
        "id": USER_PREFIX + person.id,
        "externalId": form.external_id,
        "userName": form.user_name,
        "displayName": form.display_name or None,
        "active": form.active,
        "groups": [
            {
                "value": GROUP_PREFIX + group,
                "$ref": f"{base}/Groups/{GROUP_PREFIX}{group}",
                "display": group,
                "type": "direct",
            }
            for group in person.groups
        ],
    }
    return _finished(resource, "User", person.created_at, person.modified_at, base)


def group_resource(group: Group, base: str) -> dict[str, Any]:
    """Return a group as a resource with its address and version."""
    resource = {
        "schemas": [GROUP],
        "id": GROUP_PREFIX + group.id,
        "externalId": group.form.external_id,
        "displayName": group.form.display_name,
        "members": [_member(reference, base) for reference in group.form.members],
    }
    return _finished(resource, "Group", group.created_at, group.modified_at, base)


def person_form(given: Mapping[str, Any], *, before: PersonForm | None = None) -> PersonForm:
    """Return what a body says of a person; who is inactive stays so until it is said otherwise.

    Raises:
        ScimError: an attribute has another type, or there is no sign-in name.
    """
    found = _named(given, PERSON_ATTRIBUTES)
    form = PersonForm(
        user_name=_text(found.get("userName"), "userName") or "",
        display_name=_text(found.get("displayName"), "displayName") or "",
        external_id=_text(found.get("externalId"), "externalId"),
        active=True if before is None else before.active,
    )
    active = found.get("active")
    return form if active is None else replace(form, active=_truth(active))


def group_form(given: Mapping[str, Any]) -> GroupForm:
    """Return what a body says of a group.

    Raises:
        ScimError: an attribute has another type, or there is no name.
    """
    found = _named(given, GROUP_ATTRIBUTES)
    members = [] if found.get("members") is None else found["members"]
    if not isinstance(members, list):
        raise ScimError(400, "invalidValue", "members are a list")
    return GroupForm(
        display_name=_text(found.get("displayName"), "displayName") or "",
        external_id=_text(found.get("externalId"), "externalId"),
        members=tuple(sorted({_reference(member) for member in members})),
    )


def selected(
    resource: Mapping[str, Any], *, attributes: str | None, excluded: str | None
) -> dict[str, Any]:
    """Return the attributes of a resource that a request wants; id and schemas always.

    Source:
        RFC 7644, section 3.9.
    """
    if attributes:
        names = _names(attributes)
        return {
            key: value for key, value in resource.items() if key in _ALWAYS or key.lower() in names
        }
    names = _names(excluded or "")
    return {
        key: value for key, value in resource.items() if key in _ALWAYS or key.lower() not in names
    }


def local_id(identifier: str, prefix: str) -> str:
    """Return the id inside this vault of the resource with that id.

    Raises:
        ScimError: it is of no resource of this kind.
    """
    if not identifier.startswith(prefix):
        raise ScimError(404, None, "there is no such resource")
    return identifier.removeprefix(prefix)


def _finished(
    resource: dict[str, Any], kind: str, created: datetime, modified: datetime, base: str
) -> dict[str, Any]:
    told = {key: value for key, value in resource.items() if value not in (None, [])}
    plain = json.dumps(told, sort_keys=True, ensure_ascii=False).encode()
    told["meta"] = {
        "resourceType": kind,
        "created": _moment(created),
        "lastModified": _moment(modified),
        "location": f"{base}/{kind}s/{resource['id']}",
        "version": f'W/"{sha256(plain).hexdigest()[:32]}"',
    }
    return told


def _member(reference: str, base: str) -> dict[str, str]:
    kind, _, name = reference.partition(":")
    value = (USER_PREFIX if kind == "user" else GROUP_PREFIX) + name
    title = "User" if kind == "user" else "Group"
    return {"value": value, "$ref": f"{base}/{title}s/{value}", "type": title}


def _reference(member: object) -> str:
    value = member.get("value") if isinstance(member, Mapping) else None
    if isinstance(value, str):
        if value.startswith(USER_PREFIX):
            return f"user:{value.removeprefix(USER_PREFIX)}"
        if value.startswith(GROUP_PREFIX):
            return f"group:{value.removeprefix(GROUP_PREFIX)}"
    raise ScimError(400, "invalidValue", "a member of the group does not exist")


def _named(given: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    known = {name.lower(): name for name in names}
    return {known[key.lower()]: value for key, value in given.items() if key.lower() in known}


def _names(listed: str) -> frozenset[str]:
    parts = (part.strip().rsplit(":", 1)[-1].split(".")[0] for part in listed.split(","))
    return frozenset(part.lower() for part in parts if part)


def _text(value: object, name: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _LONGEST_EXTERNAL_ID:
        raise ScimError(400, "invalidValue", f"{name} is not text, or too long")
    return value


def _truth(value: object) -> bool:
    # Some directories send the words instead of the values.
    if isinstance(value, str) and value.lower() in _TRUTHS:
        return _TRUTHS[value.lower()]
    if not isinstance(value, bool):
        raise ScimError(400, "invalidValue", "active is true or false")
    return value


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
