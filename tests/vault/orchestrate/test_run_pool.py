"""Runs go on beside whoever asked for them, and one at a time each."""

from threading import Event

import pytest

from tests.vault.orchestrate.bureau import Bureau, one_step
from vault.domain.runs import RunStatus
from vault.orchestrate.run_pool import RunPool


def test_a_run_goes_on_and_can_be_waited_for(bureau: Bureau) -> None:
    bureau.usual()
    pool = RunPool(bureau.runner, threads=2)
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    pool.submit(run_id, seconds=30)
    assert bureau.desk.show(run_id, None).loaded.state.status is RunStatus.AWAITING_APPROVAL
    pool.close()


def test_a_run_that_is_asked_for_twice_is_worked_on_once(bureau: Bureau) -> None:
    going = Event()

    def act(*_: object) -> object:
        going.wait(30)
        return "done"

    bureau.tool("look", act)
    bureau.agent(one_step("look"))
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    pool = RunPool(bureau.runner, threads=2)
    pool.submit(run_id)
    pool.submit(run_id)
    going.set()
    pool.close()
    assert bureau.tools["look"].calls == 1
    assert bureau.desk.show(run_id, None).loaded.state.status is RunStatus.SUCCEEDED


def test_a_run_that_cannot_go_on_is_told_in_the_log(
    bureau: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    pool = RunPool(bureau.runner, threads=1)
    pool.submit("nothing", seconds=30)
    pool.close()
    assert "run_stopped" in caplog.text
