"""A session is as good as its person, and over when it is ended."""

import json
from datetime import timedelta

import pytest

from tests.conftest import Clock
from tests.vault.federate.conftest import EIGHT_HOURS
from tests.vault.federate.issuing import terms
from vault.domain.errors import InvalidRequestError, UnauthenticatedError
from vault.domain.identity import READER_SCOPES
from vault.federate.persons import person_named
from vault.federate.sessions import Sessions
from vault.store.session import Store


def start(store: Store, sessions: Sessions, *groups: str) -> str:
    with store.read() as unit:
        ana = person_named(unit, "ana", exact=True)
    return sessions.start(ana, frozenset(groups), terms())


def events(store: Store) -> list[tuple[str, str]]:
    with store.read() as unit:
        leaves = [json.loads(unit.ledger.leaf(place)) for place in range(unit.ledger.size())]
    return [(leaf["type"], leaf["actor"]) for leaf in leaves]


def test_a_session_stands_for_its_person_with_the_rights_of_now(
    peopled: Store, sessions: Sessions, clock: Clock
) -> None:
    sealed = start(peopled, sessions, "board", "unheard-of")
    credential = sessions.open(sealed)
    assert credential.scopes == READER_SCOPES
    assert credential.expires_at == clock() + EIGHT_HOURS
    assert credential.subject.actor.groups == {"everyone", "staff", "board", "owners"}
    with peopled.write() as unit:
        unit.principals.remove_member("staff", "user:ana")
    assert "staff" not in sessions.open(sealed).subject.actor.groups
    with peopled.write() as unit:
        unit.provisioned.set_person("ana", display_name="", active=False)
    with pytest.raises(UnauthenticatedError):
        sessions.open(sealed)


def test_a_session_ends_in_time_and_when_it_is_ended(
    peopled: Store, sessions: Sessions, clock: Clock
) -> None:
    first, second = start(peopled, sessions), start(peopled, sessions)
    sessions.end(first)
    with pytest.raises(UnauthenticatedError):
        sessions.open(first)
    assert sessions.open(second)
    sessions.end(first)
    sessions.end("no session")
    assert events(peopled) == [
        ("session.started", "user:ana"),
        ("session.started", "user:ana"),
        ("session.ended", "user:ana"),
    ]
    clock.forward(EIGHT_HOURS - timedelta(seconds=1))
    assert sessions.open(second)
    clock.forward(timedelta(seconds=1))
    with pytest.raises(UnauthenticatedError):
        sessions.open(second)


def test_more_groups_than_a_cookie_holds_start_no_session(
    peopled: Store, sessions: Sessions, clock: Clock
) -> None:
    groups = [f"group-with-a-long-name-{number}" for number in range(200)]
    with peopled.write() as unit:
        for group in groups:
            unit.principals.add_group(group, now=clock())
    with pytest.raises(InvalidRequestError, match="more groups"):
        start(peopled, sessions, *groups)
    assert events(peopled) == []
