"""Tickets exist for those they concern, and an effect is had once for each key."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import Clock
from vault.domain.errors import InvalidRequestError, NotFoundError, RevisionConflictError
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import Classification, Label
from vault.domain.tickets import TicketDraft, TicketState
from vault.orchestrate.tracker.desk import TicketDesk
from vault.policy.engine import DEFAULT_FOLDER, PolicyEngine
from vault.store.database import Database
from vault.store.session import Store
from vault.store.tickets import TicketStore

INTERNAL = Label(Classification.INTERNAL)
POLICY = PolicyEngine.from_folder(DEFAULT_FOLDER)


def person(name: str, *groups: str, clearance: Label = INTERNAL) -> Subject:
    held = frozenset({*groups, "everyone"})
    return Subject(Principal(name, PrincipalKind.PERSON, clearance, held))


ANA, BO, CY = person("ana"), person("bo", "it"), person("cy", "hr")
KEY = "key-number-one"
DRAFT = TicketDraft("Door", "It is broken.", "it", label=INTERNAL)


@pytest.fixture
def desk(store: Store, clock: Clock, tmp_path: Path) -> Iterator[TicketDesk]:
    with store.write() as unit:
        for one in (ANA, BO, CY):
            unit.principals.add(one.actor, name="", now=clock())
        unit.principals.add_group("it", now=clock())
    tickets = TicketStore(Database(tmp_path / "tracker.db", key=os.urandom(32)))
    yield TicketDesk(tickets, store=store, policy=POLICY, now=clock)
    tickets.close()


def test_a_ticket_exists_for_its_queue_and_its_reporter_alone(desk: TicketDesk) -> None:
    made = desk.create(DRAFT, ANA, key=KEY)
    for one in (ANA, BO):
        assert desk.show(made.number, one)[0] == made
        assert desk.page(one, limit=5) == [made]
    assert desk.page(CY, limit=5) == []
    with pytest.raises(NotFoundError) as hidden:
        desk.show(made.number, CY)
    with pytest.raises(NotFoundError) as missing:
        desk.show(99, CY)
    assert hidden.value.detail == missing.value.detail


def test_a_ticket_above_a_clearance_does_not_exist(desk: TicketDesk) -> None:
    secret = TicketDraft("Door", "", "it", label=Label(Classification.SECRET))
    made = desk.create(secret, ANA, key=KEY)
    with pytest.raises(NotFoundError):
        desk.show(made.number, BO)


def test_the_same_request_again_has_no_second_effect(desk: TicketDesk) -> None:
    first = desk.create(DRAFT, ANA, key=KEY)
    assert desk.create(DRAFT, ANA, key=KEY) == first
    assert desk.create(DRAFT, BO, key=KEY).number != first.number
    with pytest.raises(RevisionConflictError, match="another request"):
        desk.create(TicketDraft("Window", "", "it"), ANA, key=KEY)


def test_of_many_at_once_one_has_the_effect(desk: TicketDesk) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: desk.create(DRAFT, ANA, key=KEY), range(16)))
    assert {one.number for one in made} == {1}


def test_a_move_is_for_the_state_that_was_seen(desk: TicketDesk) -> None:
    made = desk.create(DRAFT, ANA, key=KEY)
    moved = desk.move(made.number, TicketState.CLOSED, BO, changes=0)
    assert (moved.state, moved.changes) == (TicketState.CLOSED, 1)
    with pytest.raises(RevisionConflictError):
        desk.move(made.number, TicketState.OPEN, ANA, changes=0)
    with pytest.raises(NotFoundError):
        desk.move(made.number, TicketState.OPEN, CY, changes=1)


def test_remarks_are_said_by_those_who_may_read(desk: TicketDesk) -> None:
    made = desk.create(DRAFT, ANA, key=KEY)
    desk.remark(made.number, "Seen.", BO)
    assert [one.text for one in desk.show(made.number, ANA)[1]] == ["Seen."]
    with pytest.raises(NotFoundError):
        desk.remark(made.number, "Me too.", CY)
    with pytest.raises(InvalidRequestError):
        desk.remark(made.number, "", BO)


@pytest.mark.parametrize("queue", ["nobody", "everyone"])
def test_a_queue_is_a_group_that_works(desk: TicketDesk, queue: str) -> None:
    with pytest.raises(NotFoundError, match="queue"):
        desk.create(TicketDraft("Door", "", queue), ANA, key=KEY)


def test_a_notice_reaches_one_person_who_may_know(desk: TicketDesk) -> None:
    first = desk.notify("bo", "Look.", ANA, key=KEY, label=INTERNAL)
    assert desk.notify("bo", "Look.", ANA, key=KEY, label=INTERNAL) == first
    assert [one.text for one in desk.notices(BO, limit=5)] == ["Look."]
    assert desk.notices(ANA, limit=5) == []
    lowered = person("bo", "it", clearance=Label(Classification.PUBLIC))
    assert desk.notices(lowered, limit=5) == []
    for to, label in (("bo", Label(Classification.SECRET)), ("zoe", INTERNAL)):
        with pytest.raises(NotFoundError, match="nobody of that name"):
            desk.notify(to, "Look.", ANA, key="another-key", label=label)


def test_a_key_is_long_enough_to_be_one(desk: TicketDesk) -> None:
    with pytest.raises(InvalidRequestError, match="8 to 255"):
        desk.create(DRAFT, ANA, key="short")


def test_a_long_list_is_gone_through(desk: TicketDesk) -> None:
    desk.create(DRAFT, ANA, key=KEY)
    for place in range(210):
        desk.create(TicketDraft("Desk", "", "it", label=INTERNAL), BO, key=f"further-{place}")
    assert [one.number for one in desk.page(ANA, limit=3)] == [1]
    assert [one.number for one in desk.page(BO, limit=2, before=5)] == [4, 3]
