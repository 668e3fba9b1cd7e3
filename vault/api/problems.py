"""Failures as RFC 9457 problem details, those nobody foresaw included."""

import inspect
import logging
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vault.api.schemas import FieldProblem, Problem
from vault.domain.errors import (
    ERRORS,
    AccessDeniedError,
    DocumentTooLargeError,
    HomeUnavailableError,
    InvalidRequestError,
    NotFoundError,
    UnauthenticatedError,
    VaultError,
)

LOG = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "/problems/"
UNTYPED = "about:blank"
"""Type of a problem that its HTTP status says everything about."""

_COMMON = (
    UnauthenticatedError,
    AccessDeniedError,
    InvalidRequestError,
    HomeUnavailableError,
    VaultError,
)
_RETRY_SECONDS = {429: 2, 503: 5}
_LONGEST_NAME = 64
_FRAMES = 4
"""Places in the code that are logged of a failure; its words are not, they may hold content."""
_Step = TypeVar("_Step")


def responses(
    *errors: type[VaultError], public: bool = False, ok: Mapping[str, object] | None = None
) -> dict[int | str, dict[str, Any]]:
    """Describe what a route answers, for its ``responses=``; one entry per status.

    Args:
        errors: what this route may answer besides what every route may.
        public: whether the route needs no credential, so that no common error applies.
        ok: what there is to say of status 200.
    """
    listed: Iterable[type[VaultError]] = dict.fromkeys(errors if public else (*_COMMON, *errors))
    described: dict[int | str, dict[str, Any]] = {} if ok is None else {200: dict(ok)}
    return described | {
        status: {
            "model": Problem,
            "description": "; ".join(error.title for error in listed if error.status == status),
        }
        for status in sorted({error.status for error in listed})
    }


def problem_types() -> list[dict[str, object]]:
    """Return every problem type with what it means, as served under ``/problems``."""
    return [
        {
            "type": TYPE_BASE + error.slug,
            "title": error.title,
            "status": error.status,
            "description": (inspect.getdoc(error) or "").partition("\n")[0],
        }
        for error in ERRORS
    ]


def install(app: FastAPI) -> None:
    """Answer every failure raised under ``app`` with its problem details."""
    app.add_exception_handler(VaultError, _failed)
    app.add_exception_handler(RequestValidationError, _failed)
    app.add_exception_handler(HTTPException, _failed)


def report(error: Exception, request: Request) -> Problem:
    """Return the problem that a failure is to its caller, logging what was not foreseen."""
    if isinstance(error, VaultError):
        return _typed(error, error.detail, request)
    if isinstance(error, RequestValidationError):
        fields = [_field(found) for found in error.errors()]
        detail = "the request does not fit its schema"
        return _typed(InvalidRequestError, detail, request, errors=fields)
    if isinstance(error, HTTPException):
        return _of_framework(error, request)
    return _unforeseen(error, request)


def respond(problem: Problem, *, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return a response that carries a problem, with the headers its status asks for.

    Source:
        RFC 9457, section 3; RFC 9110, sections 10.2.3 and 11.6.1.
    """
    sent = dict(headers or {})
    if problem.status == UnauthenticatedError.status:
        sent["WWW-Authenticate"] = "Bearer"
    if problem.status in _RETRY_SECONDS:
        sent["Retry-After"] = str(_RETRY_SECONDS[problem.status])
    return JSONResponse(
        problem.model_dump(exclude_none=True), problem.status, sent, media_type=MEDIA_TYPE
    )


def until_problem(steps: Iterator[_Step], request: Request) -> Iterator[_Step | Problem]:
    """Yield every step of a response under way; what breaks it is the last one, as a problem."""
    try:
        yield from steps
    except Exception as error:  # noqa: BLE001 - a begun stream has no other way to fail
        yield report(error, request)


class UnforeseenErrors:
    """Answers what no handler foresaw with status 500 and a request id, and nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application and catch what it raises."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            LOG.info("client_left")
        except Exception as error:  # noqa: BLE001 - the last place where a request can fail
            problem = report(error, Request(scope))
            if not started:
                await respond(problem)(scope, receive, send)


async def _failed(request: Request, error: Exception) -> JSONResponse:
    headers = error.headers if isinstance(error, HTTPException) else None
    return respond(report(error, request), headers=headers)


def _typed(
    kind: type[VaultError] | VaultError,
    detail: str,
    request: Request,
    *,
    errors: Sequence[FieldProblem] | None = None,
) -> Problem:
    return Problem(
        type=TYPE_BASE + kind.slug,
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=request.url.path,
        errors=None if errors is None else list(errors),
    )


def _of_framework(error: HTTPException, request: Request) -> Problem:
    known: dict[int, tuple[type[VaultError], str]] = {
        400: (InvalidRequestError, "the body cannot be read"),
        404: (NotFoundError, "there is nothing at this address"),
        413: (DocumentTooLargeError, "the request is larger than the limit"),
    }
    if error.status_code in known:
        kind, detail = known[error.status_code]
        return _typed(kind, detail, request)
    return Problem(
        type=UNTYPED,
        title=error.detail,
        status=error.status_code,
        detail=f"{request.method} is not answered here" if error.status_code == 405 else None,
        instance=request.url.path,
    )


def _unforeseen(error: Exception, request: Request) -> Problem:
    request_id = getattr(request.state, "request_id", None)
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    LOG.error(
        "request_failed",
        extra={
            "error": type(error).__name__,
            "at": [f"{Path(found.filename).stem}.{found.name}:{found.lineno}" for found in frames],
            "request_id": request_id,
        },
    )
    detail = "what happened is in the log of the vault, under this request id"
    problem = _typed(VaultError, detail, request)
    return problem.model_copy(update={"request_id": request_id})


def _field(found: Mapping[str, Any]) -> FieldProblem:
    """Name the place and the rule, and never the value that broke it."""
    where, *path = [str(part) for part in found["loc"]]
    if found["type"] == "json_invalid":
        return FieldProblem(location=where, pointer="", detail="this is not JSON")
    steps = [part[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1") for part in path]
    pointer = "".join(f"/{step}" for step in steps)
    return FieldProblem(location=where, pointer=pointer, detail=found["msg"])
