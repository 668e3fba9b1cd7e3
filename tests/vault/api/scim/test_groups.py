"""/scim/v2/Groups."""

from starlette.testclient import TestClient

from tests.vault.api.scim.conftest import GROUPS, USERS, patch
from vault.bootstrap import Vault


def groups_of(vault: Vault, name: str) -> frozenset[str]:
    return vault.authenticator.subject(name).actor.groups


def test_a_group_is_added_shown_changed_and_removed(idp: TestClient, vault: Vault) -> None:
    body = {"displayName": "Audit Team", "members": [{"value": "user-bo"}]}
    added = idp.post(GROUPS, json=body)
    assert (added.status_code, added.json()["id"]) == (201, "group-Audit-Team")
    address = added.headers["location"]
    assert idp.get(address).json() == added.json()
    assert "Audit-Team" in groups_of(vault, "bo")
    add = patch({"op": "add", "path": "members", "value": [{"value": "group-staff"}]})
    assert len(idp.patch(address, json=add).json()["members"]) == 2
    assert "Audit-Team" in groups_of(vault, "ana")
    assert idp.put(address, json={"displayName": "Audit"}).json().get("members") is None
    assert "Audit-Team" not in groups_of(vault, "bo")
    assert idp.delete(address).status_code == 204
    assert idp.get(address).status_code == 404


def test_a_person_taken_out_of_a_group_is_out_at_once(idp: TestClient, vault: Vault) -> None:
    assert "board" in groups_of(vault, "cleo")
    remove = patch({"op": "remove", "path": 'members[value eq "user-cleo"]'})
    assert idp.patch(f"{GROUPS}/group-board", json=remove).status_code == 200
    assert "board" not in groups_of(vault, "cleo")
    assert "groups" not in idp.get(f"{USERS}/user-cleo").json()


def test_a_member_that_is_not_there_changes_nothing(idp: TestClient, vault: Vault) -> None:
    add = patch(
        {"op": "add", "path": "members", "value": [{"value": "user-bo"}, {"value": "user-no"}]}
    )
    response = idp.patch(f"{GROUPS}/group-staff", json=add)
    assert (response.status_code, response.json()["scimType"]) == (400, "invalidValue")
    assert "staff" not in groups_of(vault, "bo")


def test_groups_are_found_by_name_and_by_member(idp: TestClient) -> None:
    for text in ('displayName eq "staff"', 'displayName eq "staff" and members eq "user-ana"'):
        found = idp.get(GROUPS, params={"filter": text}).json()
        assert [resource["id"] for resource in found["Resources"]] == ["group-staff"]
    found = idp.post(f"{GROUPS}/.search", json={"filter": 'members eq "user-bo"'}).json()
    assert found["totalResults"] == 0


def test_the_group_of_everyone_and_a_taken_name_are_refused(idp: TestClient) -> None:
    assert idp.get(f"{GROUPS}/group-everyone").status_code == 404
    assert idp.post(GROUPS, json={"displayName": "Staff"}).status_code == 409
    assert idp.put(f"{GROUPS}/group-board", json={"displayName": ""}).status_code == 400
