"""A run is numbered among its actor's own, and known by every document it rests on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import Clock
from vault.domain.errors import HomeUnavailableError
from vault.store.runs import RunRecord
from vault.store.session import Store


def run(clock: Clock, run_id: str, *, actor: str = "ana", number: int = 1) -> RunRecord:
    return RunRecord(run_id, "search", actor, None, number, "running", "key", clock())


def test_a_run_comes_back_as_it_began(store: Store, clock: Clock) -> None:
    record = RunRecord("r", "answer", "helper", "ana", 1, "running", "key", clock())
    with store.write() as unit:
        unit.runs.start(record)
        assert unit.runs.get("r") == record
        assert unit.runs.get("other") is None


def test_a_run_ends_once_with_a_state_and_a_time(store: Store, clock: Clock) -> None:
    started = clock()
    with store.write() as unit:
        unit.runs.start(run(clock, "r"))
        unit.runs.start(run(clock, "other", number=2))
        clock.forward(timedelta(seconds=3))
        unit.runs.end("r", state="succeeded", now=clock(), evidence=())
        ended, other = unit.runs.get("r"), unit.runs.get("other")
    assert ended is not None
    assert (ended.state, ended.started_at, ended.ended_at) == ("succeeded", started, clock())
    assert other is not None
    assert (other.state, other.ended_at) == ("running", None)


def test_each_actor_counts_its_own_runs(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        assert unit.runs.next_number("ana") == 1
        unit.runs.start(run(clock, "a"))
        unit.runs.start(run(clock, "b", number=2))
        assert unit.runs.next_number("ana") == 3
        assert unit.runs.next_number("bo") == 1


def test_no_two_runs_of_an_actor_share_a_number(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        unit.runs.start(run(clock, "a"))
        unit.runs.start(run(clock, "b", actor="bo"))
    with pytest.raises(HomeUnavailableError, match="refused"), store.write() as unit:
        unit.runs.start(run(clock, "c"))


def test_runs_are_found_by_the_documents_they_rest_on(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        for number, (run_id, evidence) in enumerate(
            [("a", ["d1", "d2", "d1"]), ("b", ["d2"]), ("c", [])], start=1
        ):
            unit.runs.start(run(clock, run_id, number=number))
            unit.runs.end(run_id, state="succeeded", now=clock(), evidence=evidence)
        found = {
            document: {record.id for record in unit.runs.resting_on(document)}
            for document in ("d1", "d2", "d3")
        }
        assert len(unit.runs.resting_on("d1")) == 1
    assert found == {"d1": {"a"}, "d2": {"a", "b"}, "d3": set()}


def test_an_agents_runs_are_counted_for_each_person_apart(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        for number, person, place in ((1, "ana", 1), (2, "bo", 1), (3, "ana", 2), (4, None, 1)):
            record = RunRecord(
                f"r{number}", "search", "helper", person, number, "running", "key", clock()
            )
            assert unit.runs.next_place("helper", person) == place
            unit.runs.start(replace(record, place=place))
        assert unit.runs.next_place("helper", "ana") == 3
        assert unit.runs.next_place("helper", "cleo") == 1
        assert unit.runs.next_place("ana", None) == 1
