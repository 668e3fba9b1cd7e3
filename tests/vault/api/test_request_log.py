"""The log names the route and the outcome, and nothing a person wrote."""

import logging

import pytest
from starlette.testclient import TestClient

from tests.vault.api.conftest import Kept


def lines(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [found for found in caplog.records if found.getMessage() == "http_request"]


def test_each_request_is_one_line_with_its_id(
    client: TestClient, ana: dict[str, str], kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="vault"):
        response = client.get(f"/v1/documents/{kept.leave}", headers=ana)
    (line,) = lines(caplog)
    assert vars(line)["request_id"] == response.headers["x-request-id"]
    assert vars(line)["route"] == "/v1/documents/{document_id}"
    assert vars(line)["method"] == "GET"
    assert vars(line)["status"] == 200


def test_no_question_address_or_token_reaches_the_log(
    client: TestClient, ana: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    token = ana["Authorization"].removeprefix("Bearer ")
    with caplog.at_level(logging.DEBUG, logger="vault"):
        client.post("/v1/answers", json={"question": "What of Halyard?"}, headers=ana)
        client.post("/v1/search", json={"query": "Halyard", "secret": "Halyard"}, headers=ana)
        client.get(f"/nowhere/Halyard?token={token}", headers=ana)
        client.post("/ask", data={"token": token, "question": "What of Halyard?"})
    assert len(lines(caplog)) == 4
    written = " ".join(str(vars(found)) for found in caplog.records)
    assert "Halyard" not in written
    assert token not in written
