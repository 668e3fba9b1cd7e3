"""What the SCIM service tells of itself, and what it answers where there is nothing."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from vault.api.dependencies import CurrentVault
from vault.api.scim.definitions import resource_types, schemas, service_provider_config
from vault.api.scim.failures import MEDIA_TYPE, ScimError, ScimRoute
from vault.api.scim.requests import PREFIX, Base, Provisioner, Searched, listed
from vault.api.scim.resources import group_resource, person_resource

router = APIRouter(prefix=PREFIX, route_class=ScimRoute, include_in_schema=False)
_KNOWN = frozenset({"Groups", "ResourceTypes", "Schemas", "ServiceProviderConfig", "Users"})
_EVERY = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@router.get("/ServiceProviderConfig")
def show_config(_: Provisioner, base: Base) -> Response:
    """Tell what the service can do."""
    return JSONResponse(service_provider_config(base), media_type=MEDIA_TYPE)


@router.get("/ResourceTypes")
def list_resource_types(_: Provisioner, base: Base) -> Response:
    """List the kinds of resource."""
    return listed(resource_types(base))


@router.get("/ResourceTypes/{name}")
def show_resource_type(name: str, _: Provisioner, base: Base) -> Response:
    """Show one kind of resource."""
    return _one(resource_types(base), name)


@router.get("/Schemas")
def list_schemas(_: Provisioner, base: Base) -> Response:
    """List the attributes of every kind of resource."""
    return listed(schemas(base))


@router.get("/Schemas/{name}")
def show_schema(name: str, _: Provisioner, base: Base) -> Response:
    """Show the attributes of one kind of resource."""
    return _one(schemas(base), name)


@router.post("/.search")
def search_everything(
    _: Provisioner, vault: CurrentVault, base: Base, wanted: Searched
) -> Response:
    """List the persons and groups that fit a filter, which comes in the body."""
    persons = [person_resource(found, base) for found in vault.provisioning.persons()]
    groups = [group_resource(found, base) for found in vault.group_provisioning.groups()]
    return wanted.page(persons + groups)


@router.api_route("/{rest:path}", methods=_EVERY)
def show_nothing(rest: str, _: Provisioner) -> Response:
    """Tell that there is nothing here, or nothing that is answered in this way."""
    if rest.split("/")[0] in _KNOWN:
        raise ScimError(405, None, "this is not answered here")
    raise ScimError(404, None, "there is no such resource")


def _one(found: Sequence[dict[str, Any]], name: str) -> Response:
    for each in found:
        if each["id"] == name:
            return JSONResponse(each, media_type=MEDIA_TYPE)
    raise ScimError(404, None, "there is no such resource")
