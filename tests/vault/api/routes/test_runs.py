"""GET /v1/runs/{id}/proof."""

import uuid

from starlette.testclient import TestClient

from tests.vault.api.conftest import TokenFor
from vault.bootstrap import Vault
from vault.ledger.runbook import Outcome
from vault.ledger.verifier import verify_bundle


def run_of(vault: Vault, principal: str) -> str:
    run = vault.runs.begin("answer", vault.authenticator.subject(principal), "leave?", facts={})
    vault.runs.finish(run, Outcome({"text": "25 days"}))
    return run.id


def test_whoever_ran_it_gets_a_proof_that_verifies_offline(
    client: TestClient, vault: Vault, ana: dict[str, str]
) -> None:
    response = client.get(f"/v1/runs/{run_of(vault, 'ana')}/proof", headers=ana)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/vnd.strongroom.proof+json"
    assert verify_bundle(response.content, [vault.signer.key.vkey]).pinned


def test_for_anyone_else_there_is_no_such_run(
    client: TestClient, vault: Vault, token_for: TokenFor
) -> None:
    olga = token_for("olga")

    def answer(run_id: str) -> tuple[int, bytes]:
        response = client.get(f"/v1/runs/{run_id}/proof", headers=olga)
        return response.status_code, response.content.replace(run_id.encode(), b"ID")

    assert answer(run_of(vault, "ana")) == answer(str(uuid.uuid4()))
    assert answer(run_of(vault, "olga"))[0] == 200
