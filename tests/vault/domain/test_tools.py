"""A definition is its digest: any change makes another tool, and reading it back makes none."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.domain.errors import InvalidRequestError
from vault.domain.labels import Classification, Label
from vault.domain.tools import (
    ApprovalRule,
    Reversibility,
    ToolCall,
    ToolDefinition,
    ToolKind,
    ToolLimits,
    ToolResult,
    Trust,
    canonical,
    digest_of,
)

SECRET = Label(Classification.SECRET, frozenset({"hr"}))
WHOLE = ToolDefinition(
    name="stock.count",
    version="1",
    description="Count.",
    kind=ToolKind.HTTP,
    owner="olga",
    input_schema={"type": "object"},
    output_schema={"type": "object"},
    reversibility=Reversibility.READ,
    approval=ApprovalRule.ALWAYS,
    scopes=frozenset({"document:read"}),
    limits=ToolLimits(calls_per_minute=3, timeout_seconds=1.5),
    output_label=SECRET,
    sink_ceiling=SECRET,
    redact=frozenset({"iban"}),
    secrets=frozenset({"token"}),
    idempotent=True,
    binding={"path": "/count"},
)
CHANGES = {
    "name": "stock.sum",
    "version": "2",
    "description": "Count all.",
    "kind": ToolKind.MCP,
    "owner": "bo",
    "input_schema": {},
    "output_schema": None,
    "reversibility": Reversibility.IRREVERSIBLE,
    "approval": ApprovalRule.DUAL,
    "scopes": frozenset(),
    "limits": ToolLimits(),
    "output_label": Label(Classification.PUBLIC),
    "sink_ceiling": None,
    "redact": frozenset(),
    "secrets": frozenset(),
    "idempotent": False,
    "binding": {},
}


def test_a_definition_that_is_read_back_is_the_same() -> None:
    assert ToolDefinition.parse(WHOLE.form()) == WHOLE
    free = replace(WHOLE, sink_ceiling=None, output_schema=None)
    assert ToolDefinition.parse(free.form()) == free


@pytest.mark.parametrize("member", sorted(CHANGES))
def test_any_change_makes_another_digest(member: str) -> None:
    assert replace(WHOLE, **{member: CHANGES[member]}).digest != WHOLE.digest


def test_every_member_of_a_definition_is_under_its_digest() -> None:
    assert set(CHANGES) == set(ToolDefinition.__slots__) == set(WHOLE.form())


def test_what_is_not_said_permits_least() -> None:
    members = ("name", "version", "description", "kind", "owner", "input_schema")
    bare = ToolDefinition.parse({name: WHOLE.form()[name] for name in members})
    assert bare.reversibility is Reversibility.IRREVERSIBLE
    assert bare.sink_ceiling == Label(Classification.PUBLIC)
    assert not bare.idempotent
    assert bare.owned_by("bo").owner == "bo"


@pytest.mark.parametrize(
    "change",
    [
        {"name": "rm -rf"},
        {"name": ""},
        {"kind": "shell"},
        {"reversibility": "maybe"},
        {"scopes": "all"},
        {"limits": {"timeout_seconds": 0}},
        {"limits": {"colour": 1}},
        {"output_label": {"compartments": []}},
        {"output_label": "public"},
        {"further": 1},
    ],
)
def test_a_malformed_definition_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidRequestError):
        ToolDefinition.parse(WHOLE.form() | change)


def test_reversibility_is_ordered_by_what_it_takes() -> None:
    assert Reversibility.of("externally_reversible").word == "externally_reversible"
    assert Reversibility.READ < Reversibility.REVERSIBLE < Reversibility.IRREVERSIBLE


@given(st.dictionaries(st.text(), st.integers(-(2**53) + 1, 2**53 - 1)))
def test_the_order_of_members_changes_no_digest(members: dict[str, int]) -> None:
    assert digest_of(members) == digest_of(dict(reversed(members.items())))


def test_what_has_no_canonical_form_has_no_digest() -> None:
    for value in (2**60, float("nan"), object()):
        with pytest.raises(InvalidRequestError):
            canonical(value)


def test_what_comes_back_is_untrusted_unless_it_is_said() -> None:
    assert ToolResult(1, SECRET).trust is Trust.UNTRUSTED
    assert ToolCall("1", "stock.count", {}).tool == "stock.count"
