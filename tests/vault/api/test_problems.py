"""Failures are problem details that say what helps and nothing more."""

import logging

import pytest
from starlette.testclient import TestClient

from tests.vault.api.conftest import ScriptedAnswers, ScriptedSearches
from vault.domain.errors import (
    ERRORS,
    LimitExceededError,
    ModelUnavailableError,
    VaultError,
)

MEDIA_TYPE = "application/problem+json"


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.slug)
def test_every_failure_of_the_vault_is_its_problem(
    client: TestClient,
    ana: dict[str, str],
    searches: ScriptedSearches,
    error: type[VaultError],
) -> None:
    searches.failure = error("what happened")
    response = client.post("/v1/search", json={"query": "leave"}, headers=ana)
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.status_code == error.status
    assert response.json() == {
        "type": f"/problems/{error.slug}",
        "title": error.title,
        "status": error.status,
        "detail": "what happened",
        "instance": "/v1/search",
    }


def test_what_was_not_foreseen_says_nothing_but_its_id(
    client: TestClient,
    ana: dict[str, str],
    searches: ScriptedSearches,
    caplog: pytest.LogCaptureFixture,
) -> None:
    searches.failure = KeyError("a secret of the vault")
    with caplog.at_level(logging.INFO, logger="vault"):
        response = client.post("/v1/search", json={"query": "leave"}, headers=ana)
    assert response.status_code == 500
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.json()["request_id"] == response.headers["x-request-id"]
    assert "secret" not in response.text
    (line,) = [found for found in caplog.records if found.getMessage() == "request_failed"]
    assert vars(line)["error"] == "KeyError"
    assert "secret" not in str(vars(line))


def test_a_body_that_does_not_fit_is_named_by_place_and_never_echoed(
    client: TestClient, ana: dict[str, str]
) -> None:
    sent = {"query": ["hush-hush"], "limit": "hush-hush", "hint/~": "hush-hush"}
    response = client.post("/v1/search", json=sent, headers=ana)
    assert response.status_code == 422
    problem = response.json()
    assert problem["type"] == "/problems/invalid-request"
    assert {found["pointer"] for found in problem["errors"]} == {
        "/query",
        "/limit",
        "/hint~1~0",
    }
    assert "hush-hush" not in response.text


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"query": "\\ud800"}', b"", b"null", b"[]"]
)
def test_a_body_that_is_no_json_object_is_an_invalid_request(
    client: TestClient, ana: dict[str, str], body: bytes
) -> None:
    headers = ana | {"Content-Type": "application/json"}
    response = client.post("/v1/search", content=body, headers=headers)
    assert response.status_code == 422
    assert response.json()["type"] == "/problems/invalid-request"


def test_a_body_of_another_kind_is_an_invalid_request(
    client: TestClient, ana: dict[str, str]
) -> None:
    headers = ana | {"Content-Type": "text/plain"}
    response = client.post("/v1/search", content=b'{"query": "leave"}', headers=headers)
    assert response.status_code == 422


def test_unknown_addresses_and_methods_are_problems_too(client: TestClient) -> None:
    missing, misused = client.get("/v2/search"), client.get("/v1/search")
    assert missing.status_code == 404
    assert missing.json()["type"] == "/problems/not-found"
    assert misused.status_code == 405
    assert misused.json()["type"] == "about:blank"
    assert misused.headers["allow"] == "POST"
    for response in (missing, misused):
        assert response.headers["content-type"] == MEDIA_TYPE


def test_a_missing_credential_is_told_how_to_come_back(client: TestClient) -> None:
    response = client.get("/v1/documents")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("failure", [LimitExceededError("full"), ModelUnavailableError("absent")])
def test_a_passing_failure_says_when_to_come_back(
    client: TestClient, ana: dict[str, str], answers: ScriptedAnswers, failure: VaultError
) -> None:
    answers.script = (failure,)
    response = client.post("/v1/answers", json={"question": "leave?"}, headers=ana)
    assert response.status_code == failure.status
    assert int(response.headers["retry-after"]) > 0
