"""An issuer's word is worth what was agreed, for persons who are known here."""

from datetime import timedelta

import pytest

from tests.conftest import Clock
from tests.vault.federate.issuing import FIRST, Keys, claims, key_set, signed, terms
from vault.domain.errors import NotFoundError, UnauthenticatedError
from vault.domain.federation import GroupTerms
from vault.domain.identity import READER_SCOPES
from vault.domain.labels import Classification, Label
from vault.federate.federation import Federation
from vault.federate.keys import IssuerKeys
from vault.federate.sessions import Sessions
from vault.federate.tokens import TokenChecker
from vault.store.session import Store


def federation(
    store: Store, sessions: Sessions, clock: Clock, groups: GroupTerms | None = None
) -> Federation:
    agreed = terms(groups=groups or GroupTerms())
    checker = TokenChecker(agreed, keys=IssuerKeys(Keys(key_set(FIRST)), now=clock), now=clock)
    return Federation(store, terms=agreed, checker=checker, sessions=sessions, login=None)


def test_a_token_stands_for_its_person_with_the_rights_kept_here(
    peopled: Store, sessions: Sessions, clock: Clock
) -> None:
    token = signed(claims(clock(), groups=["board"], clearance="secret", scope="source:sync"))
    credential = federation(peopled, sessions, clock).authenticate(token)
    actor = credential.subject.actor
    assert (actor.id, actor.groups) == ("ana", {"everyone", "staff"})
    assert actor.clearance == Label(Classification.INTERNAL)
    assert credential.scopes == READER_SCOPES
    assert credential.expires_at == clock() + timedelta(minutes=5)
    assert credential.token_id.startswith("issuer-")


def test_groups_of_a_token_count_if_the_operator_says_so(
    peopled: Store, sessions: Sessions, clock: Clock
) -> None:
    token = signed(claims(clock(), groups=["b-17"]))
    agreed = GroupTerms("groups", {"b-17": "board"})
    found = federation(peopled, sessions, clock, agreed).authenticate(token)
    assert found.subject.actor.groups == {"everyone", "staff", "board", "owners"}
    bare = signed(claims(clock()))
    again = federation(peopled, sessions, clock, agreed).authenticate(bare)
    assert again.subject.actor.groups == {"everyone", "staff"}


def test_a_person_who_is_not_known_here_is_refused(
    peopled: Store, sessions: Sessions, clock: Clock
) -> None:
    for name in ("nobody", "bot"):
        with pytest.raises(UnauthenticatedError):
            federation(peopled, sessions, clock).authenticate(signed(claims(clock(), sub=name)))


def test_without_a_client_nobody_signs_in_with_a_browser(
    peopled: Store, sessions: Sessions, clock: Clock
) -> None:
    found = federation(peopled, sessions, clock)
    assert not found.signs_in
    with pytest.raises(NotFoundError):
        found.begin()
    with pytest.raises(NotFoundError):
        found.finish("", {})
