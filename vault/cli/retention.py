"""``strongroom retention``: how long records are kept, and what happens when that ends."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from vault.cli.console import acting, opened, print_json, say
from vault.domain.errors import InvalidRequestError
from vault.domain.requests import Request
from vault.domain.retention import Disposition, RetentionRule
from vault.lifecycle.requests import DISPOSITION
from vault.retrieve.forms import moment_form
from vault.store.retention import DueRecord

app = typer.Typer(no_args_is_help=True, help="How long records are kept, and what happens then.")

AsPrincipal = Annotated[str, typer.Option("--as", help="A keeper of records.")]
AsAnyone = Annotated[
    str | None, typer.Option("--as", help="Who acts; the operator at the home by default.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
RequestId = Annotated[str, typer.Argument(metavar="REQUEST")]
Digest = Annotated[str, typer.Option(help="Digest of the request that was looked at.")]


@app.command("define")
def define(
    name: Annotated[str, typer.Argument(metavar="CLASS")],
    period: Annotated[str, typer.Option(help="How long: 30d, 18m, 7y.")],
    mandate: Annotated[str, typer.Option(help="The law or rule that demands it.")],
    trigger: Annotated[str, typer.Option(help="created, modified or event:NAME.")] = "modified",
    action: Annotated[Disposition, typer.Option(help="What happens then.")] = Disposition.REVIEW,
    as_principal: AsAnyone = None,
) -> None:
    """Define a record class, or change it; its documents follow at once."""
    with opened() as vault:
        subject = acting(vault, as_principal)
        vault.schedules.define(RetentionRule(name, trigger, period, action, mandate), subject)
    say(f"record class {name}: {action.value} {period} after {trigger}")


@app.command("classes")
def classes(as_json: AsJson = False) -> None:
    """List the record classes."""
    with opened() as vault:
        rules = vault.schedules.rules()
    if as_json:
        print_json({"record_classes": [_rule_form(rule) for rule in rules]})
        return
    for rule in rules:
        say(f"{rule.name:20} {rule.disposition.value:9} {rule.period:>6} after {rule.trigger}")


@app.command("event")
def note_event(
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    name: Annotated[str, typer.Argument(metavar="EVENT")],
    at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When; today by default.")
    ] = None,
    as_principal: AsAnyone = None,
) -> None:
    """Note that something happened to a document that its schedule counts from."""
    with opened() as vault:
        moment = vault.now() if at is None else at.replace(tzinfo=UTC)
        subject = acting(vault, as_principal)
        vault.schedules.note_event(document_id, name, at=moment, subject=subject)
    say(f"{document_id}: {name} at {moment_form(moment)}")


def classify(
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    record_class: Annotated[str, typer.Option(help="A record class that is defined.")],
    as_principal: AsAnyone = None,
) -> None:
    """Put a document under a record class; only its owner may."""
    with opened() as vault:
        subject = acting(vault, as_principal)
        vault.schedules.classify(document_id, record_class, subject)
    say(f"{document_id} is of class {record_class}")


@app.command("sweep")
def sweep(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is due.")] = False,
    as_principal: Annotated[
        str | None, typer.Option("--as", help="The keeper of records who asks.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask for the disposition of what is due; another keeper of records must grant it."""
    with opened() as vault:
        due, count = vault.dispositions.due()
        if dry_run:
            _show_due(due, count, as_json=as_json)
            return
        if as_principal is None:
            raise InvalidRequestError("--as must be said, unless it is a --dry-run")
        made = vault.dispositions.ask(vault.authenticator.subject(as_principal))
    if as_json:
        print_json(request_form(made))
    else:
        say(f"request {made.id}, digest {made.digest}, waits for another keeper of records")


@app.command("requests")
def requests(as_principal: AsPrincipal, as_json: AsJson = False) -> None:
    """List the requests that wait for a second person, with exactly what they would do."""
    with opened() as vault:
        subject = vault.authenticator.subject(as_principal)
        waiting = vault.requests.waiting(DISPOSITION, subject)
    if as_json:
        print_json({"requests": [request_form(found) for found in waiting]})
        return
    for found in waiting:
        say(f"{found.id}  by {found.requested_by}  until {moment_form(found.expires_at)}")
        say(f"  digest {found.digest}")
        for record in found.body["records"]:  # type: ignore[attr-defined]
            say(f"  {record['disposition']:9} {record['document_id']}")


@app.command("grant")
def grant(
    request_id: RequestId,
    digest: Digest,
    as_principal: AsPrincipal,
    transfer_to: Annotated[
        Path | None, typer.Option(help="Folder for records that are transferred.")
    ] = None,
) -> None:
    """Grant another keeper's request and carry it out; holds are looked at once more."""
    with opened() as vault:
        done = vault.dispositions.grant(
            request_id,
            digest=digest,
            subject=vault.authenticator.subject(as_principal),
            folder=transfer_to,
        )
    print_json(
        {
            "records": [
                {
                    "document_id": one.document_id,
                    "disposition": one.disposition,
                    "done": one.done,
                    "reason": one.reason,
                    "certificate": one.certificate,
                }
                for one in done
            ]
        }
    )


@app.command("refuse")
def refuse(request_id: RequestId, digest: Digest, as_principal: AsPrincipal) -> None:
    """Refuse another keeper's request; its records stay due."""
    with opened() as vault:
        subject = vault.authenticator.subject(as_principal)
        vault.dispositions.refuse(request_id, digest=digest, subject=subject)
    say(f"request {request_id} is refused")


def request_form(found: Request) -> dict[str, object]:
    """Return the public JSON form of a request."""
    return {
        "request_id": found.id,
        "kind": found.kind,
        "body": found.body,
        "digest": found.digest,
        "requested_by": found.requested_by,
        "requested_at": moment_form(found.requested_at),
        "expires_at": moment_form(found.expires_at),
    }


def _show_due(due: Sequence[DueRecord], count: int, *, as_json: bool) -> None:
    if as_json:
        print_json({"due": [_due_form(found) for found in due], "count": count})
        return
    for found in due:
        held = "  held" if found.held else ""
        moment = moment_form(found.due_at)[:10]
        say(f"{found.document_id}  {moment}  {found.disposition.value:9} {found.owner}{held}")
    say(f"{count} records are due; {len(due)} are shown")


def _due_form(found: DueRecord) -> dict[str, object]:
    return {
        "document_id": found.document_id,
        "owner": found.owner,
        "record_class": found.record_class,
        "due_at": moment_form(found.due_at),
        "disposition": found.disposition.value,
        "held": found.held,
    }


def _rule_form(rule: RetentionRule) -> dict[str, object]:
    return {
        "name": rule.name,
        "trigger": rule.trigger,
        "period": rule.period,
        "action": rule.disposition.value,
        "mandate": rule.mandate,
    }
