"""/scim/v2/Users."""

from starlette.testclient import TestClient

from tests.vault.api.conftest import TokenFor
from tests.vault.api.scim.conftest import USERS, patch
from vault.bootstrap import Vault
from vault.domain.labels import Classification, Label

INACTIVE = patch({"op": "replace", "path": "active", "value": False})


def test_a_person_is_added_shown_changed_and_removed(idp: TestClient, vault: Vault) -> None:
    added = idp.post(USERS, json={"userName": "dan@x.org", "name": {"givenName": "Dan"}})
    assert added.status_code == 201
    assert added.headers["content-type"] == "application/scim+json"
    address = added.headers["location"]
    assert address == added.json()["meta"]["location"]
    assert idp.get(address).json() == added.json()
    found = vault.authenticator.subject("dan@x.org").actor
    assert found.clearance == Label(Classification.PUBLIC)
    changed = idp.put(address, json={"userName": "dan", "displayName": "Dan D."})
    assert (changed.status_code, changed.json()["id"]) == (200, "user-dan@x.org")
    assert idp.delete(address).status_code == 204
    assert idp.get(address).status_code == 404
    assert idp.delete(address).status_code == 404


def test_a_token_ends_with_the_request_that_makes_its_person_inactive(
    idp: TestClient, client: TestClient, token_for: TokenFor
) -> None:
    ana = token_for("ana")
    assert client.get("/v1/credential", headers=ana).status_code == 200
    assert idp.patch(f"{USERS}/user-ana", json=INACTIVE).json()["active"] is False
    assert client.get("/v1/credential", headers=ana).status_code == 401
    active = patch({"op": "replace", "value": {"active": "True"}})
    assert idp.patch(f"{USERS}/user-ana", json=active).json()["active"] is True
    assert client.get("/v1/credential", headers=ana).status_code == 401


def test_a_directory_cannot_clear_anyone(idp: TestClient, vault: Vault) -> None:
    before = vault.authenticator.subject("olga").actor
    body = {
        "userName": "olga",
        "clearance": "public",
        "classification": 3,
        "compartments": ["deal"],
        "kind": "service",
    }
    assert idp.put(f"{USERS}/user-olga", json=body).status_code == 200
    added = idp.post(USERS, json=body | {"userName": "eve"}).json()
    assert vault.authenticator.subject("olga").actor == before
    eve = vault.authenticator.subject(added["id"].removeprefix("user-")).actor
    assert eve.clearance == Label(Classification.PUBLIC)


def test_what_is_no_person_is_not_there(idp: TestClient) -> None:
    for identifier in ("user-idp", "idp", "group-staff", "user-"):
        assert idp.get(f"{USERS}/{identifier}").status_code == 404
        assert idp.patch(f"{USERS}/{identifier}", json=INACTIVE).status_code == 404
        assert idp.put(f"{USERS}/{identifier}", json={"userName": "x"}).status_code == 404
