"""Every response says what a browser may do with it."""

import pytest
from starlette.testclient import TestClient

from vault.api.headers import HEADERS


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/static/page.css", 200),
        ("/healthz", 200),
        ("/openapi.json", 200),
        ("/v1/documents", 401),
        ("/nothing", 404),
        ("/readyz", 503),
    ],
)
def test_every_response_carries_the_headers(client: TestClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert HEADERS.items() <= {name: response.headers.get(name.lower()) for name in HEADERS}.items()
    assert "server" not in response.headers


def test_the_policy_lets_nothing_in_from_elsewhere(client: TestClient) -> None:
    rules = dict(
        rule.split(" ", 1)
        for rule in client.get("/").headers["content-security-policy"].split("; ")
    )
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert set(" ".join(rules.values()).split()) == {"'none'", "'self'", "data:"}


def test_what_is_refused_by_name_carries_the_headers_too(client: TestClient) -> None:
    response = client.get("/", headers={"Host": "rebound.example"})
    assert response.status_code == 421
    assert response.headers["cache-control"] == "no-store"
