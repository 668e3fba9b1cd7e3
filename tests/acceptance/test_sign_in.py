"""Sign-in with a real issuer: authorization code, keys that change, and what must not work."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.vault.api.conftest import ADDRESS
from tests.vault.federate.servers.oidc import RunningIssuer, running_issuer, signs_in
from tests.vault.federate.signing import BACK, CREDENTIAL, client_of, home_with
from vault.api.dependencies import SESSION_COOKIE
from vault.api.routes.sign_in import SIGN_IN_COOKIE
from vault.bootstrap import Vault
from vault.domain.identity import Subject
from vault.federate.keys import FRESH, PAUSE
from vault.settings import load

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


class Hands:
    """A clock that goes with the real one until it is put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningIssuer]:
    with running_issuer(tmp_path_factory.mktemp("issuer"), redirect_uri=BACK) as issuer:
        yield issuer


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def signing(issuer: RunningIssuer, hands: Hands, tmp_path: Path) -> Iterator[Vault]:
    home_with(tmp_path, issuer.url).close()
    with Vault.open(tmp_path / "home", load(tmp_path / "home")) as vault:
        vault.now = hands
        yield vault


def back(client: TestClient, who: str) -> str:
    """Sign in at the issuer; return what the browser brings back."""
    sent = client.get("/sign-in")
    assert sent.status_code == 303
    place = signs_in(sent.headers["location"], who, back_to=BACK)
    return place.removeprefix(ADDRESS)


def subject(vault: Vault, client: TestClient) -> Subject:
    assert vault.federation is not None
    return vault.federation.sessions.open(client.cookies[SESSION_COOKIE]).subject


def test_a_person_signs_in_and_out(signing: Vault) -> None:
    client = client_of(signing)
    response = client.get(back(client, "ana"))
    assert (response.status_code, response.headers["location"]) == (303, "/")
    cookie = next(
        value
        for value in response.headers.get_list("set-cookie")
        if value.startswith(SESSION_COOKIE)
    )
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert SIGN_IN_COOKIE not in client.cookies
    assert client.get(CREDENTIAL).json()["principal"] == "ana"
    assert subject(signing, client).actor.groups == {"everyone", "staff", "board"}
    assert client.post("/sign-out").status_code == 303
    assert client.get(CREDENTIAL).status_code == 401


def test_a_person_who_is_not_known_here_starts_nothing(signing: Vault) -> None:
    client = client_of(signing)
    response = client.get(back(client, "nemo"))
    assert response.status_code == 401
    assert SESSION_COOKIE not in client.cookies


def test_a_code_counts_once_and_for_the_browser_that_asked(signing: Vault) -> None:
    first, other = client_of(signing), client_of(signing)
    brought = back(first, "ana")
    other.get("/sign-in")
    assert other.get(brought).status_code == 401
    assert first.get(brought).status_code == 303
    assert first.get(brought).status_code == 401


def test_its_tokens_count_until_they_end_or_their_key_is_withdrawn(
    signing: Vault, issuer: RunningIssuer, hands: Hands
) -> None:
    token = id_token(signing)
    bearer = {"Authorization": f"Bearer {token}"}
    client = client_of(signing)
    assert client.get(CREDENTIAL, headers=bearer).json()["principal"] == "ana"
    issuer.stop()
    issuer.start()
    hands.ahead = FRESH
    assert client.get(CREDENTIAL, headers=bearer).status_code == 401
    hands.ahead += PAUSE
    fresh = {"Authorization": f"Bearer {id_token(signing)}"}
    assert client.get(CREDENTIAL, headers=fresh).status_code == 200
    hands.ahead += timedelta(hours=2)
    assert client.get(CREDENTIAL, headers=fresh).status_code == 401


def id_token(vault: Vault) -> str:
    """Return the token that the issuer gives for a sign-in."""
    assert vault.federation is not None
    login = vault.federation._demanded()
    client = client_of(vault)
    query = back(client, "ana").partition("?")[2]
    kept = login._sealing.open(client.cookies[SIGN_IN_COOKIE], purpose="sign-in")
    fields = dict(pair.split("=", 1) for pair in query.split("&"))
    return str(login._redeem(fields["code"], kept["verifier"])["id_token"])
