"""POST /v1/search."""

from datetime import UTC, datetime

from starlette.testclient import TestClient

from tests.vault.api.conftest import ScriptedSearches
from vault.domain.errors import NotFoundError
from vault.domain.labels import Classification
from vault.domain.questions import PLAIN, EarlierTurn, Filters, Rerank, SearchOptions


def test_a_search_is_what_the_service_found(
    client: TestClient, ana: dict[str, str], searches: ScriptedSearches
) -> None:
    response = client.post("/v1/search", json={"query": "leave", "limit": 3}, headers=ana)
    assert response.status_code == 200
    assert response.json() == {
        "query": "leave",
        "at": None,
        "understood": None,
        "spelling": [],
        "rewritten": None,
        "hits": [],
        "run_id": "run-2",
        "ledger": {"index": 0, "size": 1},
    }
    assert searches.asked == [("leave", 3)]
    assert searches.options == [PLAIN]


def test_everything_a_search_may_say_reaches_the_service(
    client: TestClient, ana: dict[str, str], searches: ScriptedSearches
) -> None:
    body = {
        "query": "leave",
        "filters": {
            "source": "shelf",
            "collection": "rules",
            "type": "pdf",
            "classification_at_most": "internal",
            "owner": "olga",
            "language": "en",
            "modified_after": "2025-03-01",
            "modified_before": "2026-03-01T01:00:00+01:00",
            "fresh_only": True,
        },
        "conversation": [{"question": "How much leave?", "run_id": "run-1"}],
        "interpret": False,
        "rerank": "maxsim",
        "exact": True,
        "explain": True,
        "context": 2,
        "at": "2026-01-01",
        "expired": True,
    }
    assert client.post("/v1/search", json=body, headers=ana).status_code == 200
    filters = Filters(
        source="shelf",
        collection="rules",
        type="pdf",
        classification_at_most=Classification.INTERNAL,
        owner="olga",
        language="en",
        modified_after=datetime(2025, 3, 1, tzinfo=UTC),
        modified_before=datetime(2026, 3, 1, tzinfo=UTC),
        fresh_only=True,
    )
    assert searches.options == [
        SearchOptions(
            filters=filters,
            conversation=(EarlierTurn("How much leave?", "run-1"),),
            interpret=False,
            rerank=Rerank.MAXSIM,
            exact=True,
            explain=True,
            context=2,
            at=datetime(2026, 1, 1, tzinfo=UTC),
            expired=True,
        )
    ]


def test_a_run_that_is_not_the_callers_is_not_there(
    client: TestClient, ana: dict[str, str], searches: ScriptedSearches
) -> None:
    searches.failure = NotFoundError("there is no such run")
    response = client.post("/v1/search", json={"query": "and bo?"}, headers=ana)
    assert response.status_code == 404
    assert response.json()["detail"] == "there is no such run"
