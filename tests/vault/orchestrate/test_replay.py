"""A run is planned again over what its tools said, and every difference is shown."""

import pytest

from tests.vault.orchestrate.bureau import Bureau, charter
from vault.domain.errors import NotFoundError, RunStateError
from vault.orchestrate.replay import Replay


def replay(bureau: Bureau, run_id: str, version: int | None = None, name: str = "ana") -> dict:
    found = Replay(
        bureau.writes,
        desk=bureau.desk,
        governor=bureau.governor,
        subjects=bureau.kernel.subjects,
        planner_for=bureau.planner_for,
    )
    return found.replay(run_id, bureau.subject(name), version=version)


@pytest.fixture
def run_id(bureau: Bureau) -> str:
    bureau.usual(charter(owners={"business": "olga"}))
    found, _ = bureau.run()
    bureau.decide()
    bureau.runner.advance(found)
    return found


def test_nothing_changed_means_the_same_again_and_no_tool_is_called(
    bureau: Bureau, run_id: str
) -> None:
    calls = bureau.tools["do"].calls
    found = replay(bureau, run_id)
    assert found["same"]
    assert [each["decided_now"] for each in found["calls"]] == ["permit", "ask"]
    assert bureau.tools["do"].calls == calls


def test_what_the_policy_says_otherwise_now_is_shown(bureau: Bureau, run_id: str) -> None:
    with bureau.store.write() as unit:
        unit.postings.open_breaker("helper", "unusual", now=bureau.clock())
    found = replay(bureau, run_id)
    assert not found["same"]
    assert [each["decided_now"] for each in found["calls"]] == ["deny", "deny"]


def test_another_version_of_the_agent_is_compared_with_what_was_done(
    bureau: Bureau, run_id: str
) -> None:
    steps = [
        {"tool": "look", "arguments": {"words": "{input}"}},
        {"tool": "do", "arguments": {"words": "something else"}},
    ]
    bureau.agents.apply(charter(owners={"business": "olga"}, steps=steps), None)
    found = replay(bureau, run_id, version=2)
    assert [each["same_plan"] for each in found["calls"]] == [True, False]
    assert found["version"] == "helper@2"
    with pytest.raises(NotFoundError, match="no such version"):
        replay(bureau, run_id, version=3)


def test_only_its_person_replays_a_run_and_only_once_it_has_ended(
    bureau: Bureau, run_id: str
) -> None:
    with pytest.raises(NotFoundError):
        replay(bureau, run_id, name="olga")
    other, _ = bureau.run()
    with pytest.raises(RunStateError, match="has ended"):
        replay(bureau, other)


def test_a_run_that_failed_fails_alike_and_without_its_person_nothing_is_decided(
    bureau: Bureau,
) -> None:
    bureau.usual()
    found, _ = bureau.run()
    bureau.decide(granted=False)
    bureau.runner.advance(found)
    again = replay(bureau, found)
    assert again["result"]["same"]
