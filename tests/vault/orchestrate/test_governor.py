"""The verdict on a call rests on its tool, its arguments, its origin and the policy."""

import pytest

from tests.vault.orchestrate.bureau import INTERNAL, Bureau, charter, one_step
from vault.domain.assets import AssetKind, AssetState
from vault.domain.autonomy import Autonomy
from vault.domain.labels import LOWEST, Classification, Label
from vault.domain.runs import CallStatus, RunStatus
from vault.domain.tools import ApprovalRule, Reversibility, ToolCall, ToolDefinition
from vault.orchestrate.governor import Answer, Verdict
from vault.orchestrate.planner import Observation, PlannedCall

ACTS = Reversibility.REVERSIBLE


def judge(bureau: Bureau, planned: PlannedCall, *, seen: tuple[Observation, ...] = ()) -> Verdict:
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    with bureau.store.read() as unit:
        loaded = bureau.writes.load(unit, run_id)
        subject = bureau.kernel.subjects.of(unit, loaded)
        assert subject is not None
        return bureau.governor.judge(unit, loaded, planned, subject=subject, seen=seen, balances=())


def do(**changes: object) -> PlannedCall:
    return PlannedCall("do", {"words": "x"}, **changes)


def usual(bureau: Bureau, **changes: object) -> ToolDefinition:
    made = bureau.tool("do", reversibility=ACTS)
    bureau.agent(one_step(autonomy="A4", **changes), active=True)
    return made


def test_a_call_within_the_mandate_is_permitted_with_the_rule_that_did(bureau: Bureau) -> None:
    usual(bureau)
    found = judge(bureau, do())
    assert found.answer is Answer.PERMIT
    assert found.decision is not None
    assert found.decision.reasons == ("act-within-mandate",)
    assert found.level is not None
    assert found.level.effective is Autonomy.A4


@pytest.mark.parametrize(
    ("planned", "said"),
    [
        (PlannedCall("look", {"words": "x"}), "the charter of the agent names no such tool"),
        (PlannedCall("do", {}), "words: is missing"),
        (PlannedCall("do", {"words": "x", "more": 1}), "more"),
    ],
)
def test_what_cannot_be_called_is_denied_with_its_reason(
    bureau: Bureau, planned: PlannedCall, said: str
) -> None:
    usual(bureau)
    found = judge(bureau, planned)
    assert found.answer is Answer.DENY
    assert said in found.reasons[0]


def test_a_suspended_tool_is_denied(bureau: Bureau) -> None:
    usual(bureau)
    with bureau.store.write() as unit:
        version = unit.assets.usable(AssetKind.TOOL, "do")
        assert version is not None
        unit.assets.move(version, AssetState.SUSPENDED, by="operator")
    assert judge(bureau, do()).reasons == ("there is no such tool",)


def test_a_tool_that_is_another_than_the_charter_names_asks(bureau: Bureau) -> None:
    usual(bureau)
    with bureau.store.write() as unit:
        version = unit.assets.usable(AssetKind.TOOL, "do")
        assert version is not None
        unit.assets.move(version, AssetState.RETIRED, by="operator")
    bureau.tool("do", reversibility=ACTS, version="2")
    found = judge(bureau, do())
    assert found.answer is Answer.ASK
    assert found.reasons == ("the tool is not the one that the charter names",)


@pytest.mark.parametrize(
    ("terms", "planned", "said"),
    [
        ({"confidence_below": 0.9}, do(confidence=0.5), "not sure enough"),
        ({}, do(conflict=True), "contradicts itself"),
    ],
)
def test_doubt_asks_for_a_person(
    bureau: Bureau, terms: dict[str, object], planned: PlannedCall, said: str
) -> None:
    usual(bureau, escalation=terms)
    found = judge(bureau, planned)
    assert found.answer is Answer.ASK
    assert said in found.reasons[0]


def test_arguments_from_untrusted_text_ask_and_above_the_sink_they_are_denied(
    bureau: Bureau,
) -> None:
    bureau.tool("do", reversibility=ACTS, sink_ceiling=INTERNAL)
    bureau.agent(one_step(autonomy="A4"), active=True)

    def output(label: Label) -> Observation:
        return Observation(ToolCall("1", "look", {}), CallStatus.SUCCEEDED, "page", label)

    planned = do(derived_from=frozenset({"1"}))
    found = judge(bureau, planned, seen=(output(INTERNAL),))
    assert found.answer is Answer.ASK
    assert "nobody vouches" in found.reasons[0]
    found = judge(bureau, planned, seen=(output(Label(Classification.SECRET)),))
    assert found.answer is Answer.DENY
    assert "no-flow-above-the-sink" in found.reasons[0]


def test_material_above_the_agents_label_asks(bureau: Bureau) -> None:
    bureau.tool("look", sink_ceiling=None)
    bureau.agent(one_step("look", autonomy="A4"), active=True)
    secret = Observation(
        ToolCall("1", "look", {}), CallStatus.SUCCEEDED, "page", Label(Classification.SECRET)
    )
    planned = PlannedCall("look", {"words": "x"}, frozenset({"1"}))
    found = judge(bureau, planned, seen=(secret,))
    assert (found.answer, found.reasons) == (
        Answer.ASK,
        ("the material is above the agent's label",),
    )


def test_a_budget_that_is_nearly_used_up_asks(bureau: Bureau) -> None:
    bureau.tool("do", reversibility=ACTS)
    steps = [{"tool": "do", "arguments": {"words": "x"}}] * 2
    body = charter(autonomy="A4", tools=["do"], steps=steps, budgets={"run": {"calls": 2}})
    body["budgets"]["soft_share"] = 0.5
    bureau.agent(body, active=True)
    _, state = bureau.run()
    assert (state.status, state.reason) == (
        RunStatus.AWAITING_APPROVAL,
        "the budget is nearly used up: calls of run",
    )


def test_as_many_persons_as_the_tool_is_dangerous(bureau: Bureau) -> None:
    assert Verdict(Answer.DENY, ()).persons == 1
    for changes, persons in (
        ({"reversibility": ACTS}, 1),
        ({"approval": ApprovalRule.DUAL}, 2),
        ({"reversibility": Reversibility.IRREVERSIBLE}, 2),
    ):
        tool = bureau.tool("do", **changes)
        assert Verdict(Answer.ASK, (), tool).persons == persons


def test_an_owner_who_wants_every_call_approved_gets_it(bureau: Bureau) -> None:
    bureau.tool("do", approval=ApprovalRule.ALWAYS)
    bureau.agent(one_step(autonomy="A5"), active=True)
    assert judge(bureau, do()).reasons == ("the tool's owner wants every call approved",)


def test_below_acting_an_act_is_denied_with_the_level(bureau: Bureau) -> None:
    bureau.tool("do", reversibility=ACTS)
    bureau.agent(one_step(autonomy="A2"), active=True)
    found = judge(bureau, do())
    assert found.answer is Answer.DENY
    assert "denies it at A2" in found.reasons[0]
    assert found.origin.label == LOWEST
