"""Who may start what, and what a run that is started by another one is held to."""

import pytest

from tests.vault.orchestrate.bureau import Bureau, charter
from vault.domain.errors import (
    InvalidRequestError,
    LimitExceededError,
    NotFoundError,
    RunStateError,
)
from vault.domain.identity import Subject
from vault.orchestrate.write_path import LoadedRun


def loaded(bureau: Bureau, run_id: str) -> LoadedRun:
    with bureau.store.read() as unit:
        return bureau.writes.load(unit, run_id)


def test_a_run_acts_for_whoever_starts_it_as_the_agent(bureau: Bureau) -> None:
    bureau.usual()
    run = loaded(bureau, bureau.starts.start("helper", "go", bureau.subject("ana"))).run
    assert (run.actor, run.on_behalf_of, run.through) == ("helper", "ana", ())


def test_for_those_it_is_not_open_to_an_agent_does_not_exist(bureau: Bureau) -> None:
    bureau.usual()
    words = set()
    for name, agent in (("rik", "helper"), ("ana", "nobody"), ("ana", "helper@9")):
        with pytest.raises(NotFoundError) as caught:
            bureau.starts.start(agent, "go", bureau.subject(name))
        words.add(caught.value.detail)
    assert words == {"there is no such agent"}


def test_what_nobody_approved_does_not_run(bureau: Bureau) -> None:
    bureau.tool("look")
    bureau.tool("do")
    bureau.agents.apply(charter(), None)
    with pytest.raises(RunStateError, match="helper@1 is draft; approve it"):
        bureau.starts.start("helper", "go", bureau.subject("ana"))


@pytest.mark.parametrize("text", ["", "  ", "x" * 100_001], ids=["none", "blank", "long"])
def test_an_input_has_some_text_and_not_too_much(bureau: Bureau, text: str) -> None:
    bureau.usual()
    with pytest.raises(InvalidRequestError):
        bureau.starts.start("helper", text, bureau.subject("ana"))


def test_a_version_can_be_named(bureau: Bureau) -> None:
    bureau.usual(active=True)
    bureau.agent(charter(purpose="Does it another way."))
    ana = bureau.subject("ana")
    assert loaded(bureau, bureau.starts.start("helper", "go", ana)).run.version == 1
    assert loaded(bureau, bureau.starts.start("helper@2", "go", ana)).run.version == 2


def test_a_run_below_another_has_no_right_that_the_one_above_lacks(bureau: Bureau) -> None:
    bureau.usual()
    bureau.agent(charter(name="clerk", owners={"business": "olga"}))
    parent = loaded(bureau, bureau.starts.start("helper", "go", bureau.subject("ana")))
    with bureau.store.read() as unit:
        above = bureau.kernel.subjects.of(unit, parent)
    assert above is not None
    child = loaded(bureau, bureau.starts.start("clerk", "go", above, parent=parent))
    assert (child.run.on_behalf_of, child.run.through) == ("ana", ("helper",))
    assert (child.run.parent, child.run.depth) == (parent.run.run_id, 1)
    with bureau.store.read() as unit:
        found = bureau.kernel.subjects.of(unit, child)
    assert found is not None
    assert [each.id for each in found.principals] == ["clerk", "ana", "helper"]


def test_runs_below_are_bounded_in_depth_and_number(bureau: Bureau) -> None:
    bureau.usual(charter(limits={"depth": 1, "fan_out": 1}))
    ana = bureau.subject("ana")
    parent = loaded(bureau, bureau.starts.start("helper", "go", ana))
    child = loaded(bureau, bureau.starts.start("helper", "go", ana, parent=parent))
    with pytest.raises(LimitExceededError, match="no more runs"):
        bureau.starts.start("helper", "go", ana, parent=parent)
    with pytest.raises(LimitExceededError, match="this deep"):
        bureau.starts.start("helper", "go", ana, parent=child)


def test_an_agent_that_acts_for_a_person_passes_its_own_bounds_on(bureau: Bureau) -> None:
    bureau.usual()
    bureau.agent(charter(name="desk"))
    with bureau.store.read() as unit:
        desk, ana = unit.principals.get("desk"), unit.principals.get("ana")
    assert desk is not None
    run_id = bureau.starts.start("helper", "go", Subject(desk, ana))
    assert loaded(bureau, run_id).run.through == ("desk",)
