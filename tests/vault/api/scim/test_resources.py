"""What a person or group is to the vault and to a directory is the same."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from vault.api.scim.failures import ScimError
from vault.api.scim.resources import (
    group_form,
    group_resource,
    local_id,
    person_form,
    person_resource,
    selected,
)
from vault.domain.provisioning import Group, GroupForm, Person, PersonForm

BASE = "https://vault.example/scim/v2"
THEN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ANN = Person("ann", PersonForm("ann@x.org", "Ann", "7", active=False), THEN, THEN, ("staff",))
STAFF = Group("staff", GroupForm("Staff", None, ("group:board", "user:ann")), THEN, THEN)


def test_a_person_is_told_and_read_back() -> None:
    resource = person_resource(ANN, BASE)
    assert resource["id"] == "user-ann"
    assert resource["groups"][0]["$ref"] == f"{BASE}/Groups/group-staff"
    assert resource["meta"]["location"] == f"{BASE}/Users/user-ann"
    assert resource["meta"]["created"] == "2026-11-22T09:00:00.000Z"
    assert person_form(resource) == ANN.form


def test_a_group_is_told_and_read_back() -> None:
    resource = group_resource(STAFF, BASE)
    assert [(found["value"], found["type"]) for found in resource["members"]] == [
        ("group-board", "Group"),
        ("user-ann", "User"),
    ]
    assert group_form(resource) == STAFF.form


def test_the_version_changes_with_what_is_told_and_with_nothing_else() -> None:
    def version(person: Person) -> str:
        return str(person_resource(person, BASE)["meta"]["version"])

    later = datetime(2026, 11, 23, tzinfo=UTC)
    assert version(replace(ANN, modified_at=later)) == version(ANN)
    assert version(replace(ANN, groups=())) != version(ANN)
    assert version(replace(ANN, form=replace(ANN.form, active=True))) != version(ANN)


def test_whoever_is_inactive_stays_so_until_it_is_said_otherwise() -> None:
    assert person_form({"userName": "ann"}).active
    assert not person_form({"userName": "ann"}, before=ANN.form).active
    assert person_form({"userName": "ann", "active": "True"}, before=ANN.form).active


def test_names_of_attributes_have_no_case() -> None:
    assert person_form({"USERNAME": "ann", "Displayname": "A"}) == PersonForm("ann", "A")


@pytest.mark.parametrize(
    "body",
    [
        {"displayName": 7},
        {"displayName": "x" * 1000},
        {"displayName": "A", "members": {}},
        {"displayName": "A", "members": ["user-ann"]},
        {"displayName": "A", "members": [{"value": "ann"}]},
        {"displayName": "A", "members": [{"display": "Ann"}]},
    ],
)
def test_a_group_of_another_form_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ScimError):
        group_form(body)


def test_a_request_sees_what_it_asks_for() -> None:
    resource = person_resource(ANN, BASE)
    assert selected(resource, attributes="userName, groups.value", excluded=None).keys() == {
        "schemas",
        "id",
        "userName",
        "groups",
    }
    urn = "urn:ietf:params:scim:schemas:core:2.0:User:"
    left = selected(resource, attributes=None, excluded=f"{urn}active,id")
    assert left.keys() == resource.keys() - {"active"}


def test_an_id_of_another_kind_is_of_nothing() -> None:
    assert local_id("user-ann", "user-") == "ann"
    with pytest.raises(ScimError):
        local_id("group-ann", "user-")
