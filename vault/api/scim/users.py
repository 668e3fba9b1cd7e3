"""/scim/v2/Users: the persons of this vault."""

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
    PERSON_ATTRIBUTES,
    USER_PREFIX,
    local_id,
    person_form,
    person_resource,
)
from vault.bootstrap import Vault
from vault.domain.provisioning import Person, PersonForm

router = APIRouter(prefix=PREFIX + "/Users", route_class=ScimRoute, include_in_schema=False)


@router.get("")
def list_users(_: Provisioner, vault: CurrentVault, base: Base, wanted: Wanted) -> Response:
    """List the persons that fit a filter, a page at a time."""
    return _page(vault, base, wanted)


@router.post("/.search")
def search_users(_: Provisioner, vault: CurrentVault, base: Base, wanted: Searched) -> Response:
    """List the persons that fit a filter, which comes in the body."""
    return _page(vault, base, wanted)


@router.post("")
def create_user(
    body: Body, subject: Provisioner, vault: CurrentVault, base: Base, wanted: Wanted
) -> Response:
    """Add a person, cleared for what the operator set."""
    form = person_form(body)
    added = vault.provisioning.add_person(form, subject)
    return wanted.one(person_resource(added, base), 201)


@router.get("/{identifier}")
def show_user(
    identifier: str,
    _: Provisioner,
    vault: CurrentVault,
    base: Base,
    wanted: Wanted,
    known: Expected,
) -> Response:
    """Show one person."""
    found = vault.provisioning.person(local_id(identifier, USER_PREFIX))
    return wanted.one(person_resource(found, base), known=known)


@router.put("/{identifier}")
def replace_user(  # noqa: PLR0913 - what a request carries
    identifier: str,
    body: Body,
    subject: Provisioner,
    vault: CurrentVault,
    base: Base,
    wanted: Wanted,
    expected: Expected,
) -> Response:
    """Set all that may be said of a person."""

    def change(before: Person) -> PersonForm:
        _require(expected, before, base)
        return person_form(body, before=before.form)

    person_id = local_id(identifier, USER_PREFIX)
    changed = vault.provisioning.change_person(person_id, change, subject)
    return wanted.one(person_resource(changed, base))


@router.patch("/{identifier}")
def change_user(  # noqa: PLR0913 - what a request carries
    identifier: str,
    body: Body,
    subject: Provisioner,
    vault: CurrentVault,
    base: Base,
    wanted: Wanted,
    expected: Expected,
) -> Response:
    """Change some of what is said of a person."""

    def change(before: Person) -> PersonForm:
        resource = _require(expected, before, base)
        changed = apply_patch(resource, body, writable=PERSON_ATTRIBUTES)
        return person_form(changed, before=before.form)

    person_id = local_id(identifier, USER_PREFIX)
    changed = vault.provisioning.change_person(person_id, change, subject)
    return wanted.one(person_resource(changed, base))


@router.delete("/{identifier}")
def remove_user(
    identifier: str, subject: Provisioner, vault: CurrentVault, base: Base, expected: Expected
) -> Response:
    """End a person, with every token."""
    vault.provisioning.remove_person(
        local_id(identifier, USER_PREFIX),
        subject,
        allow=lambda before: _allow(expected, before, base),
    )
    return Response(status_code=204)


def _page(vault: Vault, base: str, wanted: View) -> Response:
    return wanted.page([person_resource(found, base) for found in vault.provisioning.persons()])


def _require(expected: Condition, before: Person, base: str) -> dict[str, object]:
    resource = person_resource(before, base)
    expected.require(resource["meta"]["version"])
    return resource


def _allow(expected: Condition, before: Person, base: str) -> None:
    _require(expected, before, base)
