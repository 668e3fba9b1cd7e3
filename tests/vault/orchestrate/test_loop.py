"""A run goes on by committed steps, and whatever stops it leaves a whole record."""

from datetime import timedelta

import pytest

from tests.vault.orchestrate.bureau import Bureau, charter, one_step
from vault.domain.budgets import Amounts
from vault.domain.errors import ModelUnavailableError
from vault.domain.identity import PrincipalKind
from vault.domain.runs import RunStatus
from vault.domain.tools import Reversibility
from vault.orchestrate.hands import LEASE
from vault.orchestrate.planner import Finish, Plan, PlannedCall, Situation
from vault.orchestrate.tool import RetryableToolError, RunEndingToolError, ToolFailedError

ACTS = Reversibility.REVERSIBLE


def fails(error: Exception) -> object:
    def act(*_: object) -> object:
        raise error

    return act


class Killed(BaseException):
    """The process dies here."""


def test_a_run_reads_asks_acts_and_ends_with_its_result(bureau: Bureau) -> None:
    bureau.usual()
    run_id, state = bureau.run()
    assert state.status is RunStatus.AWAITING_APPROVAL
    assert bureau.tools["do"].calls == 0
    bureau.decide()
    state = bureau.runner.advance(run_id)
    assert (state.status, state.result) == (RunStatus.SUCCEEDED, "do it")
    assert (bureau.tools["look"].calls, bureau.tools["do"].calls) == (1, 1)
    assert bureau.events(run_id) == [
        "run.started",
        "call.intended",
        "call.succeeded",
        "approval.asked",
        "call.intended",
        "call.succeeded",
        "run.succeeded",
    ]


def test_an_agent_in_production_acts_within_its_mandate_without_being_asked(
    bureau: Bureau,
) -> None:
    bureau.usual(charter(autonomy="A4"), active=True)
    _, state = bureau.run()
    assert state.status is RunStatus.SUCCEEDED


def test_a_pilot_asks_whatever_its_charter_allows(bureau: Bureau) -> None:
    bureau.usual(charter(autonomy="A5"))
    assert bureau.run()[1].status is RunStatus.AWAITING_APPROVAL


def test_a_refused_act_does_not_happen_and_the_run_says_so(bureau: Bureau) -> None:
    bureau.usual()
    run_id, _ = bureau.run()
    bureau.decide(granted=False)
    state = bureau.runner.advance(run_id)
    assert state.status is RunStatus.FAILED
    assert "a person refused the act" in state.reason
    assert bureau.tools["do"].calls == 0


def test_silence_is_a_denial(bureau: Bureau) -> None:
    bureau.usual()
    run_id, _ = bureau.run()
    bureau.clock.forward(timedelta(hours=25))
    state = bureau.runner.advance(run_id)
    assert state.status is RunStatus.FAILED
    assert "nobody approved the act in time" in state.reason
    assert bureau.tools["do"].calls == 0


def test_a_principal_who_is_gone_ends_the_run_before_the_next_act(bureau: Bureau) -> None:
    bureau.usual()
    run_id, _ = bureau.run()
    bureau.decide()
    with bureau.store.write() as unit:
        unit.principals.remove_member("staff", "user:ana")
        unit.raise_epoch()
    state = bureau.runner.advance(run_id)
    assert (state.status, state.reason) == (
        RunStatus.FAILED,
        "the principal this run acts for may no longer run it",
    )
    assert bureau.tools["do"].calls == 0


def test_an_agent_whose_name_stands_for_a_person_now_does_not_act(bureau: Bureau) -> None:
    bureau.usual()
    run_id, _ = bureau.run()
    bureau.decide()
    with bureau.store.write() as unit:
        found = unit.principals.get("helper")
        assert found is not None
        person = type(found)("helper", PrincipalKind.PERSON, found.clearance)
        unit.principals.add(person, name="", now=bureau.clock())
        unit.raise_epoch()
    assert bureau.runner.advance(run_id).status is RunStatus.FAILED


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_process_that_dies_while_acting_leaves_what_can_be_repeated_or_must_be_looked_at(
    bureau: Bureau, repeatable: bool
) -> None:
    bureau.tool("do", fails(Killed()), reversibility=ACTS, idempotent=repeatable)
    bureau.agent(one_step(autonomy="A4"), active=True)
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    with pytest.raises(Killed):
        bureau.runner.advance(run_id)
    keys: list[str] = []
    bureau.tools["do"]._act = lambda _, found: keys.append(found.idempotency_key) or "done"
    state = bureau.runner.advance(run_id)
    if repeatable:
        assert (state.status, state.result, len(keys)) == (RunStatus.SUCCEEDED, "done", 1)
        assert state.calls[0].attempts == 2
    else:
        assert (state.status, keys) == (RunStatus.UNKNOWN, [])
        assert bureau.runner.advance(run_id).status is RunStatus.UNKNOWN


def test_a_person_settles_what_nobody_saw_and_the_run_goes_on(bureau: Bureau) -> None:
    bureau.tool("do", fails(Killed()), reversibility=ACTS)
    bureau.agent(one_step(autonomy="A4"), active=True)
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    with pytest.raises(Killed):
        bureau.runner.advance(run_id)
    bureau.runner.advance(run_id)
    bureau.desk.resolve(run_id, bureau.subject("olga"), outcome="succeeded", reason="I looked")
    assert bureau.runner.advance(run_id).status is RunStatus.SUCCEEDED
    assert bureau.tools["do"].calls == 1


def test_a_repeated_call_is_cut_off_after_its_retries(bureau: Bureau) -> None:
    bureau.tool("look", fails(Killed()))
    bureau.agent(one_step("look", limits={"retries": 1}))
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    for _ in range(2):
        with pytest.raises(Killed):
            bureau.runner.advance(run_id)
    assert bureau.runner.advance(run_id).status is RunStatus.UNKNOWN
    assert bureau.tools["look"].calls == 2


def test_a_passing_failure_is_tried_again_with_the_same_key(bureau: Bureau) -> None:
    keys: list[str] = []

    def act(_: object, found: object) -> object:
        keys.append(found.idempotency_key)
        if len(keys) < 3:
            raise RetryableToolError("busy")
        return "done"

    bureau.tool("look", act)
    bureau.agent(one_step("look"))
    _, state = bureau.run()
    assert (state.status, len(keys), len(set(keys))) == (RunStatus.SUCCEEDED, 3, 1)


def test_an_approved_act_that_failed_in_passing_needs_no_second_approval(bureau: Bureau) -> None:
    outcomes = [RetryableToolError("busy")]

    def act(*_: object) -> object:
        if outcomes:
            raise outcomes.pop()
        return "done"

    bureau.tool("do", act, reversibility=ACTS)
    bureau.agent(one_step())
    run_id, _ = bureau.run()
    bureau.decide()
    assert bureau.runner.advance(run_id).status is RunStatus.SUCCEEDED


def test_a_failure_that_lasts_ends_fixed_steps_with_its_reason(bureau: Bureau) -> None:
    bureau.tool("look", fails(ToolFailedError("the shelf is empty")))
    bureau.agent(one_step("look"))
    _, state = bureau.run()
    assert state.status is RunStatus.FAILED
    assert "the shelf is empty" in state.reason
    assert bureau.tools["look"].calls == 1


def test_a_tool_that_breaks_a_rule_ends_the_run(bureau: Bureau) -> None:
    bureau.tool("look", fails(RunEndingToolError("it lied")))
    bureau.agent(one_step("look"))
    _, state = bureau.run()
    assert (state.status, state.reason) == (RunStatus.FAILED, "it lied")


def test_an_effect_that_nobody_can_know_of_goes_to_a_person(bureau: Bureau) -> None:
    bureau.tool("do", fails(ToolFailedError("cut off", effect_unknown=True)), reversibility=ACTS)
    bureau.agent(one_step(autonomy="A4"), active=True)
    _, state = bureau.run()
    assert (state.status, state.reason) == (RunStatus.UNKNOWN, "cut off")


def test_a_budget_is_never_passed_and_the_run_says_which(bureau: Bureau) -> None:
    body = charter(
        autonomy="A4",
        budgets={"run": {"calls": 1}},
        escalation={"budget_soft_cap": False},
    )
    bureau.usual(body, active=True)
    _, state = bureau.run()
    assert state.status is RunStatus.FAILED
    assert "no calls left" in state.reason
    assert bureau.tools["do"].calls == 0


@pytest.mark.parametrize(
    ("limits", "said"), [({"steps": 1}, "steps"), ({"seconds": 1}, "time")], ids=["steps", "time"]
)
def test_a_run_stops_at_its_limits(bureau: Bureau, limits: dict[str, int], said: str) -> None:
    def act(*_: object) -> object:
        bureau.clock.forward(timedelta(seconds=2))
        return "done"

    bureau.tool("look", act)
    steps = [{"tool": "look", "arguments": {"words": "a"}}] * 2
    bureau.agent(charter(tools=["look"], steps=steps, limits=limits))
    _, state = bureau.run()
    assert (state.status, state.reason) == (
        RunStatus.FAILED,
        f"the run has reached its limit of {said}",
    )


def test_time_spent_waiting_for_people_does_not_count(bureau: Bureau) -> None:
    bureau.usual(charter(limits={"seconds": 60}))
    run_id, _ = bureau.run()
    bureau.clock.forward(timedelta(hours=5))
    bureau.decide()
    assert bureau.runner.advance(run_id).status is RunStatus.SUCCEEDED


def test_a_run_that_another_living_worker_has_is_left_to_it(bureau: Bureau) -> None:
    bureau.usual()
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    seen: list[RunStatus] = []

    def act(*_: object) -> object:
        seen.append(bureau.runner.advance(run_id).status)
        return "done"

    bureau.tools["look"]._act = act
    bureau.runner.advance(run_id)
    assert seen == [RunStatus.RUNNING]
    assert bureau.tools["look"].calls == 1


def test_what_a_worker_brings_that_lost_its_run_no_longer_counts(bureau: Bureau) -> None:
    bureau.tool("look")
    bureau.agent(one_step("look"))
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))

    def act(*_: object) -> object:
        bureau.clock.forward(LEASE + timedelta(seconds=40))
        bureau.tools["look"]._act = lambda *_: "by the other"
        assert bureau.runner.advance(run_id).status is RunStatus.SUCCEEDED
        return "too late"

    bureau.tools["look"]._act = act
    bureau.runner.advance(run_id)
    assert bureau.desk.show(run_id, None).loaded.state.result == "by the other"


def test_a_run_that_is_stopped_while_it_acts_records_the_outcome_and_does_nothing_more(
    bureau: Bureau,
) -> None:
    bureau.usual(charter(autonomy="A4"), active=True)
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))

    def act(*_: object) -> object:
        bureau.desk.cancel(run_id, bureau.subject("ana"), reason="never mind")
        return "done"

    bureau.tools["look"]._act = act
    state = bureau.runner.advance(run_id)
    assert (state.status, state.reason) == (RunStatus.CANCELLED, "never mind")
    assert bureau.events(run_id)[-2:] == ["run.cancelled", "call.succeeded"]
    assert bureau.tools["do"].calls == 0


def test_what_a_dead_worker_had_set_aside_is_counted_as_used(bureau: Bureau) -> None:
    bureau.tool("look", fails(Killed()))
    bureau.agent(one_step("look"))
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    with pytest.raises(Killed):
        bureau.runner.advance(run_id)
    bureau.tools["look"]._act = lambda *_: "done"
    bureau.runner.advance(run_id)
    with bureau.store.read() as unit:
        (balance,) = unit.postings.balances([f"run:{run_id}"])
    assert (balance.reserved.calls, balance.reserved.milliseconds) == (0, 0)
    assert (balance.spent.calls, balance.spent.attempts) == (1, 2)
    assert balance.spent.milliseconds >= 30_000


class Scripted:
    """Plans what the test says, and reads every output like a model."""

    reads_outputs = True
    most = Amounts(tokens=100)

    def __init__(self, *moves: PlannedCall | Finish | Exception) -> None:
        self.moves = list(moves)
        self.seen: list[Situation] = []

    def plan(self, situation: Situation) -> Plan:
        self.seen.append(situation)
        move = self.moves.pop(0)
        if isinstance(move, Exception):
            raise move
        return Plan(move, Amounts(tokens=40))


def test_a_planner_that_chooses_sees_the_tools_and_pays_for_its_tokens(bureau: Bureau) -> None:
    bureau.usual()
    planner = Scripted(PlannedCall("look", {"words": "x"}), Finish("done"))
    bureau.planner = planner
    run_id, state = bureau.run()
    assert (state.status, state.result) == (RunStatus.SUCCEEDED, "done")
    assert [tool.name for tool in planner.seen[0].tools] == ["do", "look"]
    assert planner.seen[1].observations[0].content == "x"
    assert bureau.desk.show(run_id, None).used["tokens"] == 80


def test_a_planner_without_tokens_left_or_without_a_model_ends_the_run(bureau: Bureau) -> None:
    bureau.usual(charter(budgets={"run": {"tokens": 99}}))
    bureau.planner = Scripted(Finish("done"))
    assert "no tokens left" in bureau.run()[1].reason
    bureau.agent(charter(purpose="Has enough to plan with."))
    bureau.planner = Scripted(ModelUnavailableError("the model is gone"))
    run_id, state = bureau.run()
    assert (state.status, state.reason) == (RunStatus.FAILED, "the model is gone")
    with bureau.store.read() as unit:
        (found,) = unit.postings.balances([f"run:{run_id}"])
    assert found.drawn == Amounts()
