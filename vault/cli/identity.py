"""``strongroom identity``: people and groups of sources, and who they are here."""

from typing import Annotated, Any

import typer

from vault.cli.console import opened, print_json, say
from vault.domain.errors import InvalidRequestError, NotFoundError
from vault.domain.source_rights import name_group
from vault.ingest.bindings import Rebound
from vault.retrieve.forms import moment_form
from vault.store.session import UnitOfWork
from vault.store.sources import SourceRecord

app = typer.Typer(no_args_is_help=True, help="People and groups of sources, and who they are.")

NOBODY = "nobody"

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Source = Annotated[str, typer.Argument(metavar="SOURCE")]
Name = Annotated[str, typer.Argument(metavar="PRINCIPAL", help="As the source writes it.")]


@app.command("sync")
def sync(
    name: Annotated[str | None, typer.Argument(metavar="SOURCE")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every source of people.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring people, groups and memberships up to date; they hold from the next request on."""
    with opened() as vault:
        if (name is None) is not every:
            raise InvalidRequestError("name one source, or say --all")
        names = [found.id for found in vault.sources.of_people()] if name is None else [name]
        reports = [vault.sources.follow_people(each) for each in names]
    if as_json:
        print_json({"sources": [report.form() for report in reports]})
        return
    for report in reports:
        say(
            f"{report.source_id}: {report.people} people, {report.groups} groups; "
            f"{report.change.added} memberships came, {report.change.removed} went"
        )


@app.command("list")
def show_all(as_json: AsJson = False) -> None:
    """List the sources that know people and groups."""
    with opened() as vault, vault.store.read() as unit:
        forms = [_source_form(unit, found) for found in vault.sources.of_people()]
    if as_json:
        print_json({"sources": forms})
        return
    for form in forms:
        say(
            f"{form['source']:20} {form['people']:6} people {form['groups']:6} groups, "
            f"last followed {form['people_at'] or 'never'}"
        )


@app.command("show")
def show(source: Source) -> None:
    """Show whom a source knows, and which principals and groups they are here."""
    with opened() as vault, vault.store.read() as unit:
        if unit.sources.get(source) is None:
            raise NotFoundError(f"there is no source {source!r}")
        print_json(_people_form(unit, source))


@app.command("map")
def map_(
    source: Source,
    principal: Name,
    reference: Annotated[str, typer.Argument(help="user:U, group:G or nobody.")],
) -> None:
    """Say who a name of a source is, whatever its directory says."""
    with opened() as vault:
        meant = None if reference == NOBODY else reference
        _tell(vault.identities.map(source, principal, meant))


@app.command("unmap")
def unmap(source: Source, principal: Name) -> None:
    """Forget what was said about a name of a source."""
    with opened() as vault:
        _tell(vault.identities.unmap(source, principal))


def _tell(change: Rebound) -> None:
    say(f"{change.added} memberships came, {change.removed} went")


def _source_form(unit: UnitOfWork, found: SourceRecord) -> dict[str, Any]:
    people, groups = unit.identities.count(found.id)
    return {
        "source": found.id,
        "connector": found.connector,
        "people": people,
        "groups": groups,
        "match": found.following.match.value,
        "people_at": None if found.people_at is None else moment_form(found.people_at),
    }


def _people_form(unit: UnitOfWork, source: str) -> dict[str, Any]:
    here: dict[str, list[str]] = {}
    for group, member in sorted(unit.principals.derived(source)):
        if "/" not in member:
            here.setdefault(group, []).append(member)
    return {
        "source": source,
        "principals": [
            {
                "id": found.id,
                "name": found.name,
                "kind": "group" if found.is_group else "person",
                "active": found.active,
                "aliases": list(found.aliases),
                "here": here.get(name_group(source, found.id), []),
            }
            for found in unit.identities.all(source).values()
        ],
        "mapped": {
            name: reference or NOBODY for name, reference in unit.identities.mapped(source).items()
        },
        "names_in_rights": sorted({name for name, _ in unit.identities.names(source)}),
    }
