"""A token is printed once, carries no more than was said, and ends when it is told to."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.vault.cli.conftest import Strongroom
from vault.cli.console import opened
from vault.domain.errors import UnauthenticatedError
from vault.domain.identity import READER_SCOPES, Credential, Scope


def issued(strongroom: Strongroom, *words: str) -> str:
    """Return the token that a command printed."""
    result = strongroom("token", "issue", *words)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def credential(token: str) -> Credential:
    """Return what a token stands for at the home."""
    with opened() as vault:
        return vault.authenticator.authenticate(token)


def test_a_token_permits_reading_unless_more_is_said(strongroom: Strongroom) -> None:
    found = credential(issued(strongroom, "ana"))
    assert (found.subject.actor.id, found.subject.on_behalf_of) == ("ana", None)
    assert found.scopes == READER_SCOPES
    left = found.expires_at - datetime.now(UTC)
    assert timedelta(minutes=55) < left <= timedelta(hours=1)


def test_a_token_permits_exactly_what_was_said(strongroom: Strongroom) -> None:
    words = "bo --for ana --scope source:sync --scope ledger:read --ttl 2d"
    found = credential(issued(strongroom, *words.split()))
    assert [each.id for each in found.subject.principals] == ["bo", "ana"]
    assert found.scopes == {Scope.SOURCE_SYNC, Scope.LEDGER_READ}


def test_json_tells_the_token_and_its_end(strongroom: Strongroom) -> None:
    form = json.loads(issued(strongroom, "ana", "--ttl", "2h", "--json"))
    assert form.keys() == {"token", "expires_at"}
    found = credential(form["token"])
    assert datetime.fromisoformat(form["expires_at"]) == found.expires_at.replace(microsecond=0)


@pytest.mark.parametrize("whole", [True, False], ids=["the token", "its id"])
def test_a_revoked_token_opens_nothing(strongroom: Strongroom, whole: bool) -> None:
    token = issued(strongroom, "ana")
    assert credential(token)
    result = strongroom("token", "revoke", token if whole else token.split("_")[1])
    assert (result.exit_code, result.stdout) == (0, "revoked\n")
    with opened() as vault, pytest.raises(UnauthenticatedError):
        vault.authenticator.authenticate(token)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["issue", "ghost"], 66, "ghost"),
        (["issue", "ana", "--for", "ghost"], 66, "ghost"),
        (["issue", "ana", "--ttl", "400d"], 65, "366 days"),
        (["issue", "ana", "--ttl", "soon"], 65, "must be like"),
        (["issue", "ana", "--scope", "vault:own"], 65, "answer:create, approval:decide"),
        (["revoke", "0000000000000000"], 66, "no live token"),
    ],
)
def test_a_token_that_cannot_be_is_refused(
    strongroom: Strongroom, words: list[str], code: int, said: str
) -> None:
    result = strongroom("token", *words)
    assert result.exit_code == code
    assert said in result.stderr
    assert result.stdout == ""
