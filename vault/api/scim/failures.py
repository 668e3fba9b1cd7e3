"""Failures of the SCIM service in the form that its clients read."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vault.domain.errors import InvalidRequestError, UnauthenticatedError, VaultError
from vault.domain.provisioning import NameTakenError

MEDIA_TYPE = "application/scim+json"
_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimError(Exception):
    """A request that SCIM has a word of its own for.

    Args:
        status: of the response.
        kind: one of the detail error keywords, or None.
        detail: one sentence for a person.

    Source:
        RFC 7644, section 3.12.
    """

    def __init__(self, status: int, kind: str | None, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail


class ScimRoute(APIRoute):
    """A route whose foreseen failures are answered as SCIM errors."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the route, wrapped."""
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await answer(request)
            except (ScimError, VaultError, RequestValidationError) as error:
                return _response(_translated(error))

        return handle


def _translated(error: ScimError | VaultError | RequestValidationError) -> ScimError:
    if isinstance(error, ScimError):
        return error
    if isinstance(error, RequestValidationError):
        return ScimError(400, "invalidValue", "a parameter of the request has another form")
    if isinstance(error, NameTakenError):
        return ScimError(409, "uniqueness", error.detail)
    if isinstance(error, InvalidRequestError):
        return ScimError(400, "invalidValue", error.detail)
    return ScimError(error.status, None, error.detail)


def _response(error: ScimError) -> Response:
    body: dict[str, object] = {
        "schemas": [_ERROR],
        "status": str(error.status),
        "detail": error.detail,
    }
    if error.kind is not None:
        body["scimType"] = error.kind
    wanted = error.status == UnauthenticatedError.status
    headers = {"WWW-Authenticate": "Bearer"} if wanted else None
    return JSONResponse(body, error.status, headers, media_type=MEDIA_TYPE)
