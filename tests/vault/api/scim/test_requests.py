"""Pages, versions and searches."""

import pytest
from starlette.testclient import TestClient

from tests.vault.api.scim.conftest import USERS, patch
from vault.api.scim.requests import Condition

VERSION = 'W/"abc"'


@pytest.mark.parametrize("header", ['W/"abc"', '"abc"', "*", 'W/"x", W/"abc"', None])
def test_a_version_that_is_known_or_not_asked_for_passes(header: str | None) -> None:
    assert Condition(header, None).require(VERSION) is None


def test_a_list_is_told_a_page_at_a_time(idp: TestClient) -> None:
    whole = idp.get(USERS).json()
    assert (whole["totalResults"], whole["itemsPerPage"], whole["startIndex"]) == (4, 4, 1)
    page = idp.get(USERS, params={"startIndex": 2, "count": 2}).json()
    assert page["totalResults"] == 4
    assert page["Resources"] == whole["Resources"][1:3]
    for count in (0, -3):
        none = idp.get(USERS, params={"count": count}).json()
        assert (none["totalResults"], none["Resources"]) == (4, [])
    assert idp.get(USERS, params={"startIndex": -5, "count": 1}).json()["startIndex"] == 1


def test_a_list_shows_what_is_asked_for(idp: TestClient) -> None:
    found = idp.get(USERS, params={"filter": 'userName eq "BO"', "attributes": "active"}).json()
    assert [resource["id"] for resource in found["Resources"]] == ["user-bo"]
    assert found["Resources"][0].keys() == {"schemas", "id", "active"}


def test_a_search_comes_in_the_body(idp: TestClient) -> None:
    body = {"filter": 'userName eq "bo"', "excludedAttributes": ["active", "meta"], "count": 5}
    for path in (f"{USERS}/.search", "/scim/v2/.search"):
        found = idp.post(path, json=body).json()
        assert [resource["id"] for resource in found["Resources"]] == ["user-bo"]
        assert "active" not in found["Resources"][0]


@pytest.mark.parametrize("body", [{"count": "5"}, {"attributes": 5}, {"filter": 5}])
def test_a_search_of_another_form_is_refused(body: dict[str, object], idp: TestClient) -> None:
    response = idp.post(f"{USERS}/.search", json=body)
    assert (response.status_code, response.json()["scimType"]) == (400, "invalidValue")


def test_a_change_of_a_version_that_is_gone_is_refused(idp: TestClient) -> None:
    path = f"{USERS}/user-cleo"
    first = idp.get(path)
    version = first.headers["etag"]
    assert version == first.json()["meta"]["version"]
    assert idp.get(path, headers={"If-None-Match": version}).status_code == 304
    change = patch({"op": "replace", "path": "displayName", "value": "Cleo C."})
    assert idp.patch(path, json=change, headers={"If-Match": version}).status_code == 200
    assert idp.get(path, headers={"If-None-Match": version}).status_code == 200
    stale = {"If-Match": version}
    body = {"userName": "cleo"}
    for response in (
        idp.patch(path, json=change, headers=stale),
        idp.put(path, json=body, headers=stale),
        idp.delete(path, headers=stale),
    ):
        assert response.status_code == 412
    assert idp.get(path).json()["displayName"] == "Cleo C."
