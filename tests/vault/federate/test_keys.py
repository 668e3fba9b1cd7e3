"""Keys are found by name, change in time, and a withdrawn one soon counts no more."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc.jwk import OctKey

from tests.conftest import Clock
from tests.vault.federate.issuing import CURVE, FIRST, SECOND, Keys, key_set
from vault.federate.issuer import IssuerUnreachableError
from vault.federate.keys import FRESH, PAUSE, IssuerKeys, file_keys, public_keys

MOMENT = timedelta(seconds=1)


def found(keys: IssuerKeys, name: str | None) -> str | None:
    key = keys.find(name)
    return None if key is None else key.kid


def test_keys_are_fetched_once_and_found_by_name(clock: Clock) -> None:
    published = Keys(key_set(FIRST, CURVE))
    keys = IssuerKeys(published, now=clock)
    assert (found(keys, "first"), found(keys, "curve")) == ("first", "curve")
    assert published.asked == 1


def test_a_token_without_a_key_id_is_for_the_only_key(clock: Clock) -> None:
    assert found(IssuerKeys(Keys(key_set(FIRST)), now=clock), None) == "first"
    assert found(IssuerKeys(Keys(key_set(FIRST, CURVE)), now=clock), None) is None


def test_an_unknown_key_is_asked_for_and_not_too_often(clock: Clock) -> None:
    published = Keys()
    keys = IssuerKeys(published, now=clock)
    assert found(keys, "first") == "first"
    published.published = key_set(SECOND)
    assert found(keys, "second") is None
    clock.forward(PAUSE)
    assert found(keys, "second") == "second"
    assert found(keys, "first") is None
    for _ in range(50):
        assert found(keys, "third") is None
    assert published.asked == 2


def test_a_withdrawn_key_counts_no_longer_than_keys_are_kept(clock: Clock) -> None:
    published = Keys()
    keys = IssuerKeys(published, now=clock)
    assert found(keys, "first") == "first"
    published.published = key_set(SECOND)
    clock.forward(FRESH - MOMENT)
    assert found(keys, "first") == "first"
    clock.forward(MOMENT)
    assert found(keys, "first") is None


@pytest.mark.parametrize(
    "failure", [IssuerUnreachableError("gone"), OSError(), ValueError(), TypeError()]
)
def test_an_issuer_that_does_not_answer_leaves_no_key_that_is_too_old(
    failure: Exception, clock: Clock
) -> None:
    published = Keys()
    keys = IssuerKeys(published, now=clock)
    assert found(keys, "first") == "first"
    published.failure = failure
    clock.forward(PAUSE)
    assert found(keys, "other") is None
    assert found(keys, "first") == "first"
    clock.forward(FRESH)
    assert found(keys, "first") is None
    clock.forward(MOMENT)
    assert found(keys, "first") is None
    asked = published.asked
    published.failure = None
    clock.forward(PAUSE)
    assert found(keys, "first") == "first"
    assert published.asked == asked + 1


def test_a_key_is_too_old_even_while_the_issuer_may_not_be_asked_again(clock: Clock) -> None:
    published = Keys()
    keys = IssuerKeys(published, now=clock)
    assert found(keys, "first") == "first"
    published.failure = IssuerUnreachableError("gone")
    clock.forward(FRESH - MOMENT)
    assert found(keys, "other") is None
    clock.forward(MOMENT)
    assert found(keys, "first") is None
    assert published.asked == 2


def test_keys_come_from_a_file_for_a_vault_that_dials_nobody(clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(key_set(FIRST)))
    keys = IssuerKeys(file_keys(file), now=clock)
    assert found(keys, "first") == "first"
    file.write_text("[]")
    clock.forward(FRESH)
    assert found(keys, "first") is None


def test_secrets_weak_keys_and_other_uses_are_left_out() -> None:
    modulus = urlsafe_b64encode((2**1024 - 1).to_bytes(128)).decode().rstrip("=")
    unfit = [
        OctKey.generate_key(256).as_dict(private=True),
        {"kty": "RSA", "n": modulus, "e": "AQAB", "kid": "weak"},
        FIRST.as_dict(private=True),
        FIRST.as_dict(private=False) | {"use": "enc"},
        SECOND.as_dict(private=False) | {"key_ops": ["encrypt"]},
        {"kty": "RSA", "n": "!", "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "RSA", "e": "AQAB"},
        {"kty": "unheard-of"},
        "no key",
    ]
    assert public_keys({"keys": unfit}) == []
    assert [key.kid for key in public_keys({"keys": [*unfit, *key_set(CURVE)["keys"]]})] == [
        "curve"
    ]


def test_two_keys_of_one_name_name_nothing(clock: Clock) -> None:
    twice = {"keys": key_set(FIRST)["keys"] * 2}
    assert found(IssuerKeys(Keys(twice), now=clock), "first") is None


def test_what_is_no_key_set_is_refused() -> None:
    with pytest.raises(TypeError):
        public_keys({"keys": {}})
