"""Fixed steps are followed to the letter; outputs fill them and never choose them."""

from typing import Any

from tests.vault.orchestrate.bureau import charter
from vault.domain.charters import Charter
from vault.domain.runs import CallStatus
from vault.domain.tools import ToolCall
from vault.orchestrate.planner import (
    Finish,
    FixedSteps,
    GiveUp,
    Move,
    Observation,
    PlannedCall,
    Situation,
)


def move(steps: list[dict[str, Any]], *contents: object, result: object = None) -> Move:
    body = charter(steps=steps, result=result)
    given = tuple(
        Observation(ToolCall(str(number), "look", {}), CallStatus.SUCCEEDED, content)
        for number, content in enumerate(contents, start=1)
    )
    return FixedSteps(Charter.parse(body)).plan(Situation("r1", "how much?", (), given)).move


LOOK = {"tool": "look", "arguments": {"words": "about {input}"}}


def test_the_input_fills_a_step() -> None:
    assert move([LOOK]) == PlannedCall("look", {"words": "about how much?"})


def test_an_output_fills_the_next_step_and_is_named_as_its_origin() -> None:
    step = {
        "tool": "do",
        "arguments": {
            "id": "{steps.1.content.hits.0.id}",
            "words": ["see {steps.1.content.hits.0.id}", {"deep": 1}],
        },
    }
    found = move([LOOK, step], {"hits": [{"id": 7}]})
    assert found == PlannedCall("do", {"id": 7, "words": ["see 7", {"deep": 1}]}, frozenset({"1"}))


def test_text_in_an_output_that_looks_like_a_reference_is_only_text() -> None:
    step = {"tool": "do", "arguments": {"words": "{steps.1.content}"}}
    assert move([LOOK, step], "{input}") == PlannedCall(
        "do", {"words": "{input}"}, frozenset({"1"})
    )


def test_the_result_follows_the_last_step() -> None:
    assert move([LOOK], "25 days", result={"days": "{steps.1.content}"}) == Finish(
        {"days": "25 days"}, frozenset({"1"})
    )
    assert move([LOOK], "25 days") == Finish("25 days")


def test_a_reference_to_nothing_ends_the_run() -> None:
    for words in ("{steps.2.content}", "{steps.1.content.gone}", "{steps.1.content.hits.5}"):
        found = move([LOOK, {"tool": "do", "arguments": {"words": words}}], {"hits": []})
        assert isinstance(found, GiveUp)
        assert "does not exist" in found.reason


def test_a_step_that_did_not_succeed_ends_the_run_with_its_reason() -> None:
    call = ToolCall("1", "look", {})
    denied = Observation(call, CallStatus.DENIED, reason="the policy denies it")
    found = FixedSteps(Charter.parse(charter())).plan(Situation("r1", "x", (), (denied,))).move
    assert found == GiveUp("step 1 (look) was denied: the policy denies it")
