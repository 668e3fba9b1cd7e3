"""The public JSON shapes of agents, runs and approvals, as every edge gives them out."""

from vault.domain.approvals import Approval, ApproverRecord
from vault.domain.assets import AssetVersion
from vault.domain.autonomy import Level
from vault.domain.runs import CallRecord, RunState
from vault.orchestrate.run_desk import ShownRun
from vault.retrieve.forms import label_form, moment_form
from vault.store.run_artifacts import RunArtifact
from vault.store.run_events import GovernedRun


def agent_form(version: AssetVersion, level: Level | None = None) -> dict[str, object]:
    """Return which version of an agent it is, and how far it may go now."""
    return {
        "name": version.name,
        "version": version.number,
        "digest": version.digest,
        "stage": version.state.stage,
        "applied_by": version.applied_by,
        "applied_at": moment_form(version.applied_at),
        "approved_by": version.approved_by,
        "purpose": version.body.get("purpose"),
        "autonomy": None if level is None else level.form(),
    }


def started_form(run_id: str, state: RunState) -> dict[str, object]:
    """Return where a run stands."""
    return {"run_id": run_id, "state": state.status.value}


def row_form(run: GovernedRun) -> dict[str, object]:
    """Return one run in one row."""
    return {
        "run_id": run.run_id,
        "agent": run.agent,
        "version": run.version,
        "for": run.on_behalf_of,
        "state": run.state,
        "started_at": moment_form(run.started_at),
        "ended_at": None if run.ended_at is None else moment_form(run.ended_at),
    }


def run_form(shown: ShownRun) -> dict[str, object]:
    """Return a run with all that the subject may know of it."""
    loaded, state = shown.loaded, shown.loaded.state
    return {
        **row_form(loaded.run),
        "state": state.status.value,
        "digest": loaded.version.digest,
        "parent": loaded.run.parent,
        "input": state.input if shown.full else None,
        "result": state.result if shown.full else None,
        "reason": state.reason,
        "calls": [_call_form(record, full=shown.full) for record in state.calls],
        "used": shown.used,
        "approvals": [approval_form(each) for each in shown.approvals],
        "artifacts": [artifact_form(each) for each in shown.artifacts] if shown.full else [],
        "events": [
            {"sequence": each.sequence, "type": each.type.value, "at": moment_form(each.at)}
            for each in shown.events
        ],
    }


def _call_form(record: CallRecord, *, full: bool) -> dict[str, object]:
    intent = record.intent
    form: dict[str, object] = {
        "call_id": record.call.id,
        "tool": record.call.tool,
        "state": record.status.value,
        "attempts": record.attempts,
        "approval": record.approval,
        "autonomy": intent.get("autonomy"),
        "label": intent.get("label"),
        "tainted": intent.get("tainted"),
        "reason": record.reason,
    }
    if full:
        output = record.output or {}
        form["arguments"] = dict(record.call.arguments)
        form["content"] = output.get("content")
    return form


def artifact_form(found: RunArtifact) -> dict[str, object]:
    """Return a file of a run without its content."""
    return {
        "name": found.name,
        "digest": found.digest,
        "media_type": found.media_type,
        "bytes": found.bytes,
        "label": label_form(found.label),
        "made_at": moment_form(found.made_at),
        "keep_until": None if found.keep_until is None else moment_form(found.keep_until),
    }


def approval_form(found: Approval, view: bytes | None = None) -> dict[str, object]:
    """Return a request for approval; whether it is a decoy is for nobody to see."""
    form: dict[str, object] = {
        "approval_id": found.id,
        "run_id": found.run_id,
        "call_id": found.call_id,
        "agent": found.agent,
        "for": found.requested_for,
        "state": found.state.value,
        "needed": found.needed,
        "granted": len(found.grants),
        "action_digest": found.action_digest,
        "policy_digest": found.policy_digest,
        "view_digest": found.view_digest,
        "requested_at": moment_form(found.requested_at),
        "expires_at": moment_form(found.expires_at),
    }
    return form if view is None else {**form, "view": view.decode()}


def approver_form(found: ApproverRecord) -> dict[str, object]:
    """Return how one approver decides."""
    return {
        "approver": found.approver,
        "decided": found.decided,
        "grant_rate": round(found.grant_rate, 3),
        "median_seconds": found.median_seconds,
        "decoys": found.decoys,
        "decoys_granted": found.decoys_granted,
    }
