"""GET /v1/ledger/checkpoint."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from vault.api.dependencies import CurrentVault, LedgerReader
from vault.api.problems import responses
from vault.domain.errors import LedgerIntegrityError

router = APIRouter(prefix="/v1/ledger", tags=["ledger"])


@router.get(
    "/checkpoint",
    response_class=PlainTextResponse,
    responses=responses(LedgerIntegrityError, ok={"description": "A C2SP signed note."}),
)
def show_checkpoint(
    reader: LedgerReader,  # noqa: ARG001 - only a reader of the ledger may ask
    vault: CurrentVault,
) -> PlainTextResponse:
    """Return a signed note over every entry so far; kept elsewhere, it fixes the past."""
    with vault.store.write() as unit:
        return PlainTextResponse(vault.ledger.checkpoint(unit.ledger))
