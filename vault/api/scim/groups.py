"""/scim/v2/Groups: the groups that people make."""

from fastapi import APIRouter
from fastapi.responses import Response

from vault.api.dependencies import CurrentVault
from vault.api.scim.failures import ScimRoute
from vault.api.scim.patches import apply_patch
from vault.api.scim.requests import (
    PREFIX,
    Base,
    Body,
    Condition,
    Expected,
    Provisioner,
    Searched,
    View,
    Wanted,
)
from vault.api.scim.resources import (
    GROUP_ATTRIBUTES,
    GROUP_PREFIX,
    group_form,
    group_resource,
    local_id,
)
from vault.bootstrap import Vault
from vault.domain.provisioning import Group, GroupForm

router = APIRouter(prefix=PREFIX + "/Groups", route_class=ScimRoute, include_in_schema=False)


@router.get("")
def list_groups(_: Provisioner, vault: CurrentVault, base: Base, wanted: Wanted) -> Response:
    """List the groups that fit a filter, a page at a time."""
    return _page(vault, base, wanted)


@router.post("/.search")
def search_groups(_: Provisioner, vault: CurrentVault, base: Base, wanted: Searched) -> Response:
    """List the groups that fit a filter, which comes in the body."""
    return _page(vault, base, wanted)


@router.post("")
def create_group(
    body: Body, subject: Provisioner, vault: CurrentVault, base: Base, wanted: Wanted
) -> Response:
    """Add a group, under an id that was never used."""
    form = group_form(body)
    added = vault.group_provisioning.add_group(form, subject)
    return wanted.one(group_resource(added, base), 201)


@router.get("/{identifier}")
def show_group(
    identifier: str,
    _: Provisioner,
    vault: CurrentVault,
    base: Base,
    wanted: Wanted,
    known: Expected,
) -> Response:
    """Show one group."""
    found = vault.group_provisioning.group(local_id(identifier, GROUP_PREFIX))
    return wanted.one(group_resource(found, base), known=known)


@router.put("/{identifier}")
def replace_group(  # noqa: PLR0913 - what a request carries
    identifier: str,
    body: Body,
    subject: Provisioner,
    vault: CurrentVault,
    base: Base,
    wanted: Wanted,
    expected: Expected,
) -> Response:
    """Set all that may be said of a group."""

    def change(before: Group) -> GroupForm:
        _require(expected, before, base)
        return group_form(body)

    group_id = local_id(identifier, GROUP_PREFIX)
    changed = vault.group_provisioning.change_group(group_id, change, subject)
    return wanted.one(group_resource(changed, base))


@router.patch("/{identifier}")
def change_group(  # noqa: PLR0913 - what a request carries
    identifier: str,
    body: Body,
    subject: Provisioner,
    vault: CurrentVault,
    base: Base,
    wanted: Wanted,
    expected: Expected,
) -> Response:
    """Change some of what is said of a group."""

    def change(before: Group) -> GroupForm:
        resource = _require(expected, before, base)
        changed = apply_patch(resource, body, writable=GROUP_ATTRIBUTES)
        return group_form(changed)

    group_id = local_id(identifier, GROUP_PREFIX)
    changed = vault.group_provisioning.change_group(group_id, change, subject)
    return wanted.one(group_resource(changed, base))


@router.delete("/{identifier}")
def remove_group(
    identifier: str, subject: Provisioner, vault: CurrentVault, base: Base, expected: Expected
) -> Response:
    """End a group; nobody is in it any more."""
    vault.group_provisioning.remove_group(
        local_id(identifier, GROUP_PREFIX),
        subject,
        allow=lambda before: _allow(expected, before, base),
    )
    return Response(status_code=204)


def _page(vault: Vault, base: str, wanted: View) -> Response:
    return wanted.page([group_resource(found, base) for found in vault.group_provisioning.groups()])


def _require(expected: Condition, before: Group, base: str) -> dict[str, object]:
    resource = group_resource(before, base)
    expected.require(resource["meta"]["version"])
    return resource


def _allow(expected: Condition, before: Group, base: str) -> None:
    _require(expected, before, base)
