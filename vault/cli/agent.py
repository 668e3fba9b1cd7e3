"""``strongroom agent``: who acts for people, under which charter, and how far."""

from pathlib import Path
from typing import Annotated

import typer

from vault.cli.console import acting, opened, print_json, say
from vault.domain.assets import AssetKind, AssetVersion
from vault.domain.errors import InvalidRequestError, NotFoundError
from vault.orchestrate.asset_files import read_asset, schema_of
from vault.orchestrate.run_forms import agent_form

app = typer.Typer(no_args_is_help=True, help="Agents and their charters.")

Name = Annotated[str, typer.Argument(metavar="NAME")]
As = Annotated[str | None, typer.Option("--as", metavar="P", help="Who acts; else the operator.")]
AsPerson = Annotated[str, typer.Option("--as", metavar="P", help="The owner who decides.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of a charter."""
    print_json(schema_of(AssetKind.AGENT))


@app.command("apply")
def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Charter in YAML or JSON.")],
    who: As = None,
    as_json: AsJson = False,
) -> None:
    """Bring a charter in as a draft; the same charter again changes nothing."""
    with opened() as vault:
        kept = vault.agents.apply(read_asset(_content(file)), acting(vault, who))
    _tell(kept, as_json=as_json)


@app.command("list")
def show_all(as_json: AsJson = False) -> None:
    """List every version of every agent."""
    with opened() as vault:
        forms = [agent_form(each, vault.agents.level(each)) for each in vault.agents.all()]
    if as_json:
        print_json({"agents": forms})
        return
    for form in forms:
        say(f"{form['name']!s:24} {form['version']!s:>3} {form['stage']!s:10} {form['purpose']}")


@app.command("show")
def show(
    name: Name, number: Annotated[int | None, typer.Option("--version", help="Else newest.")] = None
) -> None:
    """Show one version of an agent: its charter, and how far it may go now and why."""
    with opened() as vault:
        history = {each.number: each for each in vault.agents.history(name)}
        found = history.get(number or max(history))
        if found is None:
            raise NotFoundError("the agent has no such version")
        form = agent_form(found, vault.agents.level(found))
    print_json({**form, "charter": dict(found.body)})


@app.command("diff")
def diff(
    name: Name,
    older: Annotated[int | None, typer.Option("--from", help="Version; the one before.")] = None,
    newer: Annotated[int | None, typer.Option("--to", help="Version; the newest.")] = None,
) -> None:
    """Show in what two versions of an agent differ."""
    with opened() as vault:
        last = newer or vault.agents.history(name)[-1].number
        found = vault.agents.difference(name, older=older or last - 1, newer=last)
    print_json(
        {
            "differences": [
                {"pointer": each.pointer, "before": each.before, "after": each.after}
                for each in found
            ]
        }
    )


@app.command("approve")
def approve(
    name: Name,
    who: AsPerson,
    digest: Annotated[
        str | None, typer.Option(help="What was looked at; refuse any other version.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let the newest version run as a pilot; by an owner who did not bring it in."""
    with opened() as vault:
        kept = vault.agents.approve(name, vault.authenticator.subject(who), digest=digest)
    _tell(kept, as_json=as_json)


@app.command("promote")
def promote(name: Name, who: AsPerson, as_json: AsJson = False) -> None:
    """Put the approved version into production; by an owner who did not bring it in."""
    with opened() as vault:
        kept = vault.agents.promote(name, vault.authenticator.subject(who))
    _tell(kept, as_json=as_json)


@app.command("suspend")
def suspend(
    name: Name,
    reason: Annotated[str, typer.Option(help="Why, for the ledger.")],
    who: As = None,
    as_json: AsJson = False,
) -> None:
    """Stop every act of an agent from now on."""
    with opened() as vault:
        kept = vault.agents.suspend(name, acting(vault, who), reason=reason)
    _tell(kept, as_json=as_json)


@app.command("resume")
def resume(name: Name, who: As = None) -> None:
    """Let an agent act again that was stopped for unusual behaviour."""
    with opened() as vault:
        vault.agents.close_breaker(name, acting(vault, who))
    say(f"{name} may act again")


def _tell(kept: AssetVersion, *, as_json: bool) -> None:
    if as_json:
        print_json(agent_form(kept))
        return
    say(f"{kept.reference} is {kept.state.stage}, {kept.digest}")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InvalidRequestError(f"{file.name} cannot be read") from error
