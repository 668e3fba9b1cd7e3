"""Whatever comes of a call is written with its cost, and what nobody saw is said so."""

from pathlib import Path

from tests.vault.homes import LEAVE, home, keep, subject
from tests.vault.orchestrate.bureau import Bureau, one_step
from vault.domain.runs import RunStatus
from vault.domain.tools import ToolResult
from vault.orchestrate.artifacts import MOST_BYTES


def test_what_a_call_used_is_settled(bureau: Bureau) -> None:
    bureau.tool("look")
    bureau.agent(one_step("look"))
    run_id, _ = bureau.run()
    shown = bureau.desk.show(run_id, None)
    assert shown.used == {"calls": 1, "attempts": 1, "milliseconds": 1}
    with bureau.store.read() as unit:
        for found in unit.postings.balances([f"run:{run_id}", "agent:helper/2026-11"]):
            assert not found.reserved.form()


def test_what_a_call_read_makes_the_run_rest_on_it(bureau: Bureau) -> None:
    label = bureau.subject("ana").actor.clearance
    bureau.tool("look", lambda *_: ToolResult("words", label, sources=("d1", "d1")))
    bureau.agent(one_step("look"))
    run_id, _ = bureau.run()
    with bureau.store.read() as unit:
        assert [each.id for each in unit.runs.resting_on("d1")] == [run_id]


def test_a_call_that_keeps_too_much_fails(bureau: Bureau) -> None:
    def act(_: object, context: object) -> object:
        label = bureau.subject("ana").actor.clearance
        content = b"x" * (MOST_BYTES + 1)
        return context.artifacts.put("a", content, media_type="text/plain", label=label)

    bureau.tool("look", act)
    bureau.agent(one_step("look"))
    _, state = bureau.run()
    assert state.status is RunStatus.FAILED
    assert "may not keep that many" in state.reason


def test_words_of_a_document_that_was_erased_meanwhile_are_not_kept(tmp_path: Path) -> None:
    with home(tmp_path) as vault:
        document = keep(vault, LEAVE)
        bureau = Bureau(vault.store, vault.now)
        label = subject(vault, "ana").actor.clearance

        def act(*_: object) -> object:
            vault.erasure.erase(document, subject(vault, "olga"), reason="asked for")
            return ToolResult("25 days", label, sources=(document,))

        bureau.tool("look", act)
        bureau.agent(one_step("look"))
        run_id, state = bureau.run()
        assert state.status is RunStatus.FAILED
        assert "was erased meanwhile" in state.reason
        assert state.calls[0].output is None
        assert bureau.desk.show(run_id, None).loaded.state == state
