"""``strongroom source``: places that are followed."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from connectors.base import AclSupport
from vault.bootstrap import Vault
from vault.cli import governance as rules
from vault.cli.console import opened, print_json, say
from vault.cli.ingest import tell
from vault.cli.progress import watch
from vault.domain.errors import InvalidRequestError
from vault.domain.following import MOST_GONE, Following, Match
from vault.domain.identity import check_id
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.records import Governance
from vault.ingest.intake import Intake
from vault.retrieve.forms import label_form, moment_form
from vault.store.sources import DeadLetter

app = typer.Typer(no_args_is_help=True, help="Places that connectors follow.")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


Schedule = Annotated[
    str | None, typer.Option(help="When it is followed: 'every 15m', or five fields of cron (UTC).")
]
IdentitySources = Annotated[
    list[str] | None,
    typer.Option(help="Source that knows the people its rights name, repeatable."),
]
Audience = Annotated[
    str | None, typer.Option(help="group:G that 'everyone' means there; nobody by default.")
]
MostGone = Annotated[
    float, typer.Option(help="Share of its documents that may vanish at once, 0 to 1.")
]
PerMinute = Annotated[int | None, typer.Option(help="Most items read in a minute.")]
MatchBy = Annotated[Match, typer.Option(help="How its people are recognised here.")]


def _people_only(name: str, owner: str | None) -> Intake:
    """Return the intake of a source without documents: what came of it would be nobody's."""
    access = AccessLabel("people", Label(Classification.SECRET), frozenset())
    return Intake(name, access, Governance(owner or ""), native=True)


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
    valid_until: rules.ValidUntil = None,
    schedule: Schedule = None,
    identities: IdentitySources = None,
    audience: Audience = None,
    most_gone: MostGone = MOST_GONE,
    per_minute: PerMinute = None,
    match: MatchBy = Match.NAME,
) -> None:
    """Add a source; its documents get these rights and rules.

    A source with rights of its own needs no reader: if one is named, nobody else may read,
    whatever the source says. A directory of people needs no rights and rules at all.
    """
    with opened() as vault:
        settings = dict(_pair(found) for found in config or ())
        can = vault.sources.capabilities(connector, check_id(name, noun="source"), settings)
        following = Following(
            schedule, tuple(identities or ()), audience, most_gone, per_minute, match
        )
        if not can.items:
            health = vault.sources.add(connector, settings, _people_only(name, owner), following)
            say(f"source {name} was added; {health.detail}")
            return
        intake = rules.intake_of(
            name,
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
            native=can.acl is AclSupport.NATIVE,
        )
        health = vault.sources.add(connector, settings, intake, following)
        say(f"source {name} was added; {health.detail}")


@app.command("list")
def show_all(as_json: AsJson = False) -> None:
    """List every source."""
    with opened() as vault:
        forms = _forms(vault)
    if as_json:
        print_json({"sources": forms})
        return
    for form in forms:
        say(f"{form['name']:20} {form['connector']:12} last synced {form['synced_at'] or 'never'}")


@app.command("show")
def show(name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Show one source with its rights and rules, and how it is followed."""
    with opened() as vault:
        vault.sources.one(name)
        [form] = [form for form in _forms(vault) if form["name"] == name]
    print_json(form)


def _forms(vault: Vault) -> list[dict[str, Any]]:
    with vault.store.read() as unit:
        stale = {found.source_id for found in vault.withholding.sources(unit)}
        return [
            _form(found, label)
            | {
                "rights": "native" if found.native else "mapped",
                "acl_observed_at": _moment(found.rights_at),
                "oldest_acl": _moment(unit.items.oldest_rights(found.id)),
                "unknown_acls": unit.rights.unknown(found.id),
                "withheld": found.id in stale,
                "dead_letters": len(unit.sources.dead_letters(found.id)),
            }
            for found, label in vault.sources.described()
        ]


@app.command("dead-letters")
def dead_letters(
    name: Annotated[str | None, typer.Argument(metavar="NAME")] = None,
    as_json: AsJson = False,
) -> None:
    """List the items that could not be taken in, and why."""
    with opened() as vault, vault.store.read() as unit:
        letters = unit.sources.dead_letters(name)
    if as_json:
        print_json({"dead_letters": [_letter_form(letter) for letter in letters]})
        return
    for letter in letters:
        say(f"{letter.source_id:12} {letter.uri}: {letter.reason}")


@app.command("replay")
def replay(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    uri: Annotated[str | None, typer.Argument(metavar="URI")] = None,
    as_json: AsJson = False,
) -> None:
    """Try the items in a source's dead letters again now, or one of them."""
    with opened() as vault:
        report = watch(vault.sources.replay(name, uri=uri), total=None, title=f"replay {name}")
        vault.refresh_index()
    tell(report, as_json=as_json)


def _letter_form(letter: DeadLetter) -> dict[str, Any]:
    return {
        "source": letter.source_id,
        "uri": letter.uri,
        "problem": letter.problem,
        "reason": letter.reason,
        "owner": letter.owner,
        "failed_at": moment_form(letter.failed_at),
        "attempts": letter.attempts,
        "retry_at": _moment(letter.retry_at),
    }


def _moment(found: datetime | None) -> str | None:
    return None if found is None else moment_form(found)


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
        "valid_until": found.governance.valid_until,
        "synced_at": _moment(found.synced_at),
        "schedule": found.following.schedule,
        "due_at": None if found.synced_at is None else _moment(found.due_at),
        "identities": list(found.following.identities),
        "audience": found.following.audience,
        "most_gone": found.following.most_gone,
        "per_minute": found.following.per_minute,
        "match": found.following.match.value,
        "failures": found.failures,
        "problem": found.problem,
        "people_at": _moment(found.people_at),
    }
