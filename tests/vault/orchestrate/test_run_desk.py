"""A run is shown to its person whole, to owners without its words, to others not at all."""

import pytest

from tests.vault.orchestrate.bureau import Bureau, charter, one_step
from tests.vault.orchestrate.test_loop import Killed, fails
from vault.domain.errors import (
    AccessDeniedError,
    InvalidRequestError,
    NotFoundError,
    RunStateError,
)
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import LOWEST
from vault.domain.runs import RunStatus
from vault.domain.tools import Reversibility, ToolResult


def test_its_person_sees_everything_and_an_owner_what_happened(bureau: Bureau) -> None:
    bureau.usual(charter(owners={"business": "olga"}))
    run_id, _ = bureau.run()
    assert bureau.desk.show(run_id, bureau.subject("ana")).full
    assert bureau.desk.show(run_id, None).full
    assert not bureau.desk.show(run_id, bureau.subject("olga")).full


def test_for_anybody_else_there_is_no_such_run(bureau: Bureau) -> None:
    bureau.usual(charter(owners={"business": "olga"}))
    run_id, _ = bureau.run()
    for call in (
        lambda who: bureau.desk.show(run_id, who),
        lambda who: bureau.desk.cancel(run_id, who, reason="x"),
        lambda who: bureau.desk.resolve(run_id, who, outcome="failed", reason="x"),
        lambda who: bureau.desk.artifact(run_id, "sha256:0", who),
    ):
        with pytest.raises(NotFoundError, match="there is no such run"):
            call(bureau.subject("bo"))
    with pytest.raises(NotFoundError):
        bureau.desk.show("nothing", None)


def test_whoever_is_cleared_no_longer_does_not_see_what_was_said(bureau: Bureau) -> None:
    def act(*_: object) -> object:
        return ToolResult("secret words", bureau.subject("ana").actor.clearance)

    bureau.tool("look", act)
    bureau.agent(one_step("look"))
    run_id, _ = bureau.run()
    ana = Principal("ana", PrincipalKind.PERSON, LOWEST, frozenset({"staff"}))
    with bureau.store.write() as unit:
        unit.principals.add(ana, name="", now=bureau.clock())
        unit.raise_epoch()
    assert not bureau.desk.show(run_id, bureau.subject("ana")).full


def test_runs_are_listed_for_their_person(bureau: Bureau) -> None:
    bureau.usual()
    run_id, _ = bureau.run("ana")
    other, _ = bureau.run("bo")
    assert [each.run_id for each in bureau.desk.all(bureau.subject("ana"))] == [run_id]
    assert {each.run_id for each in bureau.desk.all(None)} == {run_id, other}
    assert bureau.desk.all(None, state="failed") == []


def test_a_run_is_stopped_once_and_nothing_follows(bureau: Bureau) -> None:
    bureau.usual()
    run_id, _ = bureau.run()
    state = bureau.desk.cancel(run_id, bureau.subject("ana"), reason="never mind")
    assert (state.status, state.reason) == (RunStatus.CANCELLED, "never mind")
    with pytest.raises(RunStateError, match="cancelled already"):
        bureau.desk.cancel(run_id, None, reason="again")
    bureau.decide()
    assert bureau.runner.advance(run_id).status is RunStatus.CANCELLED
    assert bureau.tools["do"].calls == 0


def stuck(bureau: Bureau) -> str:
    bureau.tool("do", fails(Killed()), reversibility=Reversibility.REVERSIBLE)
    bureau.agent(one_step(autonomy="A4", owners={"business": "olga"}), active=True)
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    with pytest.raises(Killed):
        bureau.runner.advance(run_id)
    return run_id


def test_stopping_a_run_whose_worker_died_says_that_nobody_knows(bureau: Bureau) -> None:
    run_id = stuck(bureau)
    assert bureau.desk.forsaken() == [run_id]
    bureau.desk.cancel(run_id, None, reason="enough")
    assert bureau.events(run_id)[-2:] == ["call.unknown", "run.cancelled"]
    assert bureau.desk.forsaken() == []


def test_only_who_answers_for_the_agent_settles_what_nobody_saw(bureau: Bureau) -> None:
    run_id = stuck(bureau)
    with pytest.raises(RunStateError, match="nothing in this run is unknown"):
        bureau.desk.resolve(run_id, None, outcome="failed", reason="x")
    bureau.runner.advance(run_id)
    with pytest.raises(AccessDeniedError):
        bureau.desk.resolve(run_id, bureau.subject("ana"), outcome="failed", reason="x")
    with pytest.raises(InvalidRequestError):
        bureau.desk.resolve(run_id, None, outcome="maybe", reason="x")
    state = bureau.desk.resolve(run_id, bureau.subject("olga"), outcome="failed", reason="no")
    assert state.status is RunStatus.RUNNING
    assert bureau.runner.advance(run_id).status is RunStatus.FAILED


def test_a_file_that_is_not_of_the_run_does_not_exist(bureau: Bureau) -> None:
    bureau.usual()
    run_id, _ = bureau.run()
    with pytest.raises(NotFoundError, match="no such file"):
        bureau.desk.artifact(run_id, "sha256:0", bureau.subject("ana"))
