"""The API shows what may be called, and not how it is reached."""

import pytest
from starlette.testclient import TestClient

from tests.vault.api.conftest import TokenFor
from vault.bootstrap import Vault
from vault.domain.identity import Scope
from vault.orchestrate.toolbox.toolbox import SHIPPED


@pytest.fixture
def reader(vault: Vault, token_for: TokenFor) -> dict[str, str]:
    vault.tool_desk.apply(SHIPPED["calculator"].owned_by("olga"), None)
    vault.tool_desk.apply(SHIPPED["search"].owned_by("olga"), None)
    if not vault.tool_desk.callable_now():
        vault.tool_desk.approve("calculator", None)
    return token_for("ana", Scope.TOOL_READ)


def test_what_is_approved_is_listed(client: TestClient, reader: dict[str, str]) -> None:
    (found,) = client.get("/v1/tools", headers=reader).json()["tools"]
    assert (found["name"], found["reversibility"]) == ("calculator", "read")
    assert client.get("/v1/tools/calculator", headers=reader).json() == found
    assert "binding" not in found


def test_what_may_not_be_called_does_not_exist(client: TestClient, reader: dict[str, str]) -> None:
    for name in ("search", "none"):
        response = client.get(f"/v1/tools/{name}", headers=reader)
        assert response.status_code == 404
        assert response.json()["detail"] == "there is no such tool"


def test_a_credential_without_the_scope_sees_nothing(
    client: TestClient, token_for: TokenFor
) -> None:
    others = token_for("ana", *(set(Scope) - {Scope.TOOL_READ}))
    assert client.get("/v1/tools", headers=others).status_code == 403
