"""``strongroom lowering``: levels that screening raised, lowered by two persons."""

from typing import Annotated

import typer

from vault.cli.console import opened, print_json, say
from vault.cli.retention import request_form
from vault.domain.labels import Classification
from vault.lifecycle.requests import LOWERING

app = typer.Typer(no_args_is_help=True, help="Levels that screening raised, lowered by two.")

AsPrincipal = Annotated[str, typer.Option("--as", help="Who asks or decides.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
RequestId = Annotated[str, typer.Argument(metavar="REQUEST")]
Digest = Annotated[str, typer.Option(help="Digest of the request that was looked at.")]


@app.command("ask")
def ask(
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    to: Annotated[str, typer.Option(help="The lower level.")],
    as_principal: AsPrincipal,
    as_json: AsJson = False,
) -> None:
    """Ask, as its owner, for a lower level; a keeper of records decides."""
    with opened() as vault:
        subject = vault.authenticator.subject(as_principal)
        made = vault.lowering.ask(document_id, Classification.of(to), subject)
    if as_json:
        print_json(request_form(made))
    else:
        say(f"request {made.id}, digest {made.digest}, waits for a keeper of records")


@app.command("requests")
def requests(as_principal: AsPrincipal) -> None:
    """List the requests that wait for a decision."""
    with opened() as vault:
        waiting = vault.requests.waiting(LOWERING, vault.authenticator.subject(as_principal))
    print_json({"requests": [request_form(found) for found in waiting]})


@app.command("grant")
def grant(request_id: RequestId, digest: Digest, as_principal: AsPrincipal) -> None:
    """Lower the level for the very text that was asked for."""
    with opened() as vault:
        subject = vault.authenticator.subject(as_principal)
        lowered = vault.lowering.grant(request_id, digest=digest, subject=subject)
    say(f"the level of {lowered} is lowered")


@app.command("refuse")
def refuse(request_id: RequestId, digest: Digest, as_principal: AsPrincipal) -> None:
    """Refuse a request; the level stays as it is."""
    with opened() as vault:
        subject = vault.authenticator.subject(as_principal)
        vault.lowering.refuse(request_id, digest=digest, subject=subject)
    say(f"request {request_id} is refused")
