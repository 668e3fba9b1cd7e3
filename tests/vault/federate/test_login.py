"""A sign-in counts for the browser that began it, and for nothing else."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import Clock
from tests.vault.federate.issuing import (
    CLIENT,
    FIRST,
    SECOND,
    URL,
    Keys,
    WiredIssuer,
    claims,
    key_set,
    signed,
    terms,
)
from vault.domain.errors import SourceUnreachableError, UnauthenticatedError
from vault.federate.keys import IssuerKeys
from vault.federate.login import LASTS, Client, Login
from vault.federate.sealing import Sealing
from vault.federate.tokens import TokenChecker

BACK = "https://vault.intranet/sign-in/callback"


class Desk:
    """A login, its issuer, and what both saw."""

    def __init__(self, clock: Clock, sealing: Sealing) -> None:
        self.clock = clock
        self.issuer = WiredIssuer()
        keys = IssuerKeys(Keys(key_set(FIRST)), now=clock)
        self.login = Login(
            self.issuer,
            client=Client(CLIENT, None, BACK, ("openid", "groups")),
            checker=TokenChecker(terms(), keys=keys, now=clock),
            sealing=sealing,
            now=clock,
        )

    def begin(self) -> tuple[dict[str, str], str]:
        place, sealed = self.login.begin()
        query = {name: values[0] for name, values in parse_qs(urlsplit(place).query).items()}
        return query | {"place": place.partition("?")[0]}, sealed

    def grants(self, query: dict[str, str], *, key: Any = FIRST, **changes: Any) -> None:
        told = claims(self.clock(), **({"aud": CLIENT, "nonce": query["nonce"]} | changes))
        self.issuer.says("/token", {"id_token": signed(told, key=key, kid="first")})


@pytest.fixture
def desk(clock: Clock, sealing: Sealing) -> Desk:
    return Desk(clock, sealing)


def test_a_person_is_sent_with_a_proof_that_only_this_browser_holds(desk: Desk) -> None:
    query, sealed = desk.begin()
    assert query["place"] == f"{URL}/auth"
    assert (query["response_type"], query["client_id"]) == ("code", CLIENT)
    assert (query["redirect_uri"], query["scope"]) == (BACK, "openid groups")
    assert query["code_challenge_method"] == "S256"
    other, another = desk.begin()
    assert {other[name] != query[name] for name in ("state", "nonce", "code_challenge")} == {True}
    assert sealed != another
    assert len([heard for heard in desk.issuer.heard if "well-known" in heard[1]]) == 1


def test_who_comes_back_with_a_code_is_who_the_issuer_says(desk: Desk) -> None:
    query, sealed = desk.begin()
    desk.grants(query)
    answer = {"code": "the code", "state": query["state"], "iss": URL}
    assert desk.login.finish(sealed, answer)["sub"] == "ana"
    form = parse_qs((desk.issuer.heard[-1][2] or b"").decode())
    assert form["grant_type"] == ["authorization_code"]
    assert form["code"] == ["the code"]
    assert form["redirect_uri"] == [BACK]
    assert len(form["code_verifier"][0]) >= 43


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"state": "another"}, id="another state"),
        pytest.param({"state": None}, id="no state"),
        pytest.param({"iss": "https://other.intranet"}, id="another issuer"),
        pytest.param({"code": None, "error": "access_denied"}, id="refused there"),
    ],
)
def test_an_answer_that_does_not_belong_here_is_refused(
    changes: dict[str, str | None], desk: Desk
) -> None:
    query, sealed = desk.begin()
    desk.grants(query)
    whole = {"code": "c", "state": query["state"]} | changes
    answer = {name: value for name, value in whole.items() if value is not None}
    with pytest.raises(UnauthenticatedError):
        desk.login.finish(sealed, answer)
    assert not [heard for heard in desk.issuer.heard if heard[0] == "POST"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"nonce": "another"}, id="another nonce"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"aud": "other"}, id="another client"),
        pytest.param({"azp": "other"}, id="made for another client"),
        pytest.param({"iss": "https://other.intranet"}, id="another issuer"),
        pytest.param({"exp": 1}, id="over"),
        pytest.param({"key": SECOND}, id="another key"),
    ],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    changes: dict[str, Any], desk: Desk
) -> None:
    query, sealed = desk.begin()
    desk.grants(query, **changes)
    with pytest.raises(UnauthenticatedError):
        desk.login.finish(sealed, {"code": "c", "state": query["state"]})


def test_a_sign_in_of_another_browser_or_of_long_ago_is_refused(desk: Desk) -> None:
    query, sealed = desk.begin()
    _, other = desk.begin()
    desk.grants(query)
    answer = {"code": "c", "state": query["state"]}
    for kept in (other, "", "no seal"):
        with pytest.raises(UnauthenticatedError):
            desk.login.finish(kept, answer)
    desk.clock.forward(LASTS)
    with pytest.raises(UnauthenticatedError):
        desk.login.finish(sealed, answer)


def test_a_code_that_the_issuer_does_not_take_is_refused(desk: Desk) -> None:
    query, sealed = desk.begin()
    desk.issuer.says("/token", {"error": "invalid_grant"}, status=400)
    answer = {"code": "c", "state": query["state"]}
    with pytest.raises(UnauthenticatedError):
        desk.login.finish(sealed, answer)
    desk.issuer.says("/token", {"access_token": "x"})
    with pytest.raises(UnauthenticatedError):
        desk.login.finish(sealed, answer)


def test_an_issuer_that_is_away_is_told_as_such(desk: Desk) -> None:
    desk.issuer.failure = ConnectionRefusedError()
    with pytest.raises(SourceUnreachableError):
        desk.login.begin()


def test_an_address_with_a_query_of_its_own_keeps_it(desk: Desk) -> None:
    configuration = "/.well-known/openid-configuration"
    form = {
        "issuer": URL,
        "authorization_endpoint": f"{URL}/auth?tenant=a",
        "token_endpoint": f"{URL}/token",
        "jwks_uri": f"{URL}/keys",
    }
    desk.issuer.says(configuration, form)
    place, _ = desk.login.begin()
    assert place.startswith(f"{URL}/auth?tenant=a&response_type=code")
