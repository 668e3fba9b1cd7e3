"""``strongroom token``: bearer tokens."""

from typing import Annotated

import typer

from vault.cli.console import opened, print_json, say
from vault.domain.errors import InvalidRequestError
from vault.domain.identity import READER_SCOPES, Scope
from vault.domain.records import parse_period
from vault.retrieve.forms import moment_form

app = typer.Typer(no_args_is_help=True, help="Bearer tokens for the HTTP interface.")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command("issue")
def issue(
    principal: Annotated[str, typer.Argument(metavar="PRINCIPAL")],
    scope: Annotated[list[str] | None, typer.Option(help="noun:verb, repeatable.")] = None,
    ttl: Annotated[str, typer.Option(help="How long it lives: 1h, 30d.")] = "1h",
    on_behalf_of: Annotated[
        str | None, typer.Option("--for", help="Person an agent acts for; rights intersect.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Issue a token and print it once; only its digest is kept."""
    with opened() as vault:
        scopes = frozenset(_scope(found) for found in scope) if scope else READER_SCOPES
        token, expires_at = vault.authenticator.issue(
            principal, scopes=scopes, ttl=parse_period(ttl), on_behalf_of=on_behalf_of
        )
    if as_json:
        print_json({"token": token, "expires_at": moment_form(expires_at)})
    else:
        say(token)


@app.command("revoke")
def revoke(token: Annotated[str, typer.Argument(metavar="TOKEN")]) -> None:
    """End a token at once; give the token or the id in its middle."""
    with opened() as vault:
        vault.authenticator.revoke(token)
        say("revoked")


def _scope(word: str) -> Scope:
    try:
        return Scope(word)
    except ValueError:
        known = ", ".join(sorted(scope.value for scope in Scope))
        raise InvalidRequestError(f"scope {word!r} is unknown; choose among {known}") from None
