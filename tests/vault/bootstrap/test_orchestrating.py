"""A home in which agents run: each service is built once, and what was cut off goes on."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.vault.homes import LEAVE, QUESTION, home, keep, subject
from tests.vault.orchestrate.leave_desk import furnish
from vault.bootstrap import Vault
from vault.domain.runs import RunStatus
from vault.ledger.verifier import verify_bundle


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with home(tmp_path) as found:
        furnish(found)
        yield found


@pytest.mark.parametrize(
    "name",
    [
        "agents",
        "approvals",
        "run_desk",
        "run_starts",
        "runner",
        "run_proofs",
        "run_pool",
        "replays",
        "conduct",
        "ladder",
    ],
)
def test_each_service_is_built_once(vault: Vault, name: str) -> None:
    assert getattr(vault, name) is getattr(vault, name)


def test_an_agent_works_from_the_question_to_the_ticket(vault: Vault) -> None:
    run_id = vault.run_starts.start("clerk", "2 + 3", subject(vault))
    assert vault.runner.advance(run_id).status is RunStatus.AWAITING_APPROVAL
    (found,) = vault.approvals.waiting(subject(vault, "olga"))
    vault.approvals.decide(
        found.id, subject(vault, "olga"), granted=True, view_digest=found.view_digest
    )
    state = vault.runner.advance(run_id)
    assert (state.status, state.result) == (RunStatus.SUCCEEDED, {"ticket": 1})
    assert verify_bundle(vault.prove_run(run_id, subject(vault)), [vault.signer.key.vkey]).pinned
    assert vault.replays.replay(run_id, subject(vault))["result"] == {
        "same": True,
        "result": {"ticket": 1},
    }


def test_a_search_is_proved_as_before(vault: Vault) -> None:
    keep(vault, LEAVE)
    found = vault.searches.search(QUESTION, subject(vault), limit=3)
    bundle = vault.prove_run(str(found["run_id"]), subject(vault))
    assert verify_bundle(bundle, [vault.signer.key.vkey]).pinned


def test_keeping_up_goes_on_with_what_was_cut_off_and_ends_what_nobody_answers(
    vault: Vault,
) -> None:
    cut_off = vault.run_starts.start("clerk", "1 + 1", subject(vault))
    silent = vault.run_starts.start("clerk", "2 + 2", subject(vault))
    vault.runner.advance(silent)
    with vault.store.database.transaction(write=True) as connection:
        connection.exec_driver_sql("UPDATE approval SET expires_at = '2020-01-01T00:00:00.000000Z'")
    vault.keep_up()
    vault.run_pool.close()
    states = {each.run_id: each.state for each in vault.run_desk.all(None)}
    assert states == {cut_off: "awaiting_approval", silent: "failed"}


def test_files_are_dropped_when_their_time_is_over(vault: Vault) -> None:
    run_id = vault.run_starts.start("clerk", "2 + 3", subject(vault))
    vault.runner.advance(run_id)
    with vault.store.write() as unit:
        assert len(unit.artifacts.of_run(run_id)) == 1
        assert unit.artifacts.drop_due(now=vault.now() + timedelta(days=31)) == 1
