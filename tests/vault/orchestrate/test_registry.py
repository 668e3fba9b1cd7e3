"""A tool is there only if its exact definition is approved and a person owns it."""

from dataclasses import replace

import pytest

from tests.conftest import Clock
from tests.vault.orchestrate.workshop import EchoTool, broker, definition
from vault.domain.assets import AssetKind, AssetState
from vault.domain.errors import InvalidRequestError, NotFoundError
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import Classification, Label
from vault.domain.tools import ToolDefinition, ToolKind, ToolLimits
from vault.orchestrate.registry import ABSENT, ToolRegistry, definition_of
from vault.orchestrate.tool import RetryableToolError
from vault.store.orchestrate_schema import asset_version
from vault.store.session import Store

MADE = definition()


@pytest.fixture
def registry(store: Store, clock: Clock) -> ToolRegistry:
    with store.write() as unit:
        for name, kind in (("olga", PrincipalKind.PERSON), ("robot", PrincipalKind.AGENT)):
            unit.principals.add(
                Principal(name, kind, Label(Classification.INTERNAL)), name="", now=clock()
            )
    return ToolRegistry({ToolKind.PYTHON: EchoTool}, broker=broker(), now=clock)


def put(store: Store, clock: Clock, made: ToolDefinition, *states: AssetState) -> None:
    with store.write() as unit:
        version = unit.assets.add(
            AssetKind.TOOL, made.name, made.form(), by="operator", now=clock()
        )
        for state in states:
            version = unit.assets.move(version, state, by="operator")


def is_there(store: Store, registry: ToolRegistry, digest: str | None = None) -> bool:
    with store.read() as unit:
        listed = MADE.name in {found.name for found in registry.callable_now(unit)}
        try:
            found = registry.definition(unit, MADE.name, digest=digest)
        except NotFoundError as error:
            told = error.detail
        else:
            return listed and found.digest == (digest or found.digest)
    return told != ABSENT


@pytest.mark.parametrize(
    ("states", "there"),
    [
        ((), False),
        ((AssetState.APPROVED,), True),
        ((AssetState.APPROVED, AssetState.ACTIVE), True),
        ((AssetState.APPROVED, AssetState.SUSPENDED), False),
        ((AssetState.RETIRED,), False),
    ],
)
def test_a_tool_is_there_in_the_states_that_may_be_used(
    store: Store, clock: Clock, registry: ToolRegistry, states: tuple, there: bool
) -> None:
    assert not is_there(store, registry)
    put(store, clock, MADE, *states)
    assert is_there(store, registry) is there


@pytest.mark.parametrize("owner", ["nobody", "robot"])
def test_a_tool_that_no_person_owns_is_not_there(
    store: Store, clock: Clock, registry: ToolRegistry, owner: str
) -> None:
    put(store, clock, MADE.owned_by(owner), AssetState.APPROVED)
    assert not is_there(store, registry)


def test_another_digest_is_another_tool(store: Store, clock: Clock, registry: ToolRegistry) -> None:
    put(store, clock, MADE, AssetState.APPROVED)
    assert is_there(store, registry, MADE.digest)
    assert not is_there(store, registry, replace(MADE, description="Other.").digest)
    other = definition("other")
    put(store, clock, other, AssetState.APPROVED)
    assert not is_there(store, registry, other.digest)


def test_a_definition_that_was_changed_in_the_database_is_not_there(
    store: Store, clock: Clock, registry: ToolRegistry
) -> None:
    put(store, clock, MADE, AssetState.APPROVED)
    altered = MADE.form() | {"reversibility": "reversible"}
    with store.database.transaction(write=True) as connection:
        connection.execute(asset_version.update().values(body=altered))
    assert not is_there(store, registry)


def test_a_body_that_is_no_definition_is_none(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        version = unit.assets.add(AssetKind.TOOL, "x", {"a": 1}, by="operator", now=clock())
    assert definition_of(version) is None


def test_a_tool_is_made_once_for_each_definition(registry: ToolRegistry) -> None:
    assert registry.tool(MADE) is registry.tool(definition())
    assert registry.tool(MADE) is not registry.tool(replace(MADE, version="2"))
    with pytest.raises(InvalidRequestError, match="not set up"):
        registry.tool(replace(MADE, kind=ToolKind.SQL))


def test_a_rate_is_used_up_in_the_transaction_that_decides(
    store: Store, registry: ToolRegistry
) -> None:
    rare = replace(MADE, limits=ToolLimits(calls_per_minute=1))
    with store.write() as unit:
        registry.take(unit, rare)
    with store.write() as unit, pytest.raises(RetryableToolError, match=r"in 60\.0 seconds"):
        registry.take(unit, rare)
