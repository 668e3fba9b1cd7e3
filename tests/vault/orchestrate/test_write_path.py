"""An event, its ledger entry and the state it leads to are committed together."""

import pytest

from tests.vault.orchestrate.bureau import Bureau
from vault.domain.attestation import opens_commitment
from vault.domain.errors import NotFoundError, RunStateError
from vault.domain.runs import EventType, RunStatus
from vault.ledger.events import LoggedEvent


@pytest.fixture
def run_id(bureau: Bureau) -> str:
    bureau.usual()
    return bureau.starts.start("helper", "go", bureau.subject("ana"))


def test_a_run_is_loaded_with_what_it_executes_and_where_it_stands(
    bureau: Bureau, run_id: str
) -> None:
    with bureau.store.read() as unit:
        loaded = bureau.writes.load(unit, run_id)
        assert (loaded.version.reference, loaded.state.input) == ("helper@1", "go")
        with pytest.raises(NotFoundError, match="no such run"):
            bureau.writes.load(unit, "nothing")


def test_an_event_is_a_ledger_entry_that_commits_to_it(bureau: Bureau, run_id: str) -> None:
    with bureau.store.read() as unit:
        loaded = bureau.writes.load(unit, run_id)
        ((event, sealed),) = unit.run_events.opened(run_id, key=loaded.key[1])
        logged = LoggedEvent.parse(unit.ledger.leaf(event.entry))
    assert (logged.type, logged.run_id) == ("run.started", run_id)
    assert opens_commitment(str(logged.facts["payload"]), salt=sealed.salt, content=sealed.content)


def test_nothing_but_an_outcome_follows_the_end(bureau: Bureau, run_id: str) -> None:
    bureau.desk.cancel(run_id, None, reason="x")
    with bureau.store.write() as unit:
        loaded = bureau.writes.load(unit, run_id)
        with pytest.raises(RunStateError, match="cancelled already"):
            bureau.writes.append(
                unit, loaded, EventType.RUN_SUCCEEDED, {"result": 1}, subject=None, facts={}
            )


def test_what_others_wrote_meanwhile_is_taken_over(bureau: Bureau, run_id: str) -> None:
    with bureau.store.read() as unit:
        loaded = bureau.writes.load(unit, run_id)
    bureau.desk.cancel(run_id, None, reason="x")
    with bureau.store.read() as unit:
        bureau.writes.refresh(unit, loaded)
    assert loaded.state.status is RunStatus.CANCELLED


def test_a_run_whose_content_was_erased_does_not_exist(bureau: Bureau, run_id: str) -> None:
    with bureau.store.read() as unit:
        key_id = bureau.writes.load(unit, run_id).key[0]
    bureau.store.keys.destroy([key_id], now=bureau.clock())
    with bureau.store.read() as unit, pytest.raises(NotFoundError, match="does not exist"):
        bureau.writes.load(unit, run_id)


def test_a_run_whose_version_was_altered_is_not_executed(bureau: Bureau, run_id: str) -> None:
    with bureau.store.database.transaction(write=True) as connection:
        connection.exec_driver_sql(
            "UPDATE asset_version SET digest = 'sha256:0' WHERE kind = 'agent'"
        )
    with bureau.store.read() as unit, pytest.raises(NotFoundError, match="agent version"):
        bureau.writes.load(unit, run_id)
