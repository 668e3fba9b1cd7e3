"""``strongroom source`` and ``strongroom sync``: places that are followed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from vault.bootstrap import Vault
from vault.cli import governance as rules
from vault.cli.console import err, opened, print_json, refuse, say
from vault.cli.ingest import tell
from vault.cli.progress import watch
from vault.domain.errors import InvalidRequestError, SourceUnreachableError
from vault.domain.identity import check_id
from vault.ingest.report import IngestReport, ItemState
from vault.retrieve.forms import label_form, moment_form

app = typer.Typer(no_args_is_help=True, help="Places that connectors follow.")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command("add")
def add(  # noqa: PLR0913 - one argument per option
    name: Annotated[str, typer.Argument(metavar="NAME")],
    connector: Annotated[str, typer.Option(help="Kind of connector.")],
    config: Annotated[list[str] | None, typer.Option(help="KEY=VALUE, repeatable.")] = None,
    collection: rules.Collection = None,
    classification: rules.Level = None,
    compartment: rules.Compartments = None,
    reader: rules.Readers = None,
    deny: rules.Denied = None,
    owner: rules.Owner = None,
    retention: rules.Retention = None,
    review_every: rules.ReviewEvery = None,
    fresh_for: rules.FreshFor = None,
    record_class: rules.RecordClass = None,
) -> None:
    """Add a source; its documents get these rights and rules."""
    with opened() as vault:
        intake = rules.intake_of(
            check_id(name, noun="source"),
            collection=collection,
            classification=classification,
            compartments=compartment,
            readers=reader,
            denied=deny,
            owner=owner,
            retention=retention,
            review_every=review_every,
            fresh_for=fresh_for,
            record_class=record_class,
        )
        settings = dict(_pair(found) for found in config or ())
        health = vault.sources.add(connector, settings, intake)
        say(f"source {name} was added; {health.detail}")


def sync(
    name: Annotated[str | None, typer.Argument(metavar="NAME")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every source.")] = False,
    accept_deletions: Annotated[
        bool, typer.Option(help="Let many documents vanish at once.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Follow a source, or all: take in what is new, take out what is gone."""
    with opened() as vault:
        if (name is None) is not every:
            raise InvalidRequestError("name one source, or say --all")
        names = [found.id for found in vault.sources.all()] if name is None else [name]
        total, problems = _follow_each(vault, names, accept_deletions=accept_deletions)
        if any(found.state is not ItemState.UNCHANGED for found in total.outcomes):
            vault.refresh_index()
    if len(problems) < len(names) or not names:
        tell(total, as_json=as_json)
    if problems:
        refuse(problems[0])


def _follow_each(
    vault: Vault, names: Sequence[str], *, accept_deletions: bool
) -> tuple[IngestReport, list[SourceUnreachableError]]:
    """Follow each source; one that does not answer keeps no other from being followed."""
    total, problems = IngestReport(), []
    for each in names:
        try:
            outcomes = vault.sources.sync(each, accept_deletions=accept_deletions)
            report = watch(outcomes, total=None, title=f"sync {each}")
        except SourceUnreachableError as problem:
            err.print(f"[yellow]{escape(each)}:[/] {escape(problem.detail)}")
            problems.append(problem)
            continue
        total.outcomes.extend(report.outcomes)
        total.seconds += report.seconds
    return total, problems


@app.command("list")
def show_all(as_json: AsJson = False) -> None:
    """List every source."""
    with opened() as vault:
        forms = [_form(found, label) for found, label in vault.sources.described()]
    if as_json:
        print_json({"sources": forms})
        return
    for form in forms:
        say(f"{form['name']:20} {form['connector']:12} last synced {form['synced_at'] or 'never'}")


@app.command("show")
def show(name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Show one source with its rights and rules."""
    with opened() as vault:
        found, label = vault.sources.one(name)
        print_json(_form(found, label))


@app.command("dead-letters")
def dead_letters(
    name: Annotated[str | None, typer.Argument(metavar="NAME")] = None,
    as_json: AsJson = False,
) -> None:
    """List the items that could not be taken in, and why."""
    with opened() as vault, vault.store.read() as unit:
        letters = unit.sources.dead_letters(name)
    if as_json:
        print_json(
            {
                "dead_letters": [
                    {
                        "source": letter.source_id,
                        "uri": letter.uri,
                        "problem": letter.problem,
                        "reason": letter.reason,
                        "owner": letter.owner,
                        "failed_at": moment_form(letter.failed_at),
                    }
                    for letter in letters
                ]
            }
        )
        return
    for letter in letters:
        say(f"{letter.source_id:12} {letter.uri}: {letter.reason}")


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key:
        raise InvalidRequestError(f"--config {text!r} must be KEY=VALUE")
    # A sync may start in another folder, so a path is kept whole.
    return key, str(Path(value).absolute()) if Path(value).exists() else value


def _form(found: Any, label: Any) -> dict[str, Any]:  # noqa: ANN401 - two plain records
    return {
        "name": found.id,
        "connector": found.connector,
        "config": dict(found.config),
        "collection": label.collection,
        "label": label_form(label.label),
        "readers": sorted(label.readers),
        "denied": sorted(label.denied),
        "owner": found.governance.owner,
        "retention": found.governance.retention,
        "review_every": found.governance.review_every,
        "fresh_for": found.governance.fresh_for,
        "record_class": found.governance.record_class,
        "synced_at": None if found.synced_at is None else moment_form(found.synced_at),
    }
