"""Before an act its decision, its approval and its reservation are committed, or nothing is."""

import pytest

from tests.vault.orchestrate.bureau import Bureau, one_step
from tests.vault.orchestrate.workshop import definition
from vault.domain.budgets import Amounts
from vault.domain.errors import LimitExceededError
from vault.domain.runs import RunState, RunStatus, idempotency_key
from vault.domain.tools import Reversibility, ToolCall, ToolLimits
from vault.orchestrate.beginnings import Asking, Begun, refusal, repeatable
from vault.orchestrate.governor import Answer
from vault.orchestrate.planner import PlannedCall

ASKING = Asking(ToolCall("1", "do", {"words": "x"}), PlannedCall("do", {"words": "x"}))


def begin(bureau: Bureau, run_id: str) -> tuple[RunState, Begun | None]:
    with bureau.store.write() as unit:
        loaded = bureau.writes.load(unit, run_id)
        subject = bureau.kernel.subjects.of(unit, loaded)
        assert subject is not None
        return bureau.kernel.beginnings.begin(unit, loaded, ASKING, subject)


def start(bureau: Bureau, **changes: object) -> str:
    bureau.tool("do", reversibility=Reversibility.REVERSIBLE, limits=ToolLimits(cost_micros=7))
    bureau.agent(one_step(**{"autonomy": "A4", **changes}), active=True)
    return bureau.starts.start("helper", "go", bureau.subject("ana"))


def test_an_intent_names_its_key_its_autonomy_and_what_is_set_aside(bureau: Bureau) -> None:
    run_id = start(bureau)
    state, begun = begin(bureau, run_id)
    assert begun is not None
    assert begun.reserved == Amounts(calls=1, attempts=1, milliseconds=30_000, micros=7)
    assert state.last is not None
    intent = state.last.intent
    assert intent["key"] == idempotency_key(run_id, "1")
    assert intent["autonomy"] == {"effective": "A4", "charter": "A4", "lowered_by": {}}
    assert intent["reserved"] == begun.reserved.form()
    with bureau.store.read() as unit:
        for account in unit.postings.balances(begun.accounts):
            assert account.reserved == begun.reserved


def test_what_cannot_be_paid_for_leaves_nothing_behind(bureau: Bureau) -> None:
    run_id = start(bureau, budgets={"month": {"money": 0}}, escalation={"budget_soft_cap": False})
    with pytest.raises(LimitExceededError, match="no micros left"):
        begin(bureau, run_id)
    assert bureau.events(run_id) == ["run.started"]


def test_the_same_act_asks_a_person_at_a_lower_level(bureau: Bureau) -> None:
    run_id = start(bureau, autonomy="A3")
    state, begun = begin(bureau, run_id)
    assert begun is None
    assert state.status is RunStatus.AWAITING_APPROVAL


def test_only_reads_and_idempotent_tools_can_be_repeated() -> None:
    acts = Reversibility.REVERSIBLE
    assert repeatable(definition())
    assert repeatable(definition(reversibility=acts, idempotent=True))
    assert not repeatable(definition(reversibility=acts))


def test_a_refusal_is_a_denial_with_its_reason() -> None:
    assert refusal("no").answer is Answer.DENY
    assert refusal("no").reasons == ("no",)


def test_a_rate_that_is_used_up_denies_the_call(bureau: Bureau) -> None:
    bureau.tool("look", limits=ToolLimits(calls_per_minute=1))
    steps = [{"tool": "look", "arguments": {"words": "x"}}] * 2
    bureau.agent(one_step("look") | {"steps": steps})
    _, state = bureau.run()
    assert state.status is RunStatus.FAILED
    assert "called too often" in state.reason
    assert bureau.tools["look"].calls == 1
