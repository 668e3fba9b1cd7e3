"""GET /v1/runs/{id}/proof."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from vault.api.dependencies import CurrentVault, LedgerReader
from vault.api.problems import responses
from vault.domain.errors import LedgerIntegrityError, NotFoundError
from vault.ledger.bundle import MEDIA_TYPE

router = APIRouter(prefix="/v1/runs", tags=["runs"])


class ProofResponse(Response):
    """A proof bundle, to be kept and verified offline."""

    media_type = MEDIA_TYPE


@router.get(
    "/{run_id}/proof",
    response_class=ProofResponse,
    responses=responses(
        NotFoundError,
        LedgerIntegrityError,
        ok={"description": "The proof bundle; `strongroom verify` reads it."},
    ),
)
def show_proof(
    run_id: Annotated[str, Path(max_length=128)], reader: LedgerReader, vault: CurrentVault
) -> ProofResponse:
    """Return the proof of a run to whoever ran it; for anyone else there is no such run."""
    headers = {"Content-Disposition": 'attachment; filename="proof.json"'}
    return ProofResponse(vault.runs.prove(run_id, reader), headers=headers)
