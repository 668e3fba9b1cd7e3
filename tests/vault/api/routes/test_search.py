"""POST /v1/search."""

from starlette.testclient import TestClient

from tests.vault.api.conftest import ScriptedSearches


def test_a_search_is_what_the_service_found(
    client: TestClient, ana: dict[str, str], searches: ScriptedSearches
) -> None:
    response = client.post("/v1/search", json={"query": "leave", "limit": 3}, headers=ana)
    assert response.status_code == 200
    assert response.json() == {
        "query": "leave",
        "hits": [],
        "run_id": "run-2",
        "ledger": {"index": 0, "size": 1},
    }
    assert searches.asked == [("leave", 3)]
