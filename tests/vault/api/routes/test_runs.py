"""/v1/runs: agents at work, and the proof of any run."""

import uuid
from pathlib import Path

from starlette.testclient import TestClient

from tests.vault.api.conftest import TokenFor
from tests.vault.api.routes.agents_at_work import office
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


def test_a_run_starts_and_is_shown_to_its_person_and_to_nobody_else(tmp_path: Path) -> None:
    with office(tmp_path) as found:
        started = found.start()
        assert started["state"] == "awaiting_approval"
        path = f"/v1/runs/{started['run_id']}"
        shown = found.client.get(path, headers=found.headers("ana")).json()
        assert shown["calls"][0]["content"] == {"value": "5"}
        assert shown["for"] == "ana"
        listed = found.client.get("/v1/runs", headers=found.headers("ana")).json()["runs"]
        assert [each["run_id"] for each in listed] == [started["run_id"]]
        assert found.client.get("/v1/runs", headers=found.headers("bo")).json() == {"runs": []}
        assert found.client.get(path, headers=found.headers("bo")).status_code == 404


def test_a_file_of_a_run_is_downloaded_and_the_run_is_proved(tmp_path: Path) -> None:
    with office(tmp_path) as found:
        run_id = found.start()["run_id"]
        ana, client = found.headers("ana"), found.client
        (file,) = client.get(f"/v1/runs/{run_id}", headers=ana).json()["artifacts"]
        response = client.get(f"/v1/runs/{run_id}/artifacts/{file['digest']}", headers=ana)
        assert response.content == b"the sum is known"
        assert response.headers["content-disposition"] == "attachment"
        bundle = client.get(f"/v1/runs/{run_id}/proof", headers=ana).content
        assert verify_bundle(bundle, [found.vault.signer.key.vkey]).pinned


def test_a_run_is_stopped_with_a_reason_and_then_stays_as_it_is(tmp_path: Path) -> None:
    with office(tmp_path) as found:
        path, ana = f"/v1/runs/{found.start()['run_id']}", found.headers("ana")
        body = {"reason": "never mind"}
        stopped = found.client.post(f"{path}/cancel", json=body, headers=ana)
        assert stopped.json()["state"] == "cancelled"
        assert found.client.post(f"{path}/cancel", json=body, headers=ana).status_code == 409
        resumed = found.client.post(f"{path}/resume", headers=ana).json()
        assert resumed["state"] == "cancelled"
        settled = {"reason": "I looked", "outcome": "failed"}
        olga = found.headers("olga")
        assert found.client.post(f"{path}/resolve", json=settled, headers=olga).status_code == 409


def test_what_does_not_exist_or_does_not_fit_does_not_start(tmp_path: Path) -> None:
    with office(tmp_path) as found:
        ana = found.headers("ana")
        for body, status in (
            ({"agent": "nobody", "input": "x"}, 404),
            ({"agent": "clerk", "input": ""}, 422),
            ({"agent": "clerk", "input": "x", "more": 1}, 422),
        ):
            assert found.client.post("/v1/runs", json=body, headers=ana).status_code == status
