"""What happened in a run reads the same to its planner, its record and its next attempt."""

from vault.domain.budgets import Amounts
from vault.domain.labels import Classification, Label
from vault.domain.runs import CallRecord, CallStatus, RunState
from vault.domain.tools import ToolCall, ToolResult, Trust
from vault.orchestrate.governor import Answer, Verdict
from vault.orchestrate.planner import Observation, PlannedCall
from vault.orchestrate.transcript import (
    call_body,
    call_facts,
    observations,
    output_body,
    planned_again,
    reserved_of,
)

CALL = ToolCall("1", "look", {"words": "x"})
HR = Label(Classification.SECRET, frozenset({"hr"}))


def test_an_output_comes_back_with_its_label_and_trust() -> None:
    body = output_body(ToolResult({"a": 1}, HR, Trust.TRUSTED, sources=("d1",)))
    record = CallRecord(CALL, CallStatus.SUCCEEDED, output=body)
    assert observations(RunState(calls=(record,))) == (
        Observation(CALL, CallStatus.SUCCEEDED, {"a": 1}, HR, Trust.TRUSTED),
    )


def test_what_goes_on_still_is_not_observed_and_a_failure_is_with_its_reason() -> None:
    calls = tuple(
        CallRecord(CALL, status, reason="why")
        for status in (CallStatus.INTENDED, CallStatus.ASKED, CallStatus.UNKNOWN)
    )
    assert observations(RunState(calls=calls)) == ()
    (found,) = observations(RunState(calls=(CallRecord(CALL, CallStatus.DENIED, reason="why"),)))
    assert (found.status, found.reason, found.trust) == (
        CallStatus.DENIED,
        "why",
        Trust.UNTRUSTED,
    )


def test_a_plan_is_read_back_from_its_event() -> None:
    planned = PlannedCall("look", {"words": "x"}, frozenset({"0"}), 0.5, True)
    body = call_body("1", planned, Verdict(Answer.DENY, ("no",)))
    assert planned_again(CallRecord(CALL, CallStatus.ASKED, intent=body)) == planned
    assert planned_again(CallRecord(CALL, CallStatus.ASKED)) == PlannedCall("look", {"words": "x"})


def test_the_ledger_hears_of_a_call_without_a_tool_only_its_number() -> None:
    assert call_facts("1", Verdict(Answer.DENY, ("no",))) == {"call": "1"}


def test_what_was_set_aside_is_read_back() -> None:
    record = CallRecord(CALL, CallStatus.INTENDED, intent={"reserved": {"calls": 1}})
    assert reserved_of(record) == Amounts(calls=1)
    assert reserved_of(CallRecord(CALL, CallStatus.ASKED)) == Amounts()
