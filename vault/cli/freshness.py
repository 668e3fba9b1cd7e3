"""``strongroom freshness`` and ``strongroom document attest|validity``."""

from typing import Annotated

import typer

from vault.cli.console import acting, opened, print_json, say
from vault.domain.records import Validity, parse_day
from vault.retrieve.forms import moment_form
from vault.store.freshness import StaleRecord

app = typer.Typer(no_args_is_help=True, help="What is stale, for its owner to look at.")


@app.callback()
def _freshness() -> None:
    """Keep ``report`` a command of its own."""


@app.command("report")
def report(
    as_principal: Annotated[
        str | None, typer.Option("--as", help="A data owner; everyone's by default.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most documents.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List stale documents and those to be reviewed, the most cited first."""
    with opened() as vault:
        subject = acting(vault, as_principal)
        found = vault.freshness.report(subject, limit=limit)
    if as_json:
        print_json({"documents": [_form(one) for one in found]})
        return
    for one in found:
        since = moment_form(min(filter(None, (one.stale_at, one.review_at))))[:10]
        say(f"{one.document_id}  since {since}  cited {one.cited:4}  {one.owner:16} {one.title}")
    if not found:
        say("Nothing is stale.")


def attest(
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    as_principal: Annotated[str, typer.Option("--as", help="Its owner.")],
) -> None:
    """Say, as its owner, that a document still holds; it counts as fresh from now."""
    with opened() as vault:
        subject = vault.authenticator.subject(as_principal)
        moment = vault.freshness.attest(document_id, subject)
    say(f"{document_id} is verified as of {moment_form(moment)}")


def validity(
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    as_principal: Annotated[str, typer.Option("--as", help="Its owner.")],
    from_: Annotated[
        str | None, typer.Option("--from", help="First day on which it holds: 2026-01-31.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="First day on which it no longer does.")
    ] = None,
) -> None:
    """Say, as its owner, for which time a document holds; without days, always.

    Outside that time it is left out of results and answers that do not ask for it.
    """
    said = Validity(*(None if day is None else parse_day(day) for day in (from_, until)))
    with opened() as vault:
        subject = vault.authenticator.subject(as_principal)
        found = vault.validity.set(document_id, said, subject)
    days = [None if day is None else moment_form(day)[:10] for day in (found.starts, found.ends)]
    say(f"{document_id} holds from {days[0] or 'ever'} until {days[1] or 'further notice'}")


def _form(found: StaleRecord) -> dict[str, object]:
    return {
        "document_id": found.document_id,
        "title": found.title,
        "owner": found.owner,
        "cited": found.cited,
        "stale_at": None if found.stale_at is None else moment_form(found.stale_at),
        "review_at": None if found.review_at is None else moment_form(found.review_at),
    }
