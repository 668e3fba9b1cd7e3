"""GET /v1/sources."""

from fastapi import APIRouter

from vault.api.dependencies import CurrentVault, SourceReader
from vault.api.document_schemas import SourceOut, SourcesOut
from vault.api.problems import responses
from vault.retrieve.forms import moment_form
from vault.store.session import UnitOfWork
from vault.store.sources import SourceRecord

router = APIRouter(prefix="/v1/sources", tags=["sources"])


@router.get("", responses=responses())
def list_sources(reader: SourceReader, vault: CurrentVault) -> SourcesOut:
    """List the sources that the caller owns; their configuration stays in the vault."""
    owners = {principal.id for principal in reader.principals}
    with vault.store.read() as unit:
        owned = [found for found in unit.sources.all() if owners == {found.governance.owner}]
        return SourcesOut(sources=[_source_out(unit, found) for found in owned])


def _source_out(unit: UnitOfWork, found: SourceRecord) -> SourceOut:
    return SourceOut(
        name=found.id,
        connector=found.connector,
        owner=found.governance.owner,
        retention=found.governance.retention,
        review_every=found.governance.review_every,
        fresh_for=found.governance.fresh_for,
        synced_at=None if found.synced_at is None else moment_form(found.synced_at),
        dead_letters=len(unit.sources.dead_letters(found.id)),
    )
