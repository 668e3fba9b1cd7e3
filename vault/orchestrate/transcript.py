"""What a run's calls look like to its planner, and what its events say of them."""

from collections.abc import Mapping

from vault.domain.budgets import Amounts
from vault.domain.charters import parse_label
from vault.domain.labels import LOWEST, Label
from vault.domain.runs import CallRecord, CallStatus, RunState
from vault.domain.tools import ToolResult, Trust
from vault.orchestrate.governor import Verdict
from vault.orchestrate.planner import Observation, PlannedCall

_DONE = frozenset({CallStatus.SUCCEEDED, CallStatus.FAILED, CallStatus.DENIED})


def observations(state: RunState) -> tuple[Observation, ...]:
    """Return what became of every call that is over, in order."""
    return tuple(_observation(record) for record in state.calls if record.status in _DONE)


def planned_again(record: CallRecord) -> PlannedCall:
    """Return the plan behind a call that was asked for or begun before."""
    body = record.intent
    derived = body.get("derived_from")
    return PlannedCall(
        tool=record.call.tool,
        arguments=record.call.arguments,
        derived_from=frozenset(str(each) for each in derived)
        if isinstance(derived, list)
        else frozenset(),
        confidence=float(str(body.get("confidence", 1.0))),
        conflict=bool(body.get("conflict", False)),
    )


def call_body(call_id: str, planned: PlannedCall, verdict: Verdict) -> dict[str, object]:
    """Return what an event says of a planned call and of the verdict on it."""
    return {
        "call_id": call_id,
        "tool": planned.tool,
        "arguments": dict(planned.arguments),
        "derived_from": sorted(planned.derived_from),
        "confidence": planned.confidence,
        "conflict": planned.conflict,
        "reasons": list(verdict.reasons),
        "autonomy": None if verdict.level is None else verdict.level.form(),
        "label": label_body(verdict.origin.label),
        "tainted": verdict.origin.tainted,
        "origin": list(verdict.origin.calls),
    }


def call_facts(call_id: str, verdict: Verdict) -> dict[str, object]:
    """Return what the ledger says of a planned call: ids, digests and levels."""
    facts: dict[str, object] = {"call": call_id}
    if verdict.tool is not None:
        facts["tool"] = verdict.tool.digest
    if verdict.level is not None:
        facts["autonomy"] = verdict.level.effective.name
    if verdict.decision is not None:
        facts["policy"] = verdict.decision.policy_digest
        facts["rules"] = list(verdict.decision.reasons)
    return facts


def output_body(result: ToolResult) -> dict[str, object]:
    """Return what an event says of what a tool gave back."""
    return {
        "content": result.content,
        "label": label_body(result.label),
        "trust": result.trust.value,
        "bytes": result.bytes,
        "findings": list(result.findings),
        "sources": list(result.sources),
    }


def reserved_of(record: CallRecord) -> Amounts:
    """Return what was set aside for the attempt that is under way."""
    found = record.intent.get("reserved")
    return Amounts.parse(found if isinstance(found, Mapping) else {})


def label_body(label: Label) -> dict[str, object]:
    """Return a label as JSON."""
    return {
        "classification": label.classification.word,
        "compartments": sorted(label.compartments),
    }


def _observation(record: CallRecord) -> Observation:
    output = record.output or {}
    label = output.get("label")
    return Observation(
        call=record.call,
        status=record.status,
        content=output.get("content"),
        label=LOWEST if label is None else parse_label(label),
        trust=Trust(str(output.get("trust", Trust.UNTRUSTED.value))),
        reason=record.reason,
    )
