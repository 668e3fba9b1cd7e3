"""What SCIM requests carry: a body, the state they expect, and what they want to see."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from vault.api.dependencies import Permitted
from vault.api.scim.definitions import MOST_RESULTS
from vault.api.scim.failures import MEDIA_TYPE, ScimError
from vault.api.scim.filters import parse_filter
from vault.api.scim.resources import selected
from vault.domain.identity import Scope, Subject

PREFIX = "/scim/v2"
_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_USUAL_RESULTS = 100
_NAMES = ("attributes", "excludedAttributes", "filter")

Provisioner = Annotated[Subject, Depends(Permitted(Scope.DIRECTORY_WRITE))]


def base_of(request: Request) -> str:
    """Return the address of the service as the caller wrote it."""
    return str(request.base_url).rstrip("/") + PREFIX


Base = Annotated[str, Depends(base_of)]


async def body_of(request: Request) -> Mapping[str, Any]:
    """Return the object in the body.

    Raises:
        ScimError: the body is not a JSON object.
    """
    try:
        given = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise ScimError(400, "invalidSyntax", "the body is not JSON") from error
    if not isinstance(given, dict):
        raise ScimError(400, "invalidSyntax", "the body is not an object")
    return given


Body = Annotated[Mapping[str, Any], Depends(body_of)]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a request says of the version it knows: absent headers say nothing.

    Source:
        RFC 9110, sections 13.1.1 and 13.1.2; RFC 7644, section 3.14.
    """

    if_match: str | None
    if_none_match: str | None

    def require(self, version: str) -> None:
        """Return only if the resource is still the one the caller knows.

        Raises:
            ScimError: it has changed.
        """
        if self.if_match is not None and not _lists(self.if_match, version):
            raise ScimError(412, None, "the resource has changed since it was read")

    def holds(self, version: str) -> bool:
        """Tell whether the caller has this version already."""
        return self.if_none_match is not None and _lists(self.if_none_match, version)


def condition_of(request: Request) -> Condition:
    """Return the condition of a request."""
    return Condition(request.headers.get("if-match"), request.headers.get("if-none-match"))


Expected = Annotated[Condition, Depends(condition_of)]


@dataclass(frozen=True, slots=True)
class View:
    """Which resources a request wants, and what of each."""

    filter: str | None = None
    start: int = 1
    count: int = _USUAL_RESULTS
    attributes: str | None = None
    excluded: str | None = None

    def one(
        self, resource: Mapping[str, Any], status: int = 200, *, known: Condition | None = None
    ) -> Response:
        """Return the response that shows one resource."""
        meta = resource["meta"]
        headers = {"ETag": meta["version"], "Location": meta["location"]}
        if known is not None and known.holds(meta["version"]):
            return Response(status_code=304, headers=headers)
        body = selected(resource, attributes=self.attributes, excluded=self.excluded)
        return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)

    def page(self, resources: Sequence[Mapping[str, Any]]) -> Response:
        """Return the response that shows a part of those that fit.

        Raises:
            ScimError: the filter is none that is understood.
        """
        if self.filter is not None:
            fits = parse_filter(self.filter)
            resources = [resource for resource in resources if fits(resource)]
        first = max(1, self.start)
        shown = resources[first - 1 : first - 1 + max(0, min(self.count, MOST_RESULTS))]
        return listed(
            [
                selected(found, attributes=self.attributes, excluded=self.excluded)
                for found in shown
            ],
            total=len(resources),
            start=first,
        )


def view_of(
    filter: Annotated[str | None, Query()] = None,  # noqa: A002 - the protocol's word
    start: Annotated[int, Query(alias="startIndex")] = 1,
    count: Annotated[int, Query()] = _USUAL_RESULTS,
    attributes: Annotated[str | None, Query()] = None,
    excluded: Annotated[str | None, Query(alias="excludedAttributes")] = None,
) -> View:
    """Return what the address of a request asks for."""
    return View(filter, start, count, attributes, excluded)


Wanted = Annotated[View, Depends(view_of)]


def searched(body: Body) -> View:
    """Return what the body of a search asks for.

    Raises:
        ScimError: a field has another type.
    """
    attributes, excluded, wanted = (_joined(body.get(name)) for name in _NAMES)
    start, count = body.get("startIndex", 1), body.get("count", _USUAL_RESULTS)
    if not all(isinstance(number, int) for number in (start, count)):
        raise ScimError(400, "invalidValue", "startIndex and count are numbers")
    return View(wanted, start, count, attributes, excluded)


Searched = Annotated[View, Depends(searched)]


def listed(
    resources: Sequence[Mapping[str, Any]], *, total: int | None = None, start: int = 1
) -> Response:
    """Return the response that lists resources."""
    body = {
        "schemas": [_LIST],
        "totalResults": len(resources) if total is None else total,
        "startIndex": start,
        "itemsPerPage": len(resources),
        "Resources": list(resources),
    }
    return JSONResponse(body, media_type=MEDIA_TYPE)


def _lists(header: str, version: str) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or version.removeprefix("W/") in tags


def _joined(value: object) -> str | None:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ",".join(value)
    if value is not None and not isinstance(value, str):
        raise ScimError(400, "invalidValue", "a field of the search has another type")
    return value
