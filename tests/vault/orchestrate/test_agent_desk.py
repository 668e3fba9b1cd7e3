"""Agents are brought in whole, approved by somebody else, and stopped at once."""

import pytest

from tests.vault.orchestrate.bureau import Bureau, charter
from vault.domain.assets import AssetState
from vault.domain.errors import (
    AccessDeniedError,
    InvalidRequestError,
    NotFoundError,
    RunStateError,
)
from vault.domain.identity import PrincipalKind


@pytest.fixture
def tools(bureau: Bureau) -> Bureau:
    bureau.tool("look")
    bureau.tool("do")
    return bureau


def test_tools_are_pinned_to_what_they_are(tools: Bureau) -> None:
    kept = tools.agents.apply(charter(), None)
    digests = [tools.tools[name].definition.digest for name in ("look", "do")]
    assert [each["digest"] for each in kept.body["tools"]] == digests
    assert (kept.reference, kept.state, kept.applied_by) == (
        "helper@1",
        AssetState.DRAFT,
        "operator",
    )


def test_the_same_charter_again_changes_nothing_and_another_is_told_apart(tools: Bureau) -> None:
    first = tools.agents.apply(charter(), None)
    assert tools.agents.apply(charter(), None) == first
    tools.agents.apply(charter(autonomy="A4"), None)
    (found,) = tools.agents.difference("helper", older=1, newer=2)
    assert (found.pointer, found.before, found.after) == ("/autonomy", "A3", "A4")
    with pytest.raises(NotFoundError):
        tools.agents.difference("helper", older=1, newer=3)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "ana"}, "no agent"),
        ({"owners": {"business": "nobody"}}, "business owner must be a person"),
        ({"groups": ["pirates"]}, "group:pirates does not exist"),
        ({"open_to": ["user:nobody"]}, "user:nobody does not exist"),
        ({"approval": {"approvers": ["group:pirates"]}}, "group:pirates does not exist"),
        ({"tools": ["missing"]}, "tool 'missing' is not approved"),
        ({"wishes": 1}, "wishes"),
    ],
)
def test_a_charter_that_names_what_is_not_there_is_refused(
    tools: Bureau, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(InvalidRequestError, match=said):
        tools.agents.apply(charter(**changes), None)
    assert tools.agents.all() == []


def test_only_an_owner_brings_an_agent_in_and_only_another_one_approves_it(tools: Bureau) -> None:
    with pytest.raises(AccessDeniedError):
        tools.agents.apply(charter(), tools.subject("ana"))
    tools.agents.apply(charter(), tools.subject("olga"))
    for name in ("olga", "ana"):
        with pytest.raises(AccessDeniedError):
            tools.agents.approve("helper", tools.subject(name))
    assert tools.agents.approve("helper", tools.subject("bo")).approved_by == "user:bo"


def test_an_agent_may_be_said_to_be_in_the_group_that_everyone_is_in(tools: Bureau) -> None:
    tools.agents.apply(charter(groups=["everyone"]), None)
    assert tools.agents.approve("helper", tools.subject("bo")).state is AssetState.APPROVED


def test_what_was_looked_at_is_what_is_approved(tools: Bureau) -> None:
    looked_at = tools.agents.apply(charter(), None)
    tools.agents.apply(charter(autonomy="A5"), None)
    with pytest.raises(InvalidRequestError, match="not the one"):
        tools.agents.approve("helper", tools.subject("olga"), digest=looked_at.digest)


def test_an_approved_agent_is_a_principal_with_what_its_charter_says(tools: Bureau) -> None:
    tools.agent()
    with tools.store.read() as unit:
        found = unit.principals.get("helper")
    assert found is not None
    assert (found.kind, found.groups) == (PrincipalKind.AGENT, {"staff", "everyone"})
    tools.agent(charter(groups=[]))
    with tools.store.read() as unit:
        found = unit.principals.get("helper")
    assert found is not None
    assert found.groups == {"everyone"}


def test_a_newer_version_takes_the_place_of_the_one_before(tools: Bureau) -> None:
    tools.agent()
    tools.agent(charter(autonomy="A4"), active=True)
    assert [each.state.value for each in tools.agents.history("helper")] == ["retired", "active"]
    tools.agent(charter(autonomy="A2"), active=True)
    states = [each.state.value for each in tools.agents.history("helper")]
    assert states == ["retired", "retired", "active"]


def test_only_what_is_approved_is_promoted(tools: Bureau) -> None:
    tools.agents.apply(charter(), None)
    with pytest.raises(RunStateError):
        tools.agents.promote("helper", tools.subject("olga"))
    with pytest.raises(NotFoundError):
        tools.agents.promote("nobody", tools.subject("olga"))


def test_an_owner_stops_an_agent_and_nobody_else(tools: Bureau) -> None:
    tools.agent(active=True)
    with pytest.raises(AccessDeniedError):
        tools.agents.suspend("helper", tools.subject("ana"), reason="incident")
    kept = tools.agents.suspend("helper", tools.subject("olga"), reason="incident")
    assert kept.state is AssetState.SUSPENDED
    with pytest.raises(NotFoundError):
        tools.agents.suspend("helper", None, reason="again")
    with pytest.raises(NotFoundError, match="was not stopped"):
        tools.agents.close_breaker("helper", None)


def test_an_agent_is_known_to_whom_it_is_open_and_to_its_owners(tools: Bureau) -> None:
    tools.agent(charter(open_to=["user:ana"]))
    for name, knows in (("ana", True), ("olga", True), ("rik", False)):
        assert bool(tools.agents.open_to(tools.subject(name))) is knows
    with pytest.raises(NotFoundError):
        tools.agents.history("nobody")


def test_every_change_is_in_the_ledger(tools: Bureau) -> None:
    tools.agent(active=True)
    tools.agents.suspend("helper", None, reason="incident")
    with tools.store.read() as unit:
        bodies = b"".join(unit.ledger.bodies(0, 100))
    for event in ("agent.applied", "agent.approved", "agent.promoted", "agent.suspended"):
        assert event.encode() in bodies
