"""GET /v1/credential."""

from starlette.testclient import TestClient

from tests.vault.api.conftest import TokenFor
from vault.domain.identity import Scope


def test_any_live_token_learns_what_it_stands_for(client: TestClient, token_for: TokenFor) -> None:
    form = client.get("/v1/credential", headers=token_for("ana", Scope.LEDGER_READ)).json()
    assert form["principal"] == "ana"
    assert form["clearance"] == {"classification": "internal", "compartments": []}
    assert form["scopes"] == ["ledger:read"]
    assert form["expires_at"].endswith("Z")
