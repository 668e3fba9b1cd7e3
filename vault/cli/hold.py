"""``strongroom document hold|holds|release``: legal holds."""

from typing import Annotated

import typer

from vault.cli.console import acting, opened, print_json, say
from vault.domain.holds import HoldQuery, LegalHold
from vault.lifecycle.holds import Matter
from vault.retrieve.forms import moment_form

AsPrincipal = Annotated[
    str | None, typer.Option("--as", help="Who acts; the operator at the home by default.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def hold(  # noqa: PLR0913 - one argument per option
    matter: Annotated[str, typer.Option(help="The case it is for.")],
    authority: Annotated[str, typer.Option(help="Who ordered it: a court, counsel.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    document_ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...")] = None,
    collection: Annotated[str | None, typer.Option(help="All of this collection.")] = None,
    source: Annotated[str | None, typer.Option(help="All of this source.")] = None,
    owner: Annotated[str | None, typer.Option(help="All of this data owner.")] = None,
    uri_prefix: Annotated[str | None, typer.Option(help="All whose uri begins so.")] = None,
    title_contains: Annotated[str | None, typer.Option(help="All whose title has this.")] = None,
    as_principal: AsPrincipal = None,
    as_json: AsJson = False,
) -> None:
    """Stop every disposition of documents, named or fitting a query, now and later."""
    conditions = (collection, source, owner, uri_prefix, title_contains)
    with opened() as vault:
        query = HoldQuery(*conditions) if any(conditions) else None
        placed = vault.holds.place(
            Matter(matter, authority, reason),
            document_ids=document_ids or (),
            query=query,
            subject=acting(vault, as_principal),
        )
        covered = {found.id: count for found, count in vault.holds.all(None)}[placed.id]
    if as_json:
        print_json(hold_form(placed, covered))
    else:
        say(f"hold {placed.id} covers {covered} documents")


def holds(as_principal: AsPrincipal = None, as_json: AsJson = False) -> None:
    """List the legal holds, newest first."""
    with opened() as vault:
        subject = acting(vault, as_principal)
        found = vault.holds.all(subject)
    if as_json:
        print_json({"holds": [hold_form(one, count) for one, count in found]})
        return
    for one, count in found:
        state = "in force" if one.in_force else "released"
        say(f"{one.id}  {state:9} {count:6} documents  {one.matter}")


def release(
    hold_id: Annotated[str, typer.Argument(metavar="HOLD")],
    reason: Annotated[str, typer.Option(help="Why it ends.")],
    as_principal: AsPrincipal = None,
) -> None:
    """End a legal hold; what it covered follows its own rules again."""
    with opened() as vault:
        subject = acting(vault, as_principal)
        vault.holds.release(hold_id, reason=reason, subject=subject)
    say(f"hold {hold_id} is released")


def hold_form(found: LegalHold, covered: int) -> dict[str, object]:
    """Return the public JSON form of a hold."""
    return {
        "hold_id": found.id,
        "matter": found.matter,
        "authority": found.authority,
        "reason": found.reason,
        "query": None if found.query is None else found.query.conditions(),
        "documents": covered,
        "placed_by": found.placed_by,
        "placed_at": moment_form(found.placed_at),
        "released_by": found.released_by,
        "released_at": None if found.released_at is None else moment_form(found.released_at),
    }
