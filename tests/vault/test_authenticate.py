"""A token stands for its principal until it ends, and for nobody otherwise."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.conftest import Clock
from vault.authenticate import Authenticator
from vault.domain.errors import InvalidRequestError, NotFoundError, UnauthenticatedError
from vault.domain.identity import READER_SCOPES, Principal, PrincipalKind, Scope
from vault.domain.labels import LOWEST
from vault.store.schema import principal
from vault.store.session import Store

HOUR = timedelta(hours=1)


@pytest.fixture
def authenticator(store: Store, clock: Clock) -> Authenticator:
    with store.write() as unit:
        for name, kind in (("amara", PrincipalKind.PERSON), ("helper", PrincipalKind.AGENT)):
            unit.principals.add(Principal(name, kind, LOWEST), name="", now=clock())
    return Authenticator(store, now=clock)


def test_a_token_carries_its_subject_and_scopes(authenticator: Authenticator) -> None:
    scopes = frozenset({Scope.DOCUMENT_SEARCH})
    token, _ = authenticator.issue("helper", scopes=scopes, ttl=HOUR, on_behalf_of="amara")
    credential = authenticator.authenticate(token)
    assert [found.id for found in credential.subject.principals] == ["helper", "amara"]
    assert credential.scopes == scopes


def test_a_token_ends_by_time_and_by_revocation(authenticator: Authenticator, clock: Clock) -> None:
    short, _ = authenticator.issue("amara", scopes=READER_SCOPES, ttl=HOUR)
    long, _ = authenticator.issue("amara", scopes=READER_SCOPES, ttl=2 * HOUR)
    clock.forward(HOUR)
    with pytest.raises(UnauthenticatedError):
        authenticator.authenticate(short)
    assert authenticator.authenticate(long).subject.actor.id == "amara"
    authenticator.revoke(long)
    with pytest.raises(UnauthenticatedError):
        authenticator.authenticate(long)
    with pytest.raises(NotFoundError):
        authenticator.revoke(long)


def test_nothing_but_the_whole_token_opens(authenticator: Authenticator) -> None:
    token, _ = authenticator.issue("amara", scopes=READER_SCOPES, ttl=HOUR)
    prefix, token_id, secret = token.split("_", 2)
    for wrong in (
        "",
        token[:-1],
        token + "x",
        f"{prefix}_{token_id}_",
        f"{prefix}_{'0' * 16}_{secret}",
        f"xyz_{token_id}_{secret}",
    ):
        with pytest.raises(UnauthenticatedError, match="unknown, expired or revoked"):
            authenticator.authenticate(wrong)


def test_the_secret_is_not_kept(authenticator: Authenticator, store: Store) -> None:
    token, _ = authenticator.issue("amara", scopes=READER_SCOPES, ttl=HOUR)
    with store.read() as unit:
        record = unit.principals.token(token.split("_")[1])
    assert record is not None
    assert token.split("_", 2)[2] not in repr(record)


def test_a_token_needs_a_scope_a_life_and_a_principal(authenticator: Authenticator) -> None:
    with pytest.raises(InvalidRequestError, match="scope"):
        authenticator.issue("amara", scopes=frozenset(), ttl=HOUR)
    for ttl in (timedelta(), timedelta(days=400)):
        with pytest.raises(InvalidRequestError, match="366 days"):
            authenticator.issue("amara", scopes=READER_SCOPES, ttl=ttl)
    with pytest.raises(NotFoundError):
        authenticator.issue("ghost", scopes=READER_SCOPES, ttl=HOUR)


@pytest.mark.parametrize("gone", ["helper", "amara"], ids=["the agent", "the person"])
def test_a_token_of_whoever_is_not_active_any_more_opens_nothing(
    authenticator: Authenticator, store: Store, gone: str
) -> None:
    token, _ = authenticator.issue("helper", scopes=READER_SCOPES, ttl=HOUR, on_behalf_of="amara")
    with store.database.transaction(write=True) as connection:
        connection.execute(update(principal).where(principal.c.id == gone).values(active=False))
    with pytest.raises(UnauthenticatedError, match="unknown, expired or revoked"):
        authenticator.authenticate(token)


def test_the_operator_names_a_subject_that_exists(authenticator: Authenticator) -> None:
    subject = authenticator.subject("amara")
    assert (subject.actor.id, subject.on_behalf_of) == ("amara", None)
    with pytest.raises(NotFoundError, match="'ghost'"):
        authenticator.subject("ghost")


def test_rights_are_those_of_this_moment(
    authenticator: Authenticator, store: Store, clock: Clock
) -> None:
    token, _ = authenticator.issue("amara", scopes=READER_SCOPES, ttl=HOUR)
    with store.write() as unit:
        unit.principals.add_group("nurses", now=clock())
        unit.principals.add_member("nurses", "user:amara")
    assert "nurses" in authenticator.authenticate(token).subject.actor.groups
    with store.write() as unit:
        unit.principals.remove_member("nurses", "user:amara")
    assert "nurses" not in authenticator.authenticate(token).subject.actor.groups
