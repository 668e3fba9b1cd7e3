"""The application as a whole: nobody gets in without a credential, and nothing leads outside."""

from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient

from tests.vault.api.conftest import ADDRESS
from vault.api.app import create_app
from vault.api.dependencies import Permitted, current_credential
from vault.bootstrap import Vault

OPEN = {"/healthz", "/readyz", "/problems", "/problems/{slug}", "/openapi.json", "/static"}
PAGE = {
    "/": "holds nothing that needs a credential",
    "/ask": "its form carries the token",
    "/sign-in": "begins what leads to a credential",
    "/sign-in/callback": "takes the issuer's word for one",
    "/sign-out": "ends the session that comes with it",
}
OWN = {"/v1/credential": "tells a caller of its own credential, whatever that permits"}


def calls(dependant: Dependant) -> Iterator[object]:
    """Yield everything a route calls before itself."""
    for found in dependant.dependencies:
        yield found.call
        yield from calls(found)


def test_no_route_answers_without_a_credential_but_those_that_are_listed(vault: Vault) -> None:
    seen = set()
    for found in iter_route_contexts(create_app(vault).routes):
        seen.add(found.path)
        if found.path in OPEN | set(PAGE):
            continue
        assert isinstance(found.route, APIRoute), found.path
        called = list(calls(found.route.dependant))
        assert current_credential in called, found.path
        scoped = any(isinstance(each, Permitted) for each in called)
        assert scoped != (found.path in OWN), found.path
    assert seen >= OPEN | set(PAGE) | set(OWN) | {"/v1/search", "/v1/answers"}


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect", "/v1/search/"])
def test_there_is_no_page_from_elsewhere_and_no_redirect(client: TestClient, path: str) -> None:
    assert client.get(path, follow_redirects=False).status_code == 404


def test_other_origins_are_given_nothing(client: TestClient, ana: dict[str, str]) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    preflight = client.options("/v1/answers", headers=asked)
    answer = client.get("/v1/documents", headers=ana | asked)
    assert preflight.status_code == 405
    for response in (preflight, answer):
        assert not [name for name in response.headers if name.startswith("access-control")]


def test_the_environment_cannot_turn_on_an_export_of_requests(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_SDK_DISABLED", "false")
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    with TestClient(create_app(vault), base_url=ADDRESS) as client:
        assert client.get("/healthz").status_code == 200
    assert not [found for found in caplog.records if found.name.startswith("fastapi")]
