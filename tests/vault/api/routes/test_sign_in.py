"""Sign-in of the page: where it leads, whose session counts, and how one ends."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from tests.vault.api.conftest import ADDRESS
from tests.vault.federate.issuing import FIRST, URL, WiredIssuer, claims, key_set, signed
from tests.vault.federate.servers.oidc import CLIENT
from tests.vault.federate.signing import CREDENTIAL, client_of, home_with
from vault.api.dependencies import SESSION_COOKIE
from vault.bootstrap import Vault


@pytest.fixture(scope="module")
def shut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """A home whose issuer nobody runs."""
    folder = tmp_path_factory.mktemp("shut")
    with home_with(folder, "http://127.0.0.1:9") as vault:
        yield vault


def test_without_an_issuer_there_is_no_sign_in(client: TestClient) -> None:
    assert "/sign-in" not in client.get("/").text
    assert client.get("/sign-in").status_code == 404
    assert client.get("/sign-in/callback").status_code == 404
    assert client.post("/sign-out", follow_redirects=False).status_code == 303


def test_with_one_the_page_leads_there(shut: Vault) -> None:
    assert 'href="/sign-in"' in client_of(shut).get("/").text


def test_an_answer_that_was_not_asked_for_starts_nothing(shut: Vault) -> None:
    client = client_of(shut)
    response = client.get("/sign-in/callback", params={"code": "c", "state": "s"})
    assert response.status_code == 401
    assert SESSION_COOKIE not in response.headers.get("set-cookie", "")


def test_a_browser_goes_to_the_issuer_and_comes_back_with_a_session(
    tmp_path: Path,
) -> None:
    with home_with(tmp_path, URL) as home:
        issuer = wired(home)
        client = client_of(home)
        sent = client.get("/sign-in")
        assert sent.status_code == 303
        assert "HttpOnly" in sent.headers["set-cookie"]
        asked = parse_qs(urlsplit(sent.headers["location"]).query)
        told = claims(datetime.now(UTC), aud=CLIENT, nonce=asked["nonce"][0], sub="1")
        issuer.says("/token", {"id_token": signed(told | {"preferred_username": "ANA"})})
        issuer.says("/keys", key_set(FIRST))
        answer = {"code": "c", "state": asked["state"][0]}
        back = client.get("/sign-in/callback", params=answer)
        assert (back.status_code, back.headers["location"]) == (303, "/")
        assert client.get(CREDENTIAL).json()["principal"] == "ana"


def wired(home: Vault) -> WiredIssuer:
    """Let the home's issuer answer inside this process."""
    issuer = WiredIssuer()
    chosen = home.settings.oidc
    assert chosen is not None
    home.__dict__["federation"] = home.federate(chosen, issuer)
    return issuer


def test_an_issuer_that_is_away_is_told_on_the_page(tmp_path: Path) -> None:
    with home_with(tmp_path, URL) as home:
        wired(home).failure = ConnectionRefusedError()
        response = client_of(home).get("/sign-in")
        assert response.status_code == 503
        assert "the issuer does not answer" in response.text


def session_of(vault: Vault, name: str) -> str:
    """Start a session as a sign-in does."""
    assert vault.federation is not None
    found = vault.federation
    person = vault.authenticator.subject(name).actor
    return found.sessions.start(person, frozenset(), found._terms)


def test_a_session_is_asked_for_by_this_page_alone(shut: Vault) -> None:
    client = client_of(shut, cookies={SESSION_COOKIE: session_of(shut, "ana")})
    assert client.get(CREDENTIAL).json()["principal"] == "ana"
    own = {"Origin": ADDRESS}
    assert client.get(CREDENTIAL, headers=own).status_code == 200
    assert client.get(CREDENTIAL, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    for foreign in (
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert client.get(CREDENTIAL, headers=foreign).status_code == 401
    assert client.get(CREDENTIAL, headers={"Authorization": "Bearer x"}).status_code == 401


def test_a_session_answers_the_form_of_the_page(shut: Vault) -> None:
    client = client_of(shut, cookies={SESSION_COOKIE: session_of(shut, "ana")})
    foreign = client.post("/ask", data={"question": "x"}, headers={"Origin": "https://e.example"})
    assert foreign.status_code == 401
    assert client.post("/ask", data={"question": ""}).status_code == 422


def test_a_session_ends_when_its_person_signs_out(shut: Vault) -> None:
    sealed = session_of(shut, "ana")
    client = client_of(shut, cookies={SESSION_COOKIE: sealed})
    response = client.post("/sign-out")
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert "Max-Age=0" in response.headers["set-cookie"]
    kept = client_of(shut, cookies={SESSION_COOKIE: sealed})
    assert kept.get(CREDENTIAL).status_code == 401


def test_a_session_is_nothing_to_a_vault_without_an_issuer(client: TestClient, shut: Vault) -> None:
    client.cookies.set(SESSION_COOKIE, session_of(shut, "ana"))
    assert client.get(CREDENTIAL).status_code == 401
