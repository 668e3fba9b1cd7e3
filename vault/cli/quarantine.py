"""``strongroom quarantine``: documents that are held back until two persons let them through."""

from typing import Annotated

import typer

from vault.cli.console import acting, opened, print_json, say
from vault.cli.retention import request_form
from vault.lifecycle.requests import RELEASE

app = typer.Typer(no_args_is_help=True, help="Documents held back, and why.")

AsAnyone = Annotated[
    str | None, typer.Option("--as", help="Their owner; the operator at the home by default.")
]
AsPrincipal = Annotated[str, typer.Option("--as", help="Who asks or decides.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
RequestId = Annotated[str, typer.Argument(metavar="REQUEST")]
Digest = Annotated[str, typer.Option(help="Digest of the request that was looked at.")]


@app.command("list")
def show_all(as_principal: AsAnyone = None, as_json: AsJson = False) -> None:
    """List the documents that are held back, with the rules that found something."""
    with opened() as vault:
        subject = acting(vault, as_principal)
        held = vault.quarantine.all(subject)
    rows = [
        {
            "document_id": kept.document.id,
            "uri": kept.document.uri,
            "owner": kept.document.governance.owner,
            "rules": sorted({f"{one.kind.value}: {one.rule}" for one in found}),
        }
        for kept, found in held
    ]
    if as_json:
        print_json({"documents": rows})
        return
    for row in rows:
        say(f"{row['document_id']}  {row['owner']:16} {', '.join(row['rules'])}  {row['uri']}")
    if not rows:
        say("Nothing is held back.")


@app.command("show")
def show(
    document_id: Annotated[str, typer.Argument(metavar="ID")], as_principal: AsAnyone = None
) -> None:
    """Show why one document is held back, with what stands around each finding."""
    with opened() as vault:
        subject = acting(vault, as_principal)
        held = vault.quarantine.show(document_id, subject)
    say(f"{held.kept.document.title} ({held.kept.document.uri})")
    for found, around in held.excerpts:
        say(f"  {found.kind.value}: {found.rule}, characters {found.span.start}-{found.span.end}")
        say(f"    {around}")


@app.command("ask")
def ask(
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    as_principal: AsPrincipal,
    as_json: AsJson = False,
) -> None:
    """Ask, as its owner, for a document to be let through; a keeper of records decides."""
    with opened() as vault:
        made = vault.quarantine.ask(document_id, vault.authenticator.subject(as_principal))
    if as_json:
        print_json(request_form(made))
    else:
        say(f"request {made.id}, digest {made.digest}, waits for a keeper of records")


@app.command("requests")
def requests(as_principal: AsPrincipal) -> None:
    """List the requests that wait for a decision."""
    with opened() as vault:
        waiting = vault.requests.waiting(RELEASE, vault.authenticator.subject(as_principal))
    print_json({"requests": [request_form(found) for found in waiting]})


@app.command("grant")
def grant(request_id: RequestId, digest: Digest, as_principal: AsPrincipal) -> None:
    """Let the very text through that was asked for."""
    with opened() as vault:
        subject = vault.authenticator.subject(as_principal)
        released = vault.quarantine.grant(request_id, digest=digest, subject=subject)
    say(f"{released} is released")


@app.command("refuse")
def refuse(request_id: RequestId, digest: Digest, as_principal: AsPrincipal) -> None:
    """Refuse a request; the document stays held back."""
    with opened() as vault:
        subject = vault.authenticator.subject(as_principal)
        vault.quarantine.refuse(request_id, digest=digest, subject=subject)
    say(f"request {request_id} is refused")
