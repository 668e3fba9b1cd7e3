"""A token counts only if everything about it is as agreed."""

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from tests.conftest import Clock
from tests.vault.federate.issuing import (
    AUDIENCE,
    CURVE,
    FIRST,
    SECOND,
    Keys,
    claims,
    key_set,
    signed,
    terms,
)
from vault.domain.errors import UnauthenticatedError
from vault.domain.federation import REFUSAL
from vault.federate.keys import IssuerKeys
from vault.federate.tokens import LONGEST, TokenChecker, end_of, is_token

OURS = frozenset({AUDIENCE})
ANY_ALGORITHM = RSAKey.import_key(
    {name: value for name, value in FIRST.as_dict(private=True).items() if name != "alg"}
)
"""The first key as a thief would hold it, without what it says of itself."""


@pytest.fixture
def checker(clock: Clock) -> TokenChecker:
    keys = IssuerKeys(Keys(key_set(FIRST, CURVE)), now=clock)
    return TokenChecker(terms(), keys=keys, now=clock)


def refused(checker: TokenChecker, token: str) -> bool:
    try:
        checker.check(token, audiences=OURS)
    except UnauthenticatedError as refusal:
        # Why is not said.
        return refusal.detail == REFUSAL
    return False


def test_a_good_token_gives_its_claims(checker: TokenChecker, clock: Clock) -> None:
    good = claims(clock())
    for header in ({}, {"typ": "JWT"}, {"typ": "at+jwt"}):
        assert checker.check(signed(good, **header), audiences=OURS) == good
    curve = signed(good, key=CURVE, alg="ES256")
    assert checker.check(curve, audiences=OURS) == good
    several = claims(clock(), aud=["other", AUDIENCE])
    assert checker.check(signed(several), audiences=OURS) == several
    assert end_of(good) == clock() + timedelta(minutes=5)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"iss": "https://other.intranet"}, id="another issuer"),
        pytest.param({"iss": None}, id="no issuer"),
        pytest.param({"aud": "other"}, id="another audience"),
        pytest.param({"aud": []}, id="no audience in the list"),
        pytest.param({"aud": None}, id="no audience"),
        pytest.param({"sub": None}, id="no subject"),
        pytest.param({"sub": 7}, id="a number for a subject"),
        pytest.param({"exp": None}, id="no end"),
        pytest.param({"exp": "soon"}, id="an end that is no time"),
        pytest.param({"iat": None}, id="no beginning"),
    ],
)
def test_a_token_of_other_claims_is_refused(
    changes: dict[str, Any], checker: TokenChecker, clock: Clock
) -> None:
    assert refused(checker, signed(claims(clock(), **changes)))


def test_time_counts_but_for_the_agreed_skew(checker: TokenChecker, clock: Clock) -> None:
    def at(shift: int) -> int:
        moment: datetime = clock()
        return int(moment.timestamp()) + shift

    assert not refused(checker, signed(claims(clock(), exp=at(-29))))
    assert refused(checker, signed(claims(clock(), exp=at(-31))))
    assert not refused(checker, signed(claims(clock(), nbf=at(29))))
    assert refused(checker, signed(claims(clock(), nbf=at(31))))
    assert refused(checker, signed(claims(clock(), iat=at(31))))


def test_a_signature_that_does_not_count_is_refused(checker: TokenChecker, clock: Clock) -> None:
    good = claims(clock())
    assert refused(checker, signed(good, key=SECOND)), "another key"
    assert refused(checker, signed(good, key=SECOND, kid="first")), "under the first one's name"
    assert refused(checker, signed(good, key=SECOND, kid=None)), "without a name"
    assert refused(checker, signed(good, key=ANY_ALGORITHM, alg="PS256")), "not agreed"
    head, body, signature = signed(good).split(".")
    assert refused(checker, f"{head}.{body}.{signature[:-8]}AAAAAAAA")
    forged = urlsafe_b64encode(json.dumps(good | {"sub": "olga"}).encode()).decode().rstrip("=")
    assert refused(checker, f"{head}.{forged}.{signature}")


def test_a_token_signed_by_nobody_or_by_the_public_key_is_refused(
    checker: TokenChecker, clock: Clock
) -> None:
    def part(form: object) -> str:
        return urlsafe_b64encode(json.dumps(form).encode()).decode().rstrip("=")

    for none in ("none", "None", "NONE", ""):
        token = f"{part({'alg': none, 'kid': 'first'})}.{part(claims(clock()))}."
        assert refused(checker, token)
    text = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(claims(clock()))}"
    for secret in (FIRST.as_pem(private=False), FIRST.as_der(private=False)):
        signature = hmac.digest(secret, text.encode(), "sha256")
        token = f"{text}.{urlsafe_b64encode(signature).decode().rstrip('=')}"
        assert refused(checker, token)


def test_a_key_for_one_algorithm_signs_in_no_other(clock: Clock) -> None:
    keys = IssuerKeys(Keys(key_set(FIRST)), now=clock)
    agreed = terms(algorithms=("RS256", "PS256"))
    checker = TokenChecker(agreed, keys=keys, now=clock)
    assert FIRST.alg == "RS256"
    assert not refused(checker, signed(claims(clock())))
    assert refused(checker, signed(claims(clock()), key=ANY_ALGORITHM, alg="PS256"))


@pytest.mark.parametrize("kind", ["logout+jwt", "dpop+jwt", "secevent+jwt"])
def test_a_token_made_for_something_else_is_refused(
    kind: str, checker: TokenChecker, clock: Clock
) -> None:
    assert refused(checker, signed(claims(clock()), typ=kind))


@pytest.mark.parametrize(
    "token",
    ["", "..", "a.b.c", "e30.e30.e30", "W10.e30.AA", "eyJraWQiOjd9.e30.AA", "x" * (LONGEST + 1)],
)
def test_what_is_no_token_is_refused(token: str, checker: TokenChecker) -> None:
    assert refused(checker, token)


def test_a_token_has_three_parts() -> None:
    assert is_token("a.b.c")
    assert not is_token("srm_0011_secret")
