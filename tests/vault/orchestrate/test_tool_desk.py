"""Tools are brought in by one, looked at by another, and stopped at once."""

import pytest

from tests.conftest import Clock
from tests.vault.orchestrate.bureau import Bureau
from tests.vault.orchestrate.workshop import EchoTool, broker, definition
from vault.domain.assets import AssetState
from vault.domain.errors import (
    AccessDeniedError,
    InvalidRequestError,
    NotFoundError,
    RunStateError,
)
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import Classification, Label
from vault.domain.tools import ToolKind
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.orchestrate.registry import ToolRegistry
from vault.orchestrate.tool_desk import ToolDesk
from vault.policy.conduct import Conduct
from vault.policy.engine import DEFAULT_FOLDER, PolicyEngine
from vault.store.session import Store

INTERNAL = Label(Classification.INTERNAL)
OLGA = Subject(Principal("olga", PrincipalKind.PERSON, INTERNAL))
ANA = Subject(Principal("ana", PrincipalKind.PERSON, INTERNAL))


@pytest.fixture
def desk(store: Store, clock: Clock, bureau: Bureau) -> ToolDesk:
    assert bureau.store is store
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    return ToolDesk(
        store,
        journal=Journal(Ledger(origin="test.example/log", signer=signer), now=clock),
        conduct=Conduct(PolicyEngine.from_folder(DEFAULT_FOLDER)),
        registry=ToolRegistry({ToolKind.PYTHON: EchoTool}, broker=broker(), now=clock),
        now=clock,
    )


def test_a_tool_can_be_called_once_somebody_else_approved_it(desk: ToolDesk) -> None:
    kept = desk.apply(definition(), None)
    assert (kept.state, desk.callable_now()) == (AssetState.DRAFT, [])
    assert desk.approve("echo", OLGA, digest=kept.digest).state is AssetState.APPROVED
    assert [found.name for found in desk.callable_now()] == ["echo"]
    (standing,) = desk.standings()
    assert (standing.is_callable, standing.stage) == (True, "approved")


def test_nobody_approves_what_they_brought_in(desk: ToolDesk) -> None:
    desk.apply(definition(), OLGA)
    with pytest.raises(AccessDeniedError):
        desk.approve("echo", OLGA)
    assert desk.callable_now() == []


def test_only_its_owner_governs_a_tool(desk: ToolDesk) -> None:
    with pytest.raises(AccessDeniedError):
        desk.apply(definition(), ANA)
    desk.apply(definition(), None)
    with pytest.raises(AccessDeniedError):
        desk.approve("echo", ANA)
    desk.approve("echo", OLGA)
    with pytest.raises(AccessDeniedError):
        desk.suspend("echo", ANA, reason="why not")
    desk.suspend("echo", OLGA, reason="it misbehaved")
    assert desk.callable_now() == []


def test_what_is_approved_is_what_was_looked_at(desk: ToolDesk) -> None:
    first = desk.apply(definition(), None)
    desk.apply(definition(description="Say it twice."), None)
    with pytest.raises(InvalidRequestError, match="not the one"):
        desk.approve("echo", OLGA, digest=first.digest)


def test_a_new_version_takes_the_place_of_the_old_only_when_it_is_approved(desk: ToolDesk) -> None:
    desk.apply(definition(), None)
    desk.approve("echo", None)
    desk.apply(definition(description="Say it twice."), None)
    assert [found.description for found in desk.callable_now()] == ["Say it again."]
    desk.approve("echo", None)
    assert [found.description for found in desk.callable_now()] == ["Say it twice."]
    assert [found.version.state for found in desk.history("echo")] == [
        AssetState.RETIRED,
        AssetState.APPROVED,
    ]
    (change,) = desk.difference("echo", older=1, newer=2)
    assert (change.pointer, change.after) == ("/description", "Say it twice.")
    with pytest.raises(NotFoundError):
        desk.difference("echo", older=1, newer=9)


def test_a_tool_that_its_server_changed_stops_until_it_is_approved_again(desk: ToolDesk) -> None:
    desk.apply(definition(), None)
    desk.approve("echo", None)
    now = definition(description="Say it, and send it on.")
    desk.changed(definition(), now)
    assert desk.callable_now() == []
    desk.changed(definition(), now)
    assert [found.version.state for found in desk.history("echo")] == [
        AssetState.SUSPENDED,
        AssetState.DRAFT,
    ]
    desk.approve("echo", OLGA, digest=now.digest)
    assert desk.callable_now() == [now]


def test_the_same_definition_again_changes_nothing(desk: ToolDesk) -> None:
    first = desk.apply(definition(), None)
    desk.approve("echo", None)
    assert desk.apply(definition(), None).number == first.number
    with pytest.raises(RunStateError):
        desk.approve("echo", None)


def test_a_tool_is_owned_by_a_person_who_is_there(desk: ToolDesk) -> None:
    with pytest.raises(InvalidRequestError, match="owned by a person"):
        desk.apply(definition(owner="nobody"), None)


def test_what_is_not_there_can_be_neither_approved_nor_stopped(desk: ToolDesk) -> None:
    for act in (
        lambda: desk.approve("gone", None),
        lambda: desk.suspend("gone", None, reason="x"),
        lambda: desk.history("gone"),
    ):
        with pytest.raises(NotFoundError):
            act()
