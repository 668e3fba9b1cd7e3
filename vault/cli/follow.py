"""``strongroom sync`` and ``strongroom worker``: following sources, now and from now on."""

import signal
from collections.abc import Sequence
from threading import Event
from typing import Annotated

import typer
from rich.markup import escape

from vault.bootstrap import Vault
from vault.cli.console import err, opened, refuse, say
from vault.cli.ingest import tell
from vault.cli.progress import watch
from vault.domain.errors import InvalidRequestError, SourceUnreachableError
from vault.ingest.report import IngestReport, ItemState
from vault.ingest.worker import Worker

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def sync(
    name: Annotated[str | None, typer.Argument(metavar="NAME")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every source.")] = False,
    due: Annotated[bool, typer.Option("--due", help="Of all, those whose time has come.")] = False,
    accept_deletions: Annotated[
        bool, typer.Option(help="Let many documents vanish at once.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Follow a source, or all: rights first, then what is new, then what is gone."""
    with opened() as vault:
        if (name is None) is not every or (due and not every):
            raise InvalidRequestError("name one source, or say --all, with or without --due")
        names = _names(vault, due=due) if name is None else [name]
        total, problems = _follow_each(vault, names, accept_deletions=accept_deletions)
        if any(found.state is not ItemState.UNCHANGED for found in total.outcomes):
            vault.refresh_index()
    if len(problems) < len(names) or not names:
        tell(total, as_json=as_json)
    if problems:
        refuse(problems[0])


def worker(
    once: Annotated[bool, typer.Option("--once", help="Follow what is due, then end.")] = False,
) -> None:
    """Follow sources and directories of people on their schedules until it is stopped."""
    with opened() as vault:
        follower = Worker(
            vault.sources,
            refresh=vault.refresh_index,
            now=vault.now,
            withheld=lambda: _withheld(vault),
        )
        if once:
            for turn in follower.follow_due():
                told = "followed" if turn.problem is None else turn.problem.detail
                say(f"{turn.source_id}: {told}")
            return
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        say("Strongroom follows its sources.")
        follower.run(stop)


def _withheld(vault: Vault) -> list[str]:
    with vault.store.read() as unit:
        return [found.source_id for found in vault.withholding.sources(unit)]


def _names(vault: Vault, *, due: bool) -> list[str]:
    """Follow the people that are due, and return the sources of documents to follow."""
    found = vault.sources.due() if due else vault.sources.all()
    for record in found:
        if due and not record.items:
            vault.sources.follow_people(record.id)
    return [record.id for record in found if record.items]


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
