"""``strongroom principal`` and ``strongroom group``: who there is."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from vault.cli.console import opened, print_json, say
from vault.domain.identity import Principal, PrincipalKind, check_id, check_reference
from vault.domain.labels import Classification, Label

principal_app = typer.Typer(no_args_is_help=True, help="People, agents and services.")
group_app = typer.Typer(no_args_is_help=True, help="Groups of principals and of groups.")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@principal_app.command("add")
def add(
    principal_id: Annotated[str, typer.Argument(metavar="ID")],
    kind: Annotated[PrincipalKind, typer.Option(help="What stands behind it.")] = (
        PrincipalKind.PERSON
    ),
    clearance: Annotated[str, typer.Option(help="public, internal, confidential, secret.")] = (
        "public"
    ),
    compartment: Annotated[list[str] | None, typer.Option(help="Need-to-know, repeatable.")] = None,
    group: Annotated[list[str] | None, typer.Option(help="Group it belongs to.")] = None,
    name: Annotated[str, typer.Option(help="Name for people to read.")] = "",
) -> None:
    """Add a principal, or change the clearance of one; groups it names are made if needed."""
    with opened() as vault:
        held = Label(
            Classification.of(clearance),
            frozenset(check_id(found, noun="compartment") for found in compartment or ()),
        )
        added = Principal(check_id(principal_id, noun="principal"), kind, held)
        vault.directory.add_principal(added, name=name, groups=group or ())
        say(f"{added.kind.value} {added.id} has clearance {held.classification.word}")


@principal_app.command("list")
def show_all(as_json: AsJson = False) -> None:
    """List every principal with its clearance and groups."""
    with opened() as vault, vault.store.read() as unit:
        forms = [
            {
                "id": found.id,
                "name": name,
                "kind": found.kind.value,
                "clearance": found.clearance.classification.word,
                "compartments": sorted(found.clearance.compartments),
                "groups": sorted(found.groups),
            }
            for found, name in unit.principals.all()
        ]
    if as_json:
        print_json({"principals": forms})
        return
    for form in forms:
        say(f"{form['id']:24} {form['kind']:8} {form['clearance']:13} {', '.join(form['groups'])}")


@group_app.command("add")
def add_group(
    group_id: Annotated[str, typer.Argument(metavar="ID")],
    member: Annotated[list[str] | None, typer.Option(help="group:G or user:U, repeatable.")] = None,
) -> None:
    """Add a group, or members to one."""
    with opened() as vault:
        check_id(group_id, noun="group")
        members = [":".join(check_reference(found)) for found in member or ()]
        vault.directory.add_members(group_id, members)
        say(f"group {group_id} has {len(members)} more direct members")


@group_app.command("remove")
def remove_member(
    group_id: Annotated[str, typer.Argument(metavar="ID")],
    member: Annotated[list[str], typer.Option(help="group:G or user:U, repeatable.")],
) -> None:
    """End direct memberships; it holds from the next request on."""
    with opened() as vault:
        members = [":".join(check_reference(found)) for found in member]
        vault.directory.remove_members(group_id, members)
        say(f"{len(members)} memberships of group {group_id} ended at {datetime.now(UTC):%H:%M}")


@group_app.command("list")
def show_groups(as_json: AsJson = False) -> None:
    """List every group with its direct members."""
    with opened() as vault, vault.store.read() as unit:
        groups = unit.principals.groups()
    if as_json:
        print_json({"groups": [{"id": name, "members": groups[name]} for name in groups]})
        return
    for name, members in groups.items():
        say(f"{name:24} {', '.join(members)}")
