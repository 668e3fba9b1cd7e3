"""Each rule about agents has a row that fails when the rule is taken away."""

import re
from dataclasses import replace

import pytest

from tests.vault.orchestrate.workshop import definition
from vault.domain.autonomy import Autonomy
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import LOWEST, Classification, Label
from vault.domain.tools import ApprovalRule, Reversibility, ToolDefinition, ToolKind
from vault.policy.conduct import Asset, Circumstances, Conduct
from vault.policy.engine import DEFAULT_FOLDER, SCHEMA_FILE, PolicyEngine

SCHEMA = (DEFAULT_FOLDER / SCHEMA_FILE).read_text(encoding="utf-8")
POLICY = (DEFAULT_FOLDER / "default.cedar").read_text(encoding="utf-8")
INTERNAL = Label(Classification.INTERNAL)
ANA = Principal("ana", PrincipalKind.PERSON, INTERNAL, frozenset({"staff", "everyone"}))
OLGA = Principal("olga", PrincipalKind.PERSON, INTERNAL, frozenset({"staff"}))
HELPER = Principal("helper", PrincipalKind.AGENT, INTERNAL)
ACTING = Subject(HELPER, ANA)
A = Autonomy
R = Reversibility
ASSET = Asset(
    "agent",
    "helper",
    owners=frozenset({"user:olga"}),
    applied_by="operator",
    open_to=frozenset({"group:staff"}),
)


def conduct(without: str | None = None) -> Conduct:
    policies = POLICY
    if without is not None:
        policies = re.sub(rf'@id\("{without}"\).*?;\n', "", POLICY, flags=re.DOTALL)
        assert policies != POLICY
    return Conduct(PolicyEngine(policies=policies, schema=SCHEMA))


CONDUCT = conduct()


def tool(reversibility: R = R.READ, **changes: object) -> ToolDefinition:
    given = {"kind": ToolKind.PYTHON, "sink_ceiling": None, **changes}
    return definition("do", reversibility=reversibility, **given)


def may(found: ToolDefinition, at: Autonomy, *, by: Conduct = CONDUCT, **more: object) -> bool:
    return by.on_tool(ACTING, found, Circumstances(at, **more)).permitted


SEARCH = tool(kind=ToolKind.BUILTIN)
DRAFT = replace(tool(R.REVERSIBLE, kind=ToolKind.BUILTIN), name="write_artifact")


@pytest.mark.parametrize(
    ("found", "approved", "least"),
    [
        (SEARCH, False, A.A0),
        (DRAFT, False, A.A1),
        (tool(R.READ), False, A.A2),
        (tool(R.READ, kind=ToolKind.HTTP), False, A.A2),
        (tool(R.REVERSIBLE), True, A.A3),
        (tool(R.IRREVERSIBLE), True, A.A3),
        (tool(R.REVERSIBLE), False, A.A4),
        (tool(R.EXTERNALLY_REVERSIBLE), False, None),
        (tool(R.IRREVERSIBLE), False, None),
    ],
)
def test_each_level_allows_what_it_says_and_no_lower_one_does(
    found: ToolDefinition, approved: bool, least: Autonomy | None
) -> None:
    for level in Autonomy:
        expected = least is not None and level >= least
        assert may(found, level, approved=approved) is expected, level


@pytest.mark.parametrize(
    ("rule", "found", "given"),
    [
        ("escalations-wait", tool(), {"escalated": True}),
        ("owners-want-approval", tool(approval=ApprovalRule.ALWAYS), {}),
        ("owners-want-approval", tool(approval=ApprovalRule.DUAL), {}),
        ("tainted-acts-wait", tool(R.REVERSIBLE), {"tainted": True}),
        ("tainted-acts-wait", tool(kind=ToolKind.HTTP), {"tainted": True}),
    ],
)
def test_some_calls_wait_for_a_person_whatever_the_level(
    rule: str, found: ToolDefinition, given: dict[str, object]
) -> None:
    assert not may(found, A.A5, **given)
    assert may(found, A.A5, approved=True, **given)
    assert may(found, A.A5, by=conduct(without=rule), **given)


def test_untrusted_text_may_be_read_with_and_drafted_from() -> None:
    assert may(tool(), A.A5, tainted=True)
    assert may(DRAFT, A.A1, tainted=True)


@pytest.mark.parametrize(
    ("sink", "label", "flows"),
    [
        (None, Label(Classification.SECRET, frozenset({"hr"})), True),
        (INTERNAL, INTERNAL, True),
        (INTERNAL, Label(Classification.CONFIDENTIAL), False),
        (INTERNAL, Label(Classification.PUBLIC, frozenset({"hr"})), False),
        (LOWEST, INTERNAL, False),
    ],
)
def test_material_flows_only_where_its_label_may_be_approved_or_not(
    sink: Label | None, label: Label, flows: bool
) -> None:
    found = tool(sink_ceiling=sink)
    assert may(found, A.A5, label=label) is flows
    assert may(found, A.A5, label=label, approved=True) is flows
    assert may(found, A.A5, label=label, by=conduct(without="no-flow-above-the-sink"))


def test_a_run_starts_for_whom_the_agent_is_open_to() -> None:
    rik = Principal("rik", PrincipalKind.PERSON, INTERNAL)
    assert CONDUCT.on_start(ANA, ASSET, autonomy=A.A3, depth=0).permitted
    assert not CONDUCT.on_start(rik, ASSET, autonomy=A.A3, depth=0).permitted
    assert CONDUCT.on_start(HELPER, ASSET, autonomy=A.A3, depth=0).permitted


@pytest.mark.parametrize(
    "act", ["apply_asset", "approve_asset", "promote_asset", "suspend_asset", "oversee"]
)
def test_owners_answer_for_their_assets_and_nobody_else_does(act: str) -> None:
    assert CONDUCT.on_asset(Subject(OLGA), act, ASSET).permitted
    assert not CONDUCT.on_asset(Subject(ANA), act, ASSET).permitted
    assert not CONDUCT.on_asset(Subject(HELPER, OLGA), act, ASSET).permitted


@pytest.mark.parametrize("act", ["approve_asset", "promote_asset"])
def test_nobody_lets_be_used_what_they_brought_in(act: str) -> None:
    own = replace(ASSET, applied_by="user:olga")
    assert not CONDUCT.on_asset(Subject(OLGA), act, own).permitted
    without = conduct(without="nobody-approves-their-own-asset")
    assert without.on_asset(Subject(OLGA), act, own).permitted


def approves(found: Subject, *, by: Conduct = CONDUCT, requested_for: str = "ana") -> bool:
    return by.on_approval(
        found, agent="helper", requested_for=requested_for, approvers=["group:staff"]
    ).permitted


def test_named_persons_approve_acts_of_others_and_no_agent_does() -> None:
    robot = Principal("robot", PrincipalKind.AGENT, INTERNAL, frozenset({"staff"}))
    rik = Principal("rik", PrincipalKind.PERSON, INTERNAL)
    assert approves(Subject(OLGA))
    assert not approves(Subject(rik))
    assert not approves(Subject(robot))
    assert not approves(Subject(robot, OLGA))


def test_nobody_approves_acts_for_themselves() -> None:
    assert not approves(Subject(ANA))
    assert approves(Subject(ANA), by=conduct(without="nobody-approves-acts-for-themselves"))


def test_a_decision_names_its_rule_and_its_policy() -> None:
    found = CONDUCT.on_tool(ACTING, tool(), Circumstances(A.A5, escalated=True))
    assert (found.permitted, found.reasons) == (False, ("escalations-wait",))
    assert found.policy_digest == CONDUCT.digest
