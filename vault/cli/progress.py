"""A progress bar on standard error, with rate and time left, over what an ingest does."""

import time
from collections.abc import Iterable

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from vault.cli.console import err
from vault.ingest.report import IngestReport, ItemOutcome


def watch(
    outcomes: Iterable[ItemOutcome], *, total: int | None, title: str, quiet: bool = False
) -> IngestReport:
    """Return the report of all outcomes, showing how far the work is meanwhile."""
    report, started = IngestReport(), time.monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=quiet) as progress:
        task = progress.add_task(title, total=total, rate="")
        chunks = 0
        for outcome in outcomes:
            report.outcomes.append(outcome)
            chunks += outcome.chunks
            elapsed = max(time.monotonic() - started, 1e-6)
            progress.update(task, advance=1, rate=f"{chunks / elapsed:.0f} chunks/s")
    report.seconds = time.monotonic() - started
    return report
