"""Operations apply in order, all or none, and only to what may be changed."""

from typing import Any

import pytest

from tests.vault.api.scim.conftest import patch
from vault.api.scim.failures import ScimError
from vault.api.scim.patches import MOST_OPERATIONS, apply_patch
from vault.api.scim.resources import GROUP_ATTRIBUTES, PERSON_ATTRIBUTES

ANN = {"id": "user-ann", "userName": "ann", "active": True, "displayName": "Ann"}
STAFF = {"displayName": "Staff", "members": [{"value": "user-a"}, {"value": "user-b"}]}


def person(*operations: dict[str, object]) -> dict[str, Any]:
    return apply_patch(ANN, patch(*operations), writable=PERSON_ATTRIBUTES)


def members(*operations: dict[str, object]) -> list[str]:
    changed = apply_patch(STAFF, patch(*operations), writable=GROUP_ATTRIBUTES)
    return [member["value"] for member in changed["members"]]


def test_an_attribute_is_set_by_path_or_by_name() -> None:
    assert person({"op": "Replace", "path": "Active", "value": False})["active"] is False
    assert person({"op": "add", "value": {"externalId": "7"}})["externalId"] == "7"
    urn = "urn:ietf:params:scim:schemas:core:2.0:User:displayName"
    assert person({"op": "replace", "path": urn, "value": "A"})["displayName"] == "A"
    assert person({"op": "replace", "value": {urn: "B"}})["displayName"] == "B"
    assert "displayName" not in person({"op": "remove", "path": "displayName"})


def test_operations_apply_one_after_the_other() -> None:
    changed = person(
        {"op": "replace", "path": "displayName", "value": "A"},
        {"op": "replace", "path": "displayName", "value": "B"},
    )
    assert changed["displayName"] == "B"
    assert ANN["displayName"] == "Ann"


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        ({"op": "add", "path": "members", "value": [{"value": "user-c"}]}, "a b c"),
        ({"op": "add", "path": "members", "value": {"value": "user-b"}}, "a b"),
        ({"op": "add", "value": {"members": [{"value": "user-c"}]}}, "a b c"),
        ({"op": "replace", "path": "members", "value": [{"value": "user-c"}]}, "c"),
        ({"op": "remove", "path": 'members[value eq "user-a"]'}, "b"),
        ({"op": "remove", "path": "members", "value": [{"value": "user-b"}]}, "a"),
        ({"op": "remove", "path": "members"}, ""),
        ({"op": "remove", "path": 'members[value eq "user-z"]'}, "a b"),
    ],
)
def test_members_are_added_removed_and_replaced(operation: dict[str, object], left: str) -> None:
    assert members(operation) == [f"user-{each}" for each in left.split()]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "name.givenName", "value": "A"},
        {"op": "add", "path": 'emails[type eq "work"].value', "value": "a@x.org"},
        {"op": "add", "value": {"title": "Head", "id": "user-bo", "schemas": []}},
        {
            "op": "add",
            "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
            "value": "bo",
        },
    ],
)
def test_attributes_that_are_not_kept_change_nothing(operation: dict[str, object]) -> None:
    assert person(operation) == {name: ANN[name] for name in ("userName", "active", "displayName")}


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ({"op": "replace", "path": "id", "value": "user-bo"}, "mutability"),
        ({"op": "add", "path": "groups", "value": [{"value": "group-board"}]}, "mutability"),
        ({"op": "replace", "path": "clearance", "value": "secret"}, "invalidPath"),
        ({"op": "replace", "path": "active.now", "value": True}, "invalidPath"),
        ({"op": "replace", "path": 'userName[value eq "a"]', "value": True}, "invalidPath"),
        ({"op": "move", "path": "active"}, "invalidSyntax"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "add", "value": "active"}, "invalidValue"),
    ],
)
def test_an_operation_that_cannot_be_applied_is_refused(
    operation: dict[str, object], kind: str
) -> None:
    with pytest.raises(ScimError) as refusal:
        person(operation)
    assert (refusal.value.status, refusal.value.kind) == (400, kind)


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ({"op": "add", "path": "members", "value": ["user-c"]}, "invalidValue"),
        ({"op": "add", "path": "members", "value": [{"display": "C"}]}, "invalidValue"),
        ({"op": "replace", "path": 'members[value eq "user-a"]', "value": {}}, "mutability"),
    ],
)
def test_what_is_no_member_is_refused(operation: dict[str, object], kind: str) -> None:
    with pytest.raises(ScimError) as refusal:
        members(operation)
    assert refusal.value.kind == kind


@pytest.mark.parametrize(
    "message",
    [
        {},
        [],
        {"Operations": [{"op": "remove", "path": "active"}]},
        patch(),
        {"schemas": patch()["schemas"], "Operations": ["remove"]},
        patch(*[{"op": "remove", "path": "displayName"}] * (MOST_OPERATIONS + 1)),
    ],
)
def test_what_is_no_patch_is_refused(message: object) -> None:
    with pytest.raises(ScimError) as refusal:
        apply_patch(ANN, message, writable=PERSON_ATTRIBUTES)
    assert refusal.value.kind == "invalidSyntax"
