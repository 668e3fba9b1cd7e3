"""``strongroom bench``: measurements that anyone can repeat on a machine of their own."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from vault.bootstrap import Vault
from vault.cli.console import err, opened, out, print_json, told
from vault.cli.home import SAMPLE
from vault.cli.ingest import local_connectors
from vault.domain.documents import CharSpan
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import Classification, Label
from vault.domain.records import Governance
from vault.evaluate.answering import KnownQuestion, measure_answers, read_questions
from vault.evaluate.contest import Advance
from vault.evaluate.embeddings import Shape
from vault.evaluate.engine import ENGINES, USUAL_ENGINES
from vault.evaluate.figures import Outcome, Row
from vault.evaluate.ingesting import IngestFigures, measure_ingest
from vault.evaluate.ledger import measure_ledger
from vault.evaluate.plot import check_plot, draw
from vault.evaluate.retrieval import compare_retrieval
from vault.ingest.intake import Intake, access_label
from vault.ingest.report import IngestReport
from vault.settings import home_folder, load
from vault.store.home import Home

app = typer.Typer(no_args_is_help=True, help="Measure the vault, beside its peers.")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_LEAK_FOUND = 1


@app.command("retrieval")
def retrieval(  # noqa: PLR0913 - one argument an option
    size: Annotated[int, typer.Option(help="Rows that every engine holds.")] = 100_000,
    engine: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Engine to compare, repeatable: {', '.join(ENGINES)}. "
            f"Usual are {', '.join(USUAL_ENGINES)}; those after faiss-hnsw need the extra "
            "'bench'."
        ),
    ] = None,
    vectors: Annotated[
        Path | None,
        typer.Option(
            help="A .npy file of real embeddings, float or int8, one row each, neighbours "
            "related; repeated with noise up to the size."
        ),
    ] = None,
    labels: Annotated[int, typer.Option(help="Access labels to spread the rows over.")] = 300,
    queries: Annotated[int, typer.Option(help="Queries under each visible share.")] = 200,
    plot: Annotated[
        Path | None,
        typer.Option(help="Draw recall over time into this .png or .svg file; needs 'bench'."),
    ] = None,
    sweep: Annotated[
        bool, typer.Option(help="Measure every setting of each engine; --plot does so too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare filtered search by recall, short lists, processor time and memory.

    Readers see 0.1, 1, 10, 50 and 100 percent of the rows, as whole access labels. Times are
    processor time of one query in one thread, all threads of the engine's process counted;
    engines take turns, so that the machine treats them alike. Without --vectors, rows are made
    up with a fixed seed: unit vectors of 384 numbers around 2,000 topics of uneven size in 60
    domains, ten rows a document. Neighbouring rows form departments of log-normal size, each
    with four levels times three groups of readers, so that a few labels are large and most
    are small.
    """
    swept = sweep or plot is not None
    with told():
        if plot is not None:
            check_plot(plot)
        # A small size is asked for to look quickly; the usual counts must not stand in its way.
        shape = Shape(size=size, labels=min(labels, size), queries=min(queries, size))
        with _progress() as advance:
            outcome = compare_retrieval(
                shape, engine or [], vectors=vectors, sweep=swept, advance=advance
            )
        if plot is not None:
            draw(outcome.curves, plot)
    _show(outcome, as_json=as_json, swept=swept)
    if outcome.forbidden:
        raise SystemExit(_LEAK_FOUND)


@app.command("ledger")
def ledger(
    events: Annotated[int, typer.Option(help="Events to write.")] = 10_000,
    as_json: AsJson = False,
) -> None:
    """Measure the ledger: events a second, and the time of a proof, a check and an audit.

    The ledger is made in the folder for temporary files; what a commit costs depends on its disk.
    """
    with told(), _progress() as advance:
        form = measure_ledger(events, advance=advance).form()
    _show_form(form, as_json=as_json)


@app.command("ingest")
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders.")],
    models: Annotated[
        Path | None, typer.Option(help="Folder of model folders; that of this home by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure an ingest: documents are taken into a home made for the purpose, then again.

    Nothing of them stays. The rate is set beside that of the bare embedder on the same chunks.
    """
    with told(), tempfile.TemporaryDirectory(prefix="strongroom-bench-") as folder:
        own = home_folder()
        models = models or load(own).models_dir or Home(own).models
        with Vault.create(Path(folder) / "home", models_dir=models) as vault:
            figures = _measured_ingest(vault, paths)
    _show_form(figures.form(), as_json=as_json)


@app.command("answer")
def answer(
    questions: Annotated[
        Path, typer.Option(help="JSON lines: principal, question, expect, answer.")
    ] = SAMPLE / "golden.jsonl",
    as_json: AsJson = False,
) -> None:
    """Measure answers: how many are right, how many quotes are verbatim, and what each takes.

    The questions of the sample organisation are asked unless a file of others is given. They are
    asked in this home, so each becomes a run in its ledger, as any question does.
    """
    known = _told_questions(questions)
    with opened() as vault, _progress() as advance:
        figures = measure_answers(
            known,
            lambda principal, question: vault.answers.answer(
                question, vault.authenticator.subject(principal)
            ),
            lambda principal, citation: vault.shelf.span(
                citation["document_id"],
                citation["revision"],
                CharSpan(citation["span"]["start"], citation["span"]["end"]),
                vault.authenticator.subject(principal),
            ),
            advance=advance,
        )
    _show_form(figures.form(), as_json=as_json)


def _told_questions(path: Path) -> list[KnownQuestion]:
    with told():
        return read_questions(path)


def _measured_ingest(vault: Vault, paths: Sequence[Path]) -> IngestFigures:
    owner = Principal("owner", PrincipalKind.PERSON, Label(Classification.INTERNAL))
    vault.staff.enter([(owner, "", ())], [])
    access = access_label(
        collection="measured", classification="internal", readers=[f"user:{owner.id}"]
    )
    intake = Intake("measured", access, Governance(owner.id))
    connectors = local_connectors(vault, paths)

    def take_in() -> IngestReport:
        report = IngestReport()
        for connector in connectors:
            report.outcomes.extend(vault.sync().take_in(connector, intake))
        vault.refresh_index()
        return report

    def chunk_texts() -> Sequence[str]:
        fingerprint = vault.embedder.fingerprint
        with vault.store.read() as unit:
            rows = unit.chunks.of([revision for revision, _ in unit.revisions.live()])
            return unit.content.for_index(rows, fingerprint=fingerprint).texts

    return measure_ingest(take_in, chunk_texts, vault.embedder.embed)


@contextmanager
def _progress() -> Iterator[Advance]:
    """Show on standard error what is being done, for the length of the block."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("", total=1)

        def advance(doing: str, done: int, total: int) -> None:
            progress.update(task, description=doing, completed=done, total=total)

        yield advance


def _show(outcome: Outcome, *, as_json: bool, swept: bool) -> None:
    if as_json:
        form = {"rows": [row.form() for row in outcome.rows]}
        if swept:
            form["curves"] = [row.form() for row in outcome.curves]
        print_json(form)
        return
    table = Table("engine", "MiB", title="recall@10 and processor time by visible share")
    for share in dict.fromkeys(row.visible for row in outcome.rows):
        table.add_column(f"{share:.1%}", justify="right")
    by_course: dict[tuple[str, str], list[Row]] = {}
    for row in outcome.curves if swept else outcome.rows:
        by_course.setdefault((row.engine, row.setting), []).append(row)
    for (name, setting), rows in by_course.items():
        cells = [_cell(row) for row in rows]
        table.add_row(f"{name}\n{setting}".strip(), f"{rows[0].memory_mb:.0f}", *cells)
    out.print(table)


def _cell(row: Row) -> str:
    lines = [f"{row.recall:.3f}", f"{row.cpu_ms_p50:.3g} ms"]
    if row.short:
        lines.append(f"{row.short}/{row.queries} short")
    if row.forbidden:
        lines.append(f"[bold red]{row.forbidden} forbidden[/]")
    return "\n".join(lines)


def _show_form(form: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(form)
        return
    for name, value in form.items():
        out.print(f"{name:22} {value:>12,}")
