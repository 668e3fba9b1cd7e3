"""``strongroom ingest``: files and folders of this machine, once."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from connectors.base import Connector
from connectors.facts import Item
from vault.bootstrap import Vault
from vault.cli import governance as rules
from vault.cli.console import err, opened, out, print_json, say
from vault.cli.progress import watch
from vault.domain.errors import ERRORS, InvalidRequestError, NotFoundError, VaultError
from vault.ingest.report import IngestReport, ItemState

LOCAL = "local"
"""Source of everything that is taken in by hand."""

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def ingest(  # noqa: PLR0913 - one argument per option
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders.")],
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
    valid_until: rules.ValidUntil = None,
    as_json: AsJson = False,
) -> None:
    """Take files in; collection, classification, readers and owner must be said.

    Running it again takes in only what changed, so a run that was broken off goes on where
    it stopped.
    """
    with opened() as vault:
        intake = rules.intake_of(
            LOCAL,
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
            valid_until=valid_until,
        )
        connectors = local_connectors(vault, paths)
        total = sum(isinstance(found, Item) for each in connectors for found in each.scan(None))
        outcomes = chain.from_iterable(
            vault.sync().take_in(connector, intake) for connector in connectors
        )
        report = watch(outcomes, total=total, title="ingest")
        if any(found.state is not ItemState.UNCHANGED for found in report.outcomes):
            vault.refresh_index()
    tell(report, as_json=as_json)


def local_connectors(vault: Vault, paths: Sequence[Path]) -> list[Connector]:
    """Return connectors over the files and folders a person named.

    Raises:
        NotFoundError: one of them does not exist.
        InvalidRequestError: a file's path holds a line break, which would name two files.
    """
    for path in paths:
        if not path.exists():
            raise NotFoundError(f"{path} does not exist")
    files = [str(path) for path in paths if not path.is_dir()]
    if any("\n" in file for file in files):
        raise InvalidRequestError("a file whose path has a line break is taken in by its folder")
    named = [{"root": str(path)} for path in paths if path.is_dir()]
    named += [{"files": "\n".join(files)}] if files else []
    ceiling = {"max_bytes": str(vault.settings.max_document_bytes)}
    return [vault.connect("filesystem", LOCAL, settings | ceiling) for settings in named]


def tell(report: IngestReport, *, as_json: bool) -> None:
    """Print what an ingest or sync did; if nothing came in, exit with the first problem's code."""
    form = report.form()
    if as_json:
        print_json(form)
    else:
        say(
            f"{form['ingested']} taken in, {form['unchanged']} unchanged, "
            f"{form['quarantined']} set aside, {form['deleted']} deleted, "
            f"{form['chunks']} chunks in {report.seconds:.1f} s"
        )
        for outcome in report.outcomes:
            if outcome.state is ItemState.QUARANTINED:
                why = escape(f"{outcome.uri}: {outcome.reason}")
                out.print(f"  [yellow]set aside[/] {why}")
    # What is only held back was taken in; a person looks at it, and nothing failed.
    failed = [found.problem for found in report.outcomes if found.problem is not None]
    if failed and len(failed) == len(report.outcomes):
        first = _error(failed[0])
        err.print(f"[bold red]{escape(first.title)}[/] [dim](/problems/{first.slug})[/]")
        raise SystemExit(first.exit_code)


def _error(slug: str) -> type[VaultError]:
    return next((found for found in ERRORS if found.slug == slug), VaultError)
