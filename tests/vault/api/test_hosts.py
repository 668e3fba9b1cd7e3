"""A vault on loopback answers only to its own names."""

import pytest
from starlette.testclient import TestClient

from tests.vault.api.conftest import ADDRESS
from vault.api.app import create_app
from vault.api.hosts import is_loopback, names_of
from vault.bootstrap import Vault


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "LocalHost:1", "[::1]:8080"])
def test_loopback_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1.rebound.example:8080", "", "[::2]"])
def test_a_name_that_was_made_to_resolve_here_is_refused(client: TestClient, host: str) -> None:
    response = client.get("/healthz", headers={"Host": host})
    assert response.status_code == 421
    assert response.json()["type"] == "about:blank"


def test_a_proxy_is_answered_by_the_name_its_operator_listed(vault: Vault) -> None:
    app = create_app(vault, names=names_of("127.0.0.1", ["Vault.Office.Example"]))
    client = TestClient(app, base_url=ADDRESS)
    assert client.get("/healthz", headers={"Host": "vault.office.example"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "other.office.example"}).status_code == 421


def test_an_address_that_others_reach_is_answered_by_any_name(vault: Vault) -> None:
    client = TestClient(create_app(vault, names=names_of("0.0.0.0")), base_url=ADDRESS)  # noqa: S104
    assert client.get("/healthz", headers={"Host": "any.example"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("192.0.2.7", False),
        ("localhost.example", False),
    ],
)
def test_loopback_is_told_from_the_rest(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
