"""GET /v1/documents: what is held, as one reader may know it."""

import base64
import hashlib
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import PlainTextResponse

from vault.api.dependencies import CurrentVault, DocumentReader
from vault.api.document_schemas import (
    DocumentOut,
    DocumentsOut,
    DocumentsQuery,
    RevisionOut,
    RevisionsOut,
    TextQuery,
)
from vault.api.problems import responses
from vault.bootstrap import Vault
from vault.domain.errors import NotFoundError
from vault.lifecycle.pages import Place
from vault.store.documents import KeptDocument

router = APIRouter(prefix="/v1/documents", tags=["documents"])

DocumentId = Annotated[str, Path(max_length=128)]


@router.get("", responses=responses())
def list_documents(
    reader: DocumentReader,
    vault: CurrentVault,
    asked: Annotated[DocumentsQuery, Query()],
) -> DocumentsOut:
    """List the documents the caller may read, by title and page by page."""
    after = None if asked.after is None else Place.parse(asked.after)
    page = vault.shelf.page(reader, limit=asked.limit, after=after)
    return DocumentsOut(
        documents=[_shown(vault, found) for found in page.documents],
        next=None if page.next is None else page.next.serialise(),
    )


@router.get("/{document_id}", responses=responses(NotFoundError))
def show_document(
    document_id: DocumentId, reader: DocumentReader, vault: CurrentVault
) -> DocumentOut:
    """Show one document. What the caller may not read does not exist."""
    return _shown(vault, vault.shelf.show(document_id, reader))


@router.get(
    "/{document_id}/text",
    response_class=PlainTextResponse,
    responses=responses(NotFoundError, ok={"description": "The canonical text, in UTF-8."}),
)
def show_text(
    document_id: DocumentId,
    reader: DocumentReader,
    vault: CurrentVault,
    asked: Annotated[TextQuery, Query()],
) -> PlainTextResponse:
    """Return the canonical text that spans count code points of, with its digest.

    The digest is in the `Content-Digest` header (RFC 9530) and is the revision's
    `text_digest`.
    """
    text = vault.shelf.read(document_id, reader, revision=asked.revision)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return PlainTextResponse(text, headers={"Content-Digest": f"sha-256=:{digest}:"})


@router.get("/{document_id}/revisions", responses=responses(NotFoundError))
def list_revisions(
    document_id: DocumentId, reader: DocumentReader, vault: CurrentVault
) -> RevisionsOut:
    """List every revision of a document, oldest first."""
    found = vault.shelf.history(document_id, reader)
    return RevisionsOut(
        document_id=document_id, revisions=[RevisionOut.of(revision) for revision in found]
    )


def _shown(vault: Vault, kept: KeptDocument) -> DocumentOut:
    return DocumentOut.of(kept, now=vault.now())
