"""The ``strongroom`` command and everything under it."""

import typer

from vault import __version__
from vault.cli import (
    agent,
    approval,
    bench,
    collection,
    document,
    duplicates,
    follow,
    freshness,
    hold,
    home,
    identity,
    ingest,
    ledger,
    lowering,
    model,
    principal,
    quarantine,
    retention,
    run,
    search,
    serve,
    source,
    token,
    tool,
)

app = typer.Typer(
    name="strongroom",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A private knowledge vault: permissioned retrieval, verified citations, provable answers.",
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer's callback
    if wanted:
        typer.echo(f"strongroom {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(  # noqa: FBT001 - handled by its callback
        False,  # noqa: FBT003
        "--version",
        callback=_version,
        is_eager=True,
        help="Print the version and exit.",
    ),
) -> None:
    """Hold the options that come before any command."""


app.command()(home.init)
app.command()(home.doctor)
app.command()(ingest.ingest)
app.command()(follow.sync)
app.command()(follow.worker)
app.command()(search.search)
app.command()(search.ask)
app.command()(ledger.verify)
app.command()(serve.serve)
app.add_typer(principal.principal_app, name="principal")
app.add_typer(principal.group_app, name="group")
app.add_typer(token.app, name="token")
app.add_typer(source.app, name="source")
app.add_typer(identity.app, name="identity")
document.app.command("hold")(hold.hold)
document.app.command("holds")(hold.holds)
document.app.command("release")(hold.release)
document.app.command("classify")(retention.classify)
document.app.command("attest")(freshness.attest)
document.app.command("validity")(freshness.validity)
document.app.command("duplicates")(duplicates.duplicates)
app.add_typer(document.app, name="document")
app.add_typer(collection.app, name="collection")
app.add_typer(lowering.app, name="lowering")
app.add_typer(freshness.app, name="freshness")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(retention.app, name="retention")
app.add_typer(agent.app, name="agent")
app.add_typer(run.app, name="run")
app.add_typer(approval.app, name="approval")
app.add_typer(ledger.ledger_app, name="ledger")
app.add_typer(home.index_app, name="index")
app.add_typer(model.app, name="model")
app.add_typer(tool.app, name="tool")
app.add_typer(bench.app, name="bench")


def main() -> None:
    """Run the command line."""
    app()
