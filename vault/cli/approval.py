"""``strongroom approval``: what agents ask people to let happen."""

import sys
from typing import Annotated

import typer

from vault.cli.console import acting, opened, print_json, say
from vault.domain.approvals import Approval, ApprovalState
from vault.orchestrate.run_forms import approval_form, approver_form
from vault.retrieve.forms import moment_form

app = typer.Typer(no_args_is_help=True, help="Acts that wait for a person.")

ApprovalId = Annotated[str, typer.Argument(metavar="APPROVAL")]
AsAnyone = Annotated[
    str | None, typer.Option("--as", metavar="P", help="Who would decide; else the operator.")
]
AsPerson = Annotated[str, typer.Option("--as", metavar="P", help="The person who decides.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Digest = Annotated[
    str | None,
    typer.Option(help="Digest of the view that was looked at; else the view is printed first."),
]


@app.command("list")
def show_all(as_principal: AsAnyone = None, as_json: AsJson = False) -> None:
    """List the requests that a person may decide."""
    with opened() as vault:
        found = vault.approvals.waiting(acting(vault, as_principal))
    if as_json:
        print_json({"approvals": [approval_form(each) for each in found]})
        return
    for each in found:
        until = moment_form(each.expires_at)
        say(f"{each.id}  {each.agent:20} for {each.requested_for}, until {until}")
    if not found:
        say("Nothing waits.")


@app.command("show")
def show(approval_id: ApprovalId, as_principal: AsAnyone = None, as_json: AsJson = False) -> None:
    """Show the exact act, what it changes and how far it reaches."""
    with opened() as vault:
        shown = vault.approvals.show(approval_id, acting(vault, as_principal))
    if as_json:
        print_json(approval_form(shown.approval, shown.view))
        return
    sys.stdout.write(shown.view.decode())
    say(f"view digest {shown.approval.view_digest}")


@app.command("grant")
def grant(
    approval_id: ApprovalId, as_principal: AsPerson, digest: Digest = None, as_json: AsJson = False
) -> None:
    """Let exactly this act happen once; the run goes on at once if nobody else must agree."""
    _decide(approval_id, as_principal, granted=True, digest=digest, as_json=as_json)


@app.command("refuse")
def refuse(
    approval_id: ApprovalId, as_principal: AsPerson, digest: Digest = None, as_json: AsJson = False
) -> None:
    """Refuse an act; the run goes on without it or fails."""
    _decide(approval_id, as_principal, granted=False, digest=digest, as_json=as_json)


@app.command("statistics")
def statistics() -> None:
    """Show how approvers decide: how fast, how often yes, and what they let through."""
    with opened() as vault:
        found = vault.approvals.statistics()
    print_json({"approvers": [approver_form(each) for each in found]})


def _decide(
    approval_id: str, name: str, *, granted: bool, digest: str | None, as_json: bool
) -> None:
    with opened() as vault:
        subject = vault.authenticator.subject(name)
        shown = vault.approvals.show(approval_id, subject)
        if digest is None and not as_json:
            sys.stdout.write(shown.view.decode())
        decided = vault.approvals.decide(
            approval_id,
            subject,
            granted=granted,
            view_digest=digest or shown.approval.view_digest,
        )
        if not decided.decoy and decided.state is not ApprovalState.WAITING:
            vault.runner.advance(decided.run_id)
    _tell(decided, as_json=as_json)


def _tell(decided: Approval, *, as_json: bool) -> None:
    if as_json:
        print_json(approval_form(decided))
        return
    say(f"request {decided.id} is {decided.state.value}")
    if decided.decoy and decided.state is ApprovalState.GRANTED:
        say("It was made to be refused; nothing happens. Please look at every request.")
