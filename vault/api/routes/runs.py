"""/v1/runs: agents at work, and the proof of any run."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from vault.api.dependencies import CurrentVault, LedgerReader, RunReader, RunStarter
from vault.api.problems import responses
from vault.api.run_schemas import (
    ReasonIn,
    ResolutionIn,
    RunIn,
    RunOut,
    RunRowOut,
    RunsOut,
    RunsQuery,
    StartedOut,
)
from vault.bootstrap import Vault
from vault.domain.errors import LedgerIntegrityError, NotFoundError, RunStateError
from vault.domain.identity import Subject
from vault.ledger.bundle import MEDIA_TYPE
from vault.orchestrate.run_forms import row_form, run_form, started_form

router = APIRouter(prefix="/v1/runs", tags=["runs"])

RunId = Annotated[str, Path(max_length=128)]
RESUME_SECONDS = 20.0
"""How long a request waits for a run that goes on."""


class ProofResponse(Response):
    """A proof bundle, to be kept and verified offline."""

    media_type = MEDIA_TYPE


class FileResponse(Response):
    """A file of a run, which no browser is to interpret."""

    media_type = "application/octet-stream"


@router.post("", status_code=201, responses=responses(NotFoundError, RunStateError))
def start_run(body: RunIn, starter: RunStarter, vault: CurrentVault) -> StartedOut:
    """Start a run of an agent for the caller, and wait a while for what it comes to."""
    run_id = vault.run_starts.start(body.agent, body.input, starter)
    vault.run_pool.submit(run_id, seconds=body.wait_seconds)
    return _started(vault, run_id, starter)


@router.get("", responses=responses())
def list_runs(
    reader: RunReader, vault: CurrentVault, asked: Annotated[RunsQuery, Query()]
) -> RunsOut:
    """List the runs that act for the caller, newest first."""
    found = vault.run_desk.all(reader, state=asked.state, limit=asked.limit)
    return RunsOut(runs=[RunRowOut.model_validate(row_form(each)) for each in found])


@router.get("/{run_id}", responses=responses(NotFoundError))
def show_run(run_id: RunId, reader: RunReader, vault: CurrentVault) -> RunOut:
    """Show a run: its calls, what decided on them, and what it came to."""
    return RunOut.model_validate(run_form(vault.run_desk.show(run_id, reader)))


@router.post("/{run_id}/resume", responses=responses(NotFoundError))
def resume_run(run_id: RunId, starter: RunStarter, vault: CurrentVault) -> StartedOut:
    """Go on with a run that was cut off, or whose approval is decided."""
    vault.run_desk.show(run_id, starter)
    vault.run_pool.submit(run_id, seconds=RESUME_SECONDS)
    return _started(vault, run_id, starter)


@router.post("/{run_id}/cancel", responses=responses(NotFoundError, RunStateError))
def cancel_run(
    run_id: RunId, body: ReasonIn, starter: RunStarter, vault: CurrentVault
) -> StartedOut:
    """Stop a run; what has happened is not undone, but nothing follows."""
    state = vault.run_desk.cancel(run_id, starter, reason=body.reason)
    return StartedOut.model_validate(started_form(run_id, state))


@router.post("/{run_id}/resolve", responses=responses(NotFoundError, RunStateError))
def resolve_run(
    run_id: RunId, body: ResolutionIn, starter: RunStarter, vault: CurrentVault
) -> StartedOut:
    """Say what became of a call whose outcome nobody saw; then the run goes on."""
    vault.run_desk.resolve(run_id, starter, outcome=body.outcome, reason=body.reason)
    vault.run_pool.submit(run_id, seconds=RESUME_SECONDS)
    return _started(vault, run_id, starter)


@router.get(
    "/{run_id}/artifacts/{digest}",
    response_class=FileResponse,
    responses=responses(NotFoundError, ok={"description": "The bytes of the file."}),
)
def show_artifact(
    run_id: RunId,
    digest: Annotated[str, Path(max_length=80)],
    reader: RunReader,
    vault: CurrentVault,
) -> FileResponse:
    """Return a file that a run produced, to the person it acts for."""
    _, content = vault.run_desk.artifact(run_id, digest, reader)
    return FileResponse(content, headers={"Content-Disposition": "attachment"})


@router.get(
    "/{run_id}/proof",
    response_class=ProofResponse,
    responses=responses(
        NotFoundError,
        RunStateError,
        LedgerIntegrityError,
        ok={"description": "The proof bundle; `strongroom verify` reads it."},
    ),
)
def show_proof(run_id: RunId, reader: LedgerReader, vault: CurrentVault) -> ProofResponse:
    """Return the proof of a run to whoever ran it; for anyone else there is no such run."""
    headers = {"Content-Disposition": 'attachment; filename="proof.json"'}
    return ProofResponse(vault.prove_run(run_id, reader), headers=headers)


def _started(vault: Vault, run_id: str, subject: Subject) -> StartedOut:
    state = vault.run_desk.show(run_id, subject).loaded.state
    return StartedOut.model_validate(started_form(run_id, state))
