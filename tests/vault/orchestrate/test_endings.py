"""A run ends once, with the label of what its result was made from."""

from tests.vault.orchestrate.bureau import INTERNAL, Bureau, charter, one_step
from vault.domain.runs import EventType
from vault.domain.tools import ToolResult
from vault.orchestrate.endings import asset_of
from vault.orchestrate.planner import Finish, GiveUp


def test_the_result_carries_the_label_of_what_it_came_from(bureau: Bureau) -> None:
    bureau.tool("look", lambda *_: ToolResult("words", INTERNAL))
    bureau.agent(one_step("look"))
    run_id, _ = bureau.run()
    last = bureau.desk.show(run_id, None).events[-1]
    assert last.type is EventType.RUN_SUCCEEDED
    assert last.body["label"] == {"classification": "internal", "compartments": []}


def test_a_result_of_its_own_carries_the_lowest_unless_everything_was_seen(
    bureau: Bureau,
) -> None:
    bureau.tool("look", lambda *_: ToolResult("words", INTERNAL))
    bureau.agent(one_step("look") | {"result": "done"})
    run_id, _ = bureau.run()
    last = bureau.desk.show(run_id, None).events[-1]
    assert last.body["label"] == {"classification": "public", "compartments": []}


def test_a_run_that_has_ended_does_not_end_again(bureau: Bureau) -> None:
    bureau.usual()
    run_id, _ = bureau.run()
    with bureau.store.write() as unit:
        loaded = bureau.writes.load(unit, run_id)
        loaded.state = bureau.kernel.endings.end(unit, loaded, GiveUp("no"), subject=None)
        again = bureau.kernel.endings.end(unit, loaded, Finish(1), subject=None)
    assert (again.reason, again.result) == ("no", None)


def test_a_run_may_act_only_for_whom_it_is_open_to_now(bureau: Bureau) -> None:
    bureau.usual(charter(open_to=["user:ana"]))
    run_id, _ = bureau.run()
    with bureau.store.read() as unit:
        loaded = bureau.writes.load(unit, run_id)
    assert bureau.kernel.endings.may_run(loaded, bureau.subject("ana"))
    assert not bureau.kernel.endings.may_run(loaded, bureau.subject("bo"))


def test_the_policy_knows_owners_by_their_references(bureau: Bureau) -> None:
    version = bureau.usual()
    run_id, _ = bureau.run()
    with bureau.store.read() as unit:
        loaded = bureau.writes.load(unit, run_id)
    assert asset_of(version, loaded.charter).owners == {"user:olga", "user:bo"}
