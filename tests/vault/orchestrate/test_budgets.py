"""A run draws on its own account, on those above it and on the month's; none is passed."""

from tests.vault.orchestrate.bureau import Bureau, charter, one_step
from tests.vault.orchestrate.workshop import definition
from vault.domain.autonomy import Autonomy
from vault.domain.budgets import FEWEST_RUNS, Amounts, Balance, Caps
from vault.domain.tools import ToolLimits
from vault.orchestrate.budgets import accounts_of, most_of, soft_cap_reached, used_by


def test_a_run_draws_on_everything_above_it(bureau: Bureau) -> None:
    bureau.usual()
    ana = bureau.subject("ana")
    with bureau.store.read() as unit:
        first = bureau.starts.start("helper", "go", ana)
    with bureau.store.read() as unit:
        parent = bureau.writes.load(unit, first)
    second = bureau.starts.start("helper", "go", ana, parent=parent)
    with bureau.store.read() as unit:
        run = unit.run_events.get(second)
        assert run is not None
        assert accounts_of(unit, run) == (
            f"run:{second}",
            f"run:{first}",
            "agent:helper/2026-11",
            "agent:helper/for:ana/2026-11",
        )


def test_the_most_a_call_can_cost_is_what_it_may_take() -> None:
    tool = definition(limits=ToolLimits(timeout_seconds=2, cost_micros=5))
    assert most_of(tool, first=True) == Amounts(calls=1, attempts=1, milliseconds=2000, micros=5)
    assert most_of(tool, first=False).calls == 0
    assert used_by(tool, first=True, seconds=0.25).milliseconds == 250
    assert used_by(tool, first=True, seconds=99).milliseconds == 2000


def test_what_is_nearly_used_up_is_named() -> None:
    low = Balance("agent:x/2026-11", Caps({"tokens": 10}), spent=Amounts(tokens=8))
    assert soft_cap_reached([Balance("run:1", Caps({})), low]) == "tokens of agent"
    assert soft_cap_reached([]) is None


def test_the_limit_of_tokens_is_a_cap_of_the_run(bureau: Bureau) -> None:
    bureau.usual(charter(limits={"tokens": 50}, budgets={"run": {"tokens": 80}}))
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    with bureau.store.read() as unit:
        (found,) = unit.postings.balances([f"run:{run_id}"])
    assert found.caps.hard == {"tokens": 50}


def test_an_agent_that_behaves_unlike_itself_is_stopped(bureau: Bureau) -> None:
    bureau.tool("look")
    step = {"tool": "look", "arguments": {"words": "x"}}
    bureau.agent(one_step("look", autonomy="A2"))
    for _ in range(FEWEST_RUNS):
        bureau.run()
    bureau.agent(one_step("look", autonomy="A2") | {"steps": [step] * 12})
    run_id, _ = bureau.run()
    version = bureau.agents.history("helper")[-1]
    level = bureau.agents.level(version)
    assert (level.effective, level.lowered_by) == (
        Autonomy.A0,
        (("breaker", Autonomy.A0),),
    )
    with bureau.store.read() as unit:
        assert "far more calls" in str(unit.postings.breaker("helper"))
        run = unit.run_events.get(run_id)
        assert run is not None
        assert run.usage is not None
        assert run.usage.calls == 12
        assert b"breaker.opened" in b"".join(unit.ledger.bodies(0, 1000))
