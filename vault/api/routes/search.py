"""POST /v1/search."""

from fastapi import APIRouter

from vault.api.dependencies import CurrentVault, Searcher
from vault.api.problems import responses
from vault.api.schemas import SearchIn, SearchOut
from vault.domain.errors import DocumentTooLargeError, ModelUnavailableError

router = APIRouter(prefix="/v1/search", tags=["search"])


@router.post("", responses=responses(DocumentTooLargeError, ModelUnavailableError))
def create_search(body: SearchIn, searcher: Searcher, vault: CurrentVault) -> SearchOut:
    """Find the passages that fit best among those the caller may read."""
    found = vault.searches.search(body.query, searcher, limit=body.limit)
    return SearchOut.model_validate(found)
