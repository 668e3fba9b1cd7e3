"""``strongroom tool``: what agents may call, who let them, and how it changed."""

import json
from pathlib import Path
from typing import Annotated

import typer

from vault.bootstrap import Vault
from vault.cli.console import acting, opened, print_json, say
from vault.domain.assets import AssetVersion
from vault.domain.errors import InvalidRequestError, NotFoundError
from vault.domain.tools import ToolDefinition
from vault.orchestrate.asset_files import read_asset
from vault.orchestrate.registry import ABSENT
from vault.orchestrate.tool_forms import difference_form, standing_form, version_form
from vault.orchestrate.toolbox.toolbox import SHIPPED

app = typer.Typer(no_args_is_help=True, help="Tools that agents may call.")

Name = Annotated[str, typer.Argument(metavar="NAME")]
As = Annotated[str | None, typer.Option("--as", metavar="P", help="Who acts; else the operator.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command("apply")
def apply(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="YAML or JSON.")] = None,
    builtin: Annotated[
        list[str] | None, typer.Option(help="A tool that ships, or all; repeatable.")
    ] = None,
    owner: Annotated[str | None, typer.Option(help="Who answers for the built-in ones.")] = None,
    who: As = None,
    as_json: AsJson = False,
) -> None:
    """Bring tools in as drafts: from a file, or those that ship."""
    with opened() as vault:
        if (file is None) == (not builtin):
            raise InvalidRequestError("name a file, or say --builtin")
        subject = acting(vault, who)
        if file is None:
            definitions = _shipped(builtin or [], owner)
        else:
            definitions = [vault.tool_definition(read_asset(_content(file)))]
        kept = [vault.tool_desk.apply(found, subject) for found in definitions]
    _tell(kept, as_json=as_json)


@app.command("list")
def show_all(as_json: AsJson = False) -> None:
    """List the newest and the used version of every tool."""
    with opened() as vault:
        forms = [standing_form(found) for found in vault.tool_desk.standings()]
    if as_json:
        print_json({"tools": forms})
        return
    for form in forms:
        say(
            f"{form['name']!s:24} {form['version']!s:>3} {form['stage']!s:10} {form['kind']!s:8} "
            f"{form['reversibility']!s:22} {form['owner']}"
        )


@app.command("show")
def show(name: Name) -> None:
    """Show every version of a tool and the whole definition of the newest."""
    with opened() as vault:
        history = vault.tool_desk.history(name)
        newest = history[-1]
        print_json(
            {
                "versions": [standing_form(found) for found in history],
                "definition": newest.version.body,
                "secrets_set": _secrets_set(vault, newest.definition),
            }
        )


@app.command("approve")
def approve(
    name: Name,
    digest: Annotated[
        str | None, typer.Option(help="What was looked at; refuse any other version.")
    ] = None,
    who: As = None,
    as_json: AsJson = False,
) -> None:
    """Let the newest version of a tool be called instead of the one before."""
    with opened() as vault:
        kept = vault.tool_desk.approve(name, acting(vault, who), digest=digest)
    _tell([kept], as_json=as_json)


@app.command("suspend")
def suspend(
    name: Name,
    reason: Annotated[str, typer.Option(help="Why, for the ledger.")],
    who: As = None,
    as_json: AsJson = False,
) -> None:
    """Stop every call of a tool from now on."""
    with opened() as vault:
        kept = vault.tool_desk.suspend(name, acting(vault, who), reason=reason)
    _tell([kept], as_json=as_json)


@app.command("diff")
def diff(
    name: Name,
    older: Annotated[int | None, typer.Option("--from", help="Version; the one before.")] = None,
    newer: Annotated[int | None, typer.Option("--to", help="Version; the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show in what two versions of a tool differ."""
    with opened() as vault:
        last = newer or vault.tool_desk.history(name)[-1].version.number
        first = older or last - 1
        if first < 1:
            raise NotFoundError("the tool has one version only; there is nothing to compare")
        found = vault.tool_desk.difference(name, older=first, newer=last)
    if as_json:
        changes = [difference_form(one) for one in found]
        print_json({"name": name, "from": first, "to": last, "changes": changes})
        return
    for one in found:
        say(f"{one.pointer or '/'}")
        say(f"  - {json.dumps(one.before, ensure_ascii=False)}")
        say(f"  + {json.dumps(one.after, ensure_ascii=False)}")


@app.command("test")
def try_out(
    name: Name,
    arguments: Annotated[str, typer.Option(help="Arguments as a JSON object.")] = "{}",
    call: Annotated[bool, typer.Option("--call", help="Call it too; read tools only.")] = False,
    who: Annotated[str | None, typer.Option("--as", metavar="P", help="For whom.")] = None,
) -> None:
    """Say whether arguments would be taken, and with --call what comes back."""
    with opened() as vault:
        given = _arguments(arguments)
        definition = next(
            (found for found in vault.tool_desk.callable_now() if found.name == name), None
        )
        if definition is None:
            raise NotFoundError(ABSENT)
        problems = vault.tool_registry.tool(definition).problems(given)
        form: dict[str, object] = {
            "name": name,
            "digest": definition.digest,
            "valid": not problems,
            "problems": [
                {"field": one.field, "rule": one.rule, "detail": one.sentence} for one in problems
            ],
        }
        if call and not problems:
            subject = acting(vault, who)
            if subject is None:
                raise InvalidRequestError("say --as: a tool reads with somebody's rights")
            form["result"] = vault.tool_trials.call(definition, given, subject)
        print_json(form)
    if problems:
        raise SystemExit(InvalidRequestError.exit_code)


def _shipped(names: list[str], owner: str | None) -> list[ToolDefinition]:
    if owner is None:
        raise InvalidRequestError("say --owner: a tool is called only while somebody owns it")
    wanted = list(SHIPPED) if names == ["all"] else names
    unknown = [name for name in wanted if name not in SHIPPED]
    if unknown:
        raise NotFoundError(f"no tool {unknown[0][:64]!r} ships; there are {', '.join(SHIPPED)}")
    return [SHIPPED[name].owned_by(owner) for name in wanted]


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise InvalidRequestError("the file cannot be read") from None


def _arguments(text: str) -> dict[str, object]:
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise InvalidRequestError("--arguments must be a JSON object")
    return given


def _secrets_set(vault: Vault, definition: ToolDefinition | None) -> dict[str, bool]:
    names = () if definition is None else sorted(definition.secrets)
    return {name: vault.secret_broker.holds(name) for name in names}


def _tell(kept: list[AssetVersion], *, as_json: bool) -> None:
    forms = [version_form(found) for found in kept]
    if as_json:
        print_json({"tools": forms})
        return
    for form in forms:
        say(f"{form['name']}@{form['version']} is {form['stage']}; {form['digest']}")
