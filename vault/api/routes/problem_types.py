"""GET /problems: what each type of failure means, readable without a network."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Response
from fastapi.responses import HTMLResponse

from vault.api.problems import TYPE_BASE, problem_types, responses
from vault.api.schemas import ProblemTypeOut, ProblemTypesOut
from vault.domain.errors import InvalidRequestError, NotFoundError
from vault.web.pages import render

router = APIRouter(prefix="/problems", tags=["problems"])

_HTML = "text/html"
_PAGE = {"content": {_HTML: {"schema": {"type": "string"}}}}
Accept = Annotated[str, Header()]


@router.get(
    "",
    response_model=ProblemTypesOut,
    responses=responses(InvalidRequestError, public=True, ok=_PAGE),
)
def list_problem_types(accept: Accept = "application/json") -> ProblemTypesOut | Response:
    """List every type of problem, as a page for whoever accepts one."""
    if _HTML in accept:
        return HTMLResponse(render("problems.html", problems=problem_types()))
    return ProblemTypesOut.model_validate({"problems": problem_types()})


@router.get(
    "/{slug}",
    response_model=ProblemTypeOut,
    responses=responses(InvalidRequestError, NotFoundError, public=True, ok=_PAGE),
)
def show_problem_type(
    slug: Annotated[str, Path(max_length=64)], accept: Accept = "application/json"
) -> ProblemTypeOut | Response:
    """Show what one type of problem means."""
    found = [each for each in problem_types() if each["type"] == TYPE_BASE + slug]
    if not found:
        raise NotFoundError("there is no such type of problem")
    if _HTML in accept:
        return HTMLResponse(render("problems.html", problems=found))
    return ProblemTypeOut.model_validate(found[0])
