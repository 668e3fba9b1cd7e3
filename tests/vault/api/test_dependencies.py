"""A request acts as whoever its token stands for, and only as far as that token goes."""

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from tests.vault.api.conftest import TokenFor
from vault.authenticate import Authenticator
from vault.bootstrap import Vault
from vault.domain.identity import READER_SCOPES, Scope

VIEW = "sha256:" + "0" * 64
CALLS = [
    ("POST", "/v1/search", {"query": "leave"}, Scope.DOCUMENT_SEARCH),
    ("POST", "/v1/answers", {"question": "leave?"}, Scope.ANSWER_CREATE),
    ("GET", "/v1/documents", None, Scope.DOCUMENT_READ),
    ("GET", "/v1/documents/none", None, Scope.DOCUMENT_READ),
    ("GET", "/v1/documents/none/text", None, Scope.DOCUMENT_READ),
    ("GET", "/v1/documents/none/revisions", None, Scope.DOCUMENT_READ),
    ("GET", "/v1/runs/none/proof", None, Scope.LEDGER_READ),
    ("GET", "/v1/ledger/checkpoint", None, Scope.LEDGER_READ),
    ("GET", "/v1/sources", None, Scope.SOURCE_READ),
    ("GET", "/v1/agents", None, Scope.AGENT_READ),
    ("GET", "/v1/agents/none", None, Scope.AGENT_READ),
    ("GET", "/v1/runs", None, Scope.RUN_READ),
    ("GET", "/v1/runs/none", None, Scope.RUN_READ),
    ("GET", "/v1/runs/none/artifacts/none", None, Scope.RUN_READ),
    ("POST", "/v1/runs", {"agent": "none", "input": "x"}, Scope.RUN_START),
    ("POST", "/v1/runs/none/resume", None, Scope.RUN_START),
    ("POST", "/v1/runs/none/cancel", {"reason": "x"}, Scope.RUN_START),
    ("POST", "/v1/runs/none/resolve", {"reason": "x", "outcome": "failed"}, Scope.RUN_START),
    ("GET", "/v1/approvals", None, Scope.APPROVAL_DECIDE),
    ("GET", "/v1/approvals/none", None, Scope.APPROVAL_DECIDE),
    ("POST", "/v1/approvals/none/grant", {"view_digest": VIEW}, Scope.APPROVAL_DECIDE),
    ("POST", "/v1/approvals/none/refuse", {"view_digest": VIEW}, Scope.APPROVAL_DECIDE),
]
IDS = [f"{method} {path}" for method, path, _, _ in CALLS]


@pytest.mark.parametrize(("method", "path", "body", "scope"), CALLS, ids=IDS)
def test_a_call_needs_its_own_scope_and_no_other(
    client: TestClient,
    token_for: TokenFor,
    method: str,
    path: str,
    body: dict[str, str] | None,
    scope: Scope,
) -> None:
    others = token_for("ana", *(set(Scope) - {scope}))
    alone = token_for("ana", scope)
    refused = client.request(method, path, json=body, headers=others)
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/access-denied"
    assert client.request(method, path, json=body, headers=alone).status_code in {200, 404}


def test_a_token_that_ended_opens_nothing(client: TestClient, vault: Vault) -> None:
    past = Authenticator(vault.store, now=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    token, _ = past.issue("ana", scopes=READER_SCOPES, ttl=timedelta(hours=1))
    response = client.get("/v1/documents", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 401


def test_a_revoked_token_opens_nothing_from_then_on(
    client: TestClient, vault: Vault, ana: dict[str, str]
) -> None:
    assert client.get("/v1/documents", headers=ana).status_code == 200
    vault.authenticator.revoke(ana["Authorization"].removeprefix("Bearer "))
    assert client.get("/v1/documents", headers=ana).status_code == 401


@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Bearer x", "Basic YW5hOmFuYQ==", "Bearer srm_0_\u00e9", "Token ana"]
)
def test_anything_but_a_live_bearer_token_opens_nothing(client: TestClient, sent: str) -> None:
    headers = {b"Authorization": sent.encode("latin-1")}
    response = client.get("/v1/documents", headers=headers)
    assert response.status_code == 401
    assert response.json()["type"] == "/problems/unauthenticated"


def test_a_token_in_the_address_is_not_read(client: TestClient, ana: dict[str, str]) -> None:
    token = ana["Authorization"].removeprefix("Bearer ")
    assert client.get(f"/v1/documents?access_token={token}").status_code == 401
