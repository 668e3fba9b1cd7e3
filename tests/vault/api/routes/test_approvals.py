"""/v1/approvals: the exact act, and a decision bound to it."""

from pathlib import Path

from tests.vault.api.routes.agents_at_work import office
from vault.domain.approvals import digest_of_view


def test_a_person_looks_and_grants_and_the_run_goes_on(tmp_path: Path) -> None:
    with office(tmp_path) as found:
        run_id = found.start()["run_id"]
        olga, client = found.headers("olga"), found.client
        (waiting,) = client.get("/v1/approvals", headers=olga).json()["approvals"]
        path = f"/v1/approvals/{waiting['approval_id']}"
        shown = client.get(path, headers=olga).json()
        assert digest_of_view(shown["view"].encode()) == shown["view_digest"]
        other = {"view_digest": "sha256:" + "0" * 64}
        assert client.post(f"{path}/grant", json=other, headers=olga).status_code == 409
        seen = {"view_digest": shown["view_digest"]}
        granted = client.post(f"{path}/grant", json=seen, headers=olga)
        assert granted.json()["state"] == "granted"
        assert client.post(f"{path}/refuse", json=seen, headers=olga).status_code == 409
        found.vault.run_pool.submit(run_id, seconds=60)
        after = client.get(f"/v1/runs/{run_id}", headers=found.headers("ana")).json()
        assert (after["state"], after["result"]) == ("succeeded", {"ticket": 1})


def test_the_one_it_is_for_neither_sees_nor_decides_it(tmp_path: Path) -> None:
    with office(tmp_path) as found:
        found.start()
        (waiting,) = found.vault.approvals.waiting(None)
        ana, path = found.headers("ana"), f"/v1/approvals/{waiting.id}"
        assert found.client.get("/v1/approvals", headers=ana).json() == {"approvals": []}
        assert found.client.get(path, headers=ana).status_code == 404
        body = {"view_digest": waiting.view_digest}
        assert found.client.post(f"{path}/grant", json=body, headers=ana).status_code == 404


def test_a_refusal_ends_the_run(tmp_path: Path) -> None:
    with office(tmp_path) as found:
        run_id = found.start()["run_id"]
        (waiting,) = found.vault.approvals.waiting(None)
        response = found.client.post(
            f"/v1/approvals/{waiting.id}/refuse",
            json={"view_digest": waiting.view_digest},
            headers=found.headers("olga"),
        )
        assert response.json()["state"] == "refused"
        found.vault.run_pool.submit(run_id, seconds=60)
        shown = found.client.get(f"/v1/runs/{run_id}", headers=found.headers("ana")).json()
        assert shown["state"] == "failed"
        assert "a person refused the act" in shown["reason"]
