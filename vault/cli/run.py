"""``strongroom run``: agents at work, and the proof of any run."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from vault.cli.console import acting, opened, print_json, say, writing
from vault.domain.runs import RunState
from vault.orchestrate.run_forms import row_form, run_form, started_form

app = typer.Typer(no_args_is_help=True, help="Runs: every search, answer and agent at work.")

RunId = Annotated[str, typer.Argument(metavar="RUN")]
AsAnyone = Annotated[
    str | None, typer.Option("--as", metavar="P", help="Whose run it is; else the operator.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Reason = Annotated[str, typer.Option(help="Why, for the record.")]


@app.command("start")
def start(
    agent: Annotated[str, typer.Argument(metavar="AGENT", help="Name, or name@version.")],
    text: Annotated[str, typer.Option("--input", help="What it is asked to do.")],
    as_principal: Annotated[str, typer.Option("--as", metavar="P", help="Whom it acts for.")],
    as_json: AsJson = False,
) -> None:
    """Start a run and work on it until it ends or waits for a person."""
    with opened() as vault:
        run_id = vault.run_starts.start(agent, text, vault.authenticator.subject(as_principal))
        state = vault.runner.advance(run_id)
    _tell(run_id, state, as_json=as_json)


@app.command("list")
def show_all(
    as_principal: AsAnyone = None,
    state: Annotated[str | None, typer.Option(help="Only runs in this state.")] = None,
    as_json: AsJson = False,
) -> None:
    """List runs of agents, newest first."""
    with opened() as vault:
        found = vault.run_desk.all(acting(vault, as_principal), state=state)
    forms = [row_form(each) for each in found]
    if as_json:
        print_json({"runs": forms})
        return
    for form in forms:
        say(f"{form['run_id']}  {form['state']!s:18} {form['agent']!s:20} for {form['for']}")


@app.command("show")
def show(run_id: RunId, as_principal: AsAnyone = None) -> None:
    """Show a run: its calls, what decided on them, and what it came to."""
    with opened() as vault:
        form = run_form(vault.run_desk.show(run_id, acting(vault, as_principal)))
    print_json(form)


@app.command("resume")
def resume(run_id: RunId, as_principal: AsAnyone = None, as_json: AsJson = False) -> None:
    """Go on with a run that was cut off, or whose approval is decided."""
    with opened() as vault:
        vault.run_desk.show(run_id, acting(vault, as_principal))
        state = vault.runner.advance(run_id)
    _tell(run_id, state, as_json=as_json)


@app.command("cancel")
def cancel(
    run_id: RunId,
    as_principal: AsAnyone = None,
    reason: Reason = "cancelled by hand",
    as_json: AsJson = False,
) -> None:
    """Stop a run; what has happened is not undone, but nothing follows."""
    with opened() as vault:
        state = vault.run_desk.cancel(run_id, acting(vault, as_principal), reason=reason)
    _tell(run_id, state, as_json=as_json)


@app.command("resolve")
def resolve(
    run_id: RunId,
    outcome: Annotated[str, typer.Option(help="succeeded or failed")],
    reason: Reason,
    as_principal: AsAnyone = None,
    as_json: AsJson = False,
) -> None:
    """Say what became of a call whose outcome nobody saw; then the run goes on."""
    with opened() as vault:
        subject = acting(vault, as_principal)
        vault.run_desk.resolve(run_id, subject, outcome=outcome, reason=reason)
        state = vault.runner.advance(run_id)
    _tell(run_id, state, as_json=as_json)


@app.command("replay")
def replay(
    run_id: RunId,
    as_principal: AsAnyone = None,
    version: Annotated[int | None, typer.Option(help="Another version of the agent.")] = None,
) -> None:
    """Plan a run once more over its recorded outputs and show where it would differ now."""
    with opened() as vault:
        print_json(vault.replays.replay(run_id, acting(vault, as_principal), version=version))


@app.command("artifact")
def artifact(
    run_id: RunId,
    digest: Annotated[str, typer.Argument(metavar="DIGEST")],
    as_principal: AsAnyone = None,
    output: Annotated[Path | None, typer.Option(help="File to write; else it is printed.")] = None,
) -> None:
    """Write or print a file that a run produced."""
    with opened() as vault:
        _, content = vault.run_desk.artifact(run_id, digest, acting(vault, as_principal))
        if output is None:
            sys.stdout.buffer.write(content)
            return
        with writing(output):
            output.write_bytes(content)
    say(f"wrote {output}")


@app.command("proof")
def proof(
    run_id: RunId,
    output: Annotated[Path, typer.Option(help="Proof file to write.")],
    as_principal: AsAnyone = None,
) -> None:
    """Write the proof of a run: its entries, what they commit to, and a signed statement."""
    with opened() as vault:
        bundle = vault.prove_run(run_id, acting(vault, as_principal))
        with writing(output):
            output.write_bytes(bundle)
    say(f"wrote {output}")


def _tell(run_id: str, state: RunState, *, as_json: bool) -> None:
    if as_json:
        print_json(started_form(run_id, state))
        return
    say(f"run {run_id} is {state.status.value}")
    if state.reason:
        say(f"  {state.reason}")
