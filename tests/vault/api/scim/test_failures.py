"""Failures are told as SCIM errors, with the keyword a client acts on."""

import pytest
from starlette.testclient import TestClient

from tests.vault.api.conftest import TokenFor
from tests.vault.api.scim.conftest import USERS
from vault.domain.identity import READER_SCOPES, Scope

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def test_nobody_gets_in_without_a_token(client: TestClient) -> None:
    response = client.get(USERS)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["content-type"] == "application/scim+json"
    assert response.json()["schemas"] == [ERROR]


@pytest.mark.parametrize("scope", sorted(set(Scope) - {Scope.DIRECTORY_WRITE}))
def test_no_other_scope_lets_anyone_see_or_change_the_directory(
    scope: Scope, client: TestClient, token_for: TokenFor
) -> None:
    headers = token_for("olga", scope)
    for method, path in (
        ("GET", USERS),
        ("POST", USERS),
        ("GET", f"{USERS}/user-ana"),
        ("PATCH", f"{USERS}/user-ana"),
        ("DELETE", "/scim/v2/Groups/group-staff"),
        ("GET", "/scim/v2/Schemas"),
        ("GET", "/scim/v2/nothing"),
    ):
        assert client.request(method, path, headers=headers, json={}).status_code == 403


def test_a_reader_s_token_never_changes_the_directory() -> None:
    assert Scope.DIRECTORY_WRITE not in READER_SCOPES


def test_a_name_that_is_taken_is_a_conflict(idp: TestClient) -> None:
    response = idp.post(USERS, json={"userName": "ANA"})
    assert response.status_code == 409
    assert response.json() == {
        "schemas": [ERROR],
        "status": "409",
        "scimType": "uniqueness",
        "detail": "another person has this sign-in name",
    }


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        pytest.param(f"{USERS}/user-nobody", 404, None, id="no such person"),
        pytest.param(f"{USERS}/group-staff", 404, None, id="a group is no person"),
        pytest.param(f"{USERS}?count=many", 400, "invalidValue", id="no number"),
        pytest.param(f"{USERS}?filter=userName+co+%22a%22", 400, "invalidFilter", id="operator"),
    ],
)
def test_a_failure_has_its_status_and_keyword(
    path: str, status: int, kind: str | None, idp: TestClient
) -> None:
    response = idp.get(path)
    assert response.status_code == status
    assert response.json().get("scimType") == kind
    assert response.json()["status"] == str(status)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b"{", "invalidSyntax", id="no JSON"),
        pytest.param(b"[" * 5000, "invalidSyntax", id="deep"),
        pytest.param(b"[]", "invalidSyntax", id="a list"),
        pytest.param(b"{}", "invalidValue", id="no name"),
        pytest.param(b'{"userName": 7}', "invalidValue", id="a number"),
        pytest.param(b'{"userName": "x", "active": "perhaps"}', "invalidValue", id="no truth"),
    ],
)
def test_a_body_that_is_no_person_is_refused(body: bytes, kind: str, idp: TestClient) -> None:
    response = idp.post(USERS, content=body)
    assert (response.status_code, response.json()["scimType"]) == (400, kind)
