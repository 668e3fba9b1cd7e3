"""POST /v1/search."""

from fastapi import APIRouter

from vault.api.dependencies import CurrentVault, Searcher
from vault.api.problems import responses
from vault.api.request_schemas import SearchIn
from vault.api.schemas import SearchOut
from vault.domain.errors import DocumentTooLargeError, ModelUnavailableError, NotFoundError

router = APIRouter(prefix="/v1/search", tags=["search"])


@router.post("", responses=responses(DocumentTooLargeError, ModelUnavailableError, NotFoundError))
def create_search(body: SearchIn, searcher: Searcher, vault: CurrentVault) -> SearchOut:
    """Find the passages that fit best among those the caller may read.

    Filters, spelling and references to earlier questions are read out of the words unless
    `interpret` is false; the response says what was made of them.
    """
    found = vault.searches.search(body.query, searcher, limit=body.limit, options=body.options())
    return SearchOut.model_validate(found)
