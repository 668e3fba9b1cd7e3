"""``strongroom document``: what is held, and its life."""

import sys
from typing import Annotated

import typer

from vault.cli.console import opened, print_json, say
from vault.domain.errors import InvalidRequestError
from vault.lifecycle.forms import document_form, revision_form

app = typer.Typer(no_args_is_help=True, help="Documents and their life.")

AsPrincipal = Annotated[str, typer.Option("--as", help="Principal whose rights count.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
DocumentId = Annotated[str, typer.Argument(metavar="ID")]


@app.command("list")
def show_all(as_principal: AsPrincipal, as_json: AsJson = False) -> None:
    """List the documents a principal may read."""
    with opened() as vault:
        kept = list(vault.shelf.all(vault.authenticator.subject(as_principal)))
        now = vault.now()
    if as_json:
        print_json({"documents": [document_form(found, now=now) for found in kept]})
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
        kept = vault.shelf.show(document_id, subject)
        described = vault.collections.description(kept)
        form = document_form(kept, now=vault.now())
    form["description"] = None if described is None else described.form()
    print_json(form)


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
        certificate = vault.erasure.erase(document_id, subject, reason=reason)
    print_json({"certificate": certificate})
