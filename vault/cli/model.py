"""``strongroom model``: the embedders of this home, and going over from one to another."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from models.base import Embedder, ModelManifest, space_of
from models.bring import Stated, bring
from models.errors import ModelError
from models.probe import outcome
from vault.bootstrap import Vault
from vault.cli.console import err, opened, out, print_json, say
from vault.domain.errors import InvalidRequestError, ModelUnavailableError, NotFoundError
from vault.lifecycle import reembedding
from vault.lifecycle.comparison import compare
from vault.lifecycle.known_items import KnownItem, drawn, read_questions

BACKGROUND = 10
"""Niceness of re-embedding, so that questions are not kept waiting by it."""

app = typer.Typer(no_args_is_help=True, help="Embedders: which are there, and which is in use.")
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Name = Annotated[str, typer.Argument(help="Folder of the embedder among the models.")]
Questions = Annotated[
    Path | None,
    typer.Option(help="JSON lines with question and document; drawn from the vault by default."),
]
Sample = Annotated[int, typer.Option(min=1, max=10_000, help="Questions to draw.")]


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """List the embedders with what each has vectors of."""
    with opened() as vault:
        rows = [_row(vault, name, each) for name, each in vault.embedder_manifests().items()]
    if as_json:
        print_json({"embedders": rows})
        return
    table = Table("name", "state", "chunks", "dimension", "tokens", "licence", box=None)
    for row in rows:
        chunks = f"{row['chunks']} of {row['chunks_live']}"
        sizes = (str(row["dimension"]), str(row["max_tokens"]))
        table.add_row(str(row["name"]), str(row["state"]), chunks, *sizes, str(row["licence"]))
    out.print(table)


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Show one embedder: its manifest, and what runs it on this machine."""
    with opened() as vault:
        manifest = vault.embedder_manifests().get(name)
        if manifest is None:
            raise NotFoundError(f"there is no embedder {name!r} among the models of this home")
        form = _row(vault, name, manifest) | {
            "digest": manifest.digest,
            "revision": manifest.revision,
            "source": manifest.source,
            "runs_on": _runs_on(vault, manifest),
        }
    if as_json:
        print_json(form)
    else:
        for field, value in form.items():
            say(f"{field:12} {value}")


@app.command()
def add(  # noqa: PLR0913 - one argument per option
    folder: Annotated[Path, typer.Argument(help="Folder as sentence-transformers saves it.")],
    licence: Annotated[str, typer.Option(help="SPDX expression, such as Apache-2.0.")],
    name: Annotated[str | None, typer.Option(help="Name here; the folder's by default.")] = None,
    source: Annotated[str | None, typer.Option(help="Where it comes from.")] = None,
    revision: Annotated[str, typer.Option(help="The publisher's version.")] = "unknown",
    query_prefix: Annotated[str | None, typer.Option(help="Words before a question.")] = None,
    passage_prefix: Annotated[str | None, typer.Option(help="Words before a passage.")] = None,
    pooling: Annotated[str | None, typer.Option(help="mean, cls, lasttoken or max.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take in an embedder from a folder, after it was loaded and tried."""
    called = name or folder.name.lower()
    stated = Stated(
        name=called,
        licence=licence,
        source=source or folder.name,
        revision=revision,
        query_prefix=query_prefix,
        passage_prefix=passage_prefix,
        pooling=pooling,
    )
    with opened() as vault:
        try:
            brought = bring(folder, vault.models_dir, stated)
        except ModelError as error:
            raise InvalidRequestError(str(error)) from error
    manifest = brought.manifest
    if as_json:
        print_json({"name": called, "digest": manifest.digest, "left_out": brought.left_out})
        return
    say(f"{called}: {manifest.dimension} dimensions, {manifest.max_tokens} tokens")
    for left_out in brought.left_out:
        say(f"  left out {left_out}")
    say(f"Make its vectors with: strongroom model reembed {called}")


@app.command()
def reembed(
    name: Annotated[str | None, typer.Argument(help="Embedder; the one in use by default.")] = None,
    questions: Questions = None,
    sample: Sample = 200,
    as_json: AsJson = False,
) -> None:
    """Make vectors of every document with another embedder, beside those in use.

    It can be stopped at any time and goes on where it was. Searches answer from the old
    vectors until ``strongroom model switch``.
    """
    os.nice(max(0, BACKGROUND - os.nice(0)))
    with opened() as vault:
        embedder = vault.embedder if name is None else vault.embedder_named(name)
        with _watched("reembed") as told:
            progress = vault.succession.prepare(embedder, told=told)
        form: dict[str, object] = {"name": name, "chunks": progress.done, "live": progress.total}
        if space_of(embedder.fingerprint) != vault.succession.in_use():
            items = _items(vault, questions, sample)
            # A home of few words may hold no sentence to make a question of.
            if items:
                found = compare(vault.store, items, now=vault.embedder, then=embedder)
                form["comparison"] = found.form()
    if as_json:
        print_json(form)
        return
    say(f"{progress.done} of {progress.total} chunks have vectors of this model.")
    if "comparison" in form:
        _tell(form["comparison"])
    say(f"Searches use it after: strongroom model switch {embedder.manifest.name}")


@app.command("compare")
def compare_models(
    name: Name, questions: Questions = None, sample: Sample = 200, as_json: AsJson = False
) -> None:
    """Compare a prepared embedder with the one in use, by what each finds first."""
    with opened() as vault:
        items, then = _items(vault, questions, sample), vault.embedder_named(name)
        form = compare(vault.store, items, now=vault.embedder, then=then).form()
    if as_json:
        print_json(form)
    else:
        _tell(form)


@app.command()
def switch(name: Name, as_json: AsJson = False) -> None:
    """Let searches and new documents use an embedder, in one step."""
    with opened() as vault:
        _go_over(vault, vault.embedder_named(name), as_json=as_json)


@app.command()
def rollback(as_json: AsJson = False) -> None:
    """Go back to the embedder that was in use before the last switch."""
    with opened() as vault:
        _go_over(vault, vault.embedder_in(vault.succession.before()), as_json=as_json)


@app.command()
def forget(name: Name, as_json: AsJson = False) -> None:
    """Delete every vector of an embedder that is not in use, and its index."""
    with opened() as vault:
        manifest = vault.embedder_manifests().get(name)
        if manifest is None:
            raise NotFoundError(f"there is no embedder {name!r} among the models of this home")
        gone = vault.succession.forget(manifest.digest)
    if as_json:
        print_json({"name": name, "revisions": gone})
    else:
        say(f"The vectors of {gone} revisions were deleted.")


def _go_over(vault: Vault, embedder: Embedder, *, as_json: bool) -> None:
    before = vault.succession.in_use()
    with _watched("catch up") as told:
        vault.succession.go_over(embedder, told=told)
    name = embedder.manifest.name
    if as_json:
        print_json({"name": name, "from": before, "to": vault.succession.in_use()})
    else:
        say(f"{name} is in use, run by {embedder.backend}.")


def _items(vault: Vault, questions: Path | None, sample: int) -> list[KnownItem]:
    if questions is None:
        return drawn(vault.store, count=sample)
    return read_questions(vault.store, questions)


def _tell(form: object) -> None:
    figures = form if isinstance(form, dict) else {}
    table = Table("by vectors alone", "in use", "new", box=None)
    for figure in ("recall_at_10", "ndcg_at_10"):
        table.add_row(figure, str(figures["now"][figure]), str(figures["then"][figure]))
    out.print(table)
    say(
        f"{figures['questions']} questions; the first ten of both agree to "
        f"{figures['overlap_at_10']:.0%}"
    )


def _row(vault: Vault, name: str, manifest: ModelManifest) -> dict[str, object]:
    with vault.store.read() as unit:
        done, total = unit.vectors.covered(manifest.digest)
        used = unit.vectors.in_use()
    in_use = used == manifest.digest or (used is None and name == vault.settings.embedder)
    ready = "ready" if done == total else "partly embedded"
    return {
        "name": name,
        "state": "in use" if in_use else ready if done else "not embedded",
        "chunks": done,
        "chunks_live": total,
        "dimension": manifest.dimension,
        "max_tokens": manifest.max_tokens,
        "licence": manifest.licence,
    }


def _runs_on(vault: Vault, manifest: ModelManifest) -> str:
    try:
        found = outcome(manifest, vault.prepared_models)
    except ModelError as error:
        raise ModelUnavailableError(str(error)) from error
    if found is None:
        return "not decided yet; the first use compares what can run it"
    return f"{found.backend}, {found.speed} times the reference, cosine {found.cosine:.5f}"


@contextmanager
def _watched(title: str) -> Iterator[Callable[[reembedding.Progress], None]]:
    """Show how far re-embedding is on standard error while the block lasts."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda step: bar.update(task, completed=step.done, total=step.total)
