"""``strongroom document``: what is held, and its life."""

import sys
from typing import Annotated, Any

import typer

from vault.cli.console import opened, print_json, say
from vault.domain.documents import Revision
from vault.domain.errors import InvalidRequestError
from vault.retrieve.forms import label_form, moment_form
from vault.store.documents import KeptDocument

app = typer.Typer(no_args_is_help=True, help="Documents and their life.")

AsPrincipal = Annotated[str, typer.Option("--as", help="Principal whose rights count.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
DocumentId = Annotated[str, typer.Argument(metavar="ID")]


@app.command("list")
def show_all(as_principal: AsPrincipal, as_json: AsJson = False) -> None:
    """List the documents a principal may read."""
    with opened() as vault:
        kept = vault.shelf.all(vault.authenticator.subject(as_principal))
    if as_json:
        print_json({"documents": [document_form(found) for found in kept]})
        return
    for found in kept:
        document = found.document
        level = document.access.label.classification.word
        say(f"{document.id}  {document.state.value:10} {level:13} {document.title}")


@app.command("show")
def show(
    document_id: DocumentId,
    as_principal: AsPrincipal,
    text: Annotated[bool, typer.Option("--text", help="Print the canonical text alone.")] = False,
    revision: Annotated[str | None, typer.Option(help="An older revision's id.")] = None,
) -> None:
    """Show one document, or its canonical text."""
    with opened() as vault:
        subject = vault.authenticator.subject(as_principal)
        if text:
            sys.stdout.write(vault.shelf.read(document_id, subject, revision=revision))
            return
        print_json(document_form(vault.shelf.show(document_id, subject)))


@app.command("history")
def history(document_id: DocumentId, as_principal: AsPrincipal) -> None:
    """Show every revision of a document, oldest first."""
    with opened() as vault:
        subject = vault.authenticator.subject(as_principal)
        revisions = vault.shelf.history(document_id, subject)
    print_json(
        {"document_id": document_id, "revisions": [revision_form(found) for found in revisions]}
    )


@app.command("supersede")
def supersede(
    document_id: DocumentId,
    by: Annotated[str, typer.Option(help="Id of the document that replaces it.")],
    as_principal: AsPrincipal,
) -> None:
    """Let a document give way to another; only its owner may say so."""
    with opened() as vault:
        vault.shelf.supersede(document_id, by, vault.authenticator.subject(as_principal))
    say(f"{document_id} gives way to {by}")


@app.command("erase")
def erase(
    document_id: DocumentId,
    reason: Annotated[str, typer.Option(help="Why; kept with the erasure.")],
    as_principal: AsPrincipal,
) -> None:
    """Erase a document for good; only its owner may. Its key is destroyed at once."""
    with opened() as vault:
        if not reason.strip():
            raise InvalidRequestError("an erasure needs a reason")
        subject = vault.authenticator.subject(as_principal)
        certificate = vault.shelf.erase(document_id, subject, reason=reason)
        vault.follower.purge()
    print_json({"certificate": certificate})


def document_form(kept: KeptDocument) -> dict[str, Any]:
    """Return the public JSON form of a document."""
    found = kept.document
    return {
        "document_id": found.id,
        "title": found.title,
        "uri": found.uri,
        "source": found.source_id,
        "media_type": found.media_type,
        "state": found.state.value,
        "collection": found.access.collection,
        "label": label_form(found.access.label),
        "owner": found.governance.owner,
        "retention": found.governance.retention,
        "review_every": found.governance.review_every,
        "fresh_for": found.governance.fresh_for,
        "captured_at": moment_form(found.captured_at),
        "modified_at": moment_form(found.modified_at),
        "superseded_by": found.superseded_by,
        "revision": None if found.revision is None else revision_form(found.revision),
    }


def revision_form(revision: Revision) -> dict[str, Any]:
    """Return the public JSON form of a revision."""
    return {
        "revision": revision.id,
        "number": revision.number,
        "digest": revision.digest,
        "text_digest": revision.text_digest,
        "captured_at": moment_form(revision.captured_at),
        "modified_at": moment_form(revision.modified_at),
        "characters": revision.characters,
        "chunks": revision.chunk_count,
        "pages": revision.pages,
        "language": revision.language,
        "engine": revision.engine,
        "coverage": round(revision.coverage, 4),
    }
