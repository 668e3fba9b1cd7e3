"""GET /v1/tools: what agents may call now, and what a call takes."""

from typing import Annotated

from fastapi import APIRouter, Path

from vault.api.dependencies import CurrentVault, ToolReader
from vault.api.problems import responses
from vault.api.tool_schemas import ToolOut, ToolsOut
from vault.domain.errors import NotFoundError
from vault.orchestrate.registry import ABSENT
from vault.orchestrate.tool_forms import caller_form

router = APIRouter(prefix="/v1/tools", tags=["tools"])


@router.get("", responses=responses())
def list_tools(reader: ToolReader, vault: CurrentVault) -> ToolsOut:  # noqa: ARG001 - a scope
    """List the tools whose exact definition is approved and whose owner is there."""
    found = vault.tool_desk.callable_now()
    return ToolsOut(tools=[ToolOut.model_validate(caller_form(one)) for one in found])


@router.get("/{name}", responses=responses(NotFoundError))
def show_tool(
    name: Annotated[str, Path(max_length=128)],
    reader: ToolReader,  # noqa: ARG001 - a scope
    vault: CurrentVault,
) -> ToolOut:
    """Show one tool. What may not be called does not exist."""
    for found in vault.tool_desk.callable_now():
        if found.name == name:
            return ToolOut.model_validate(caller_form(found))
    raise NotFoundError(ABSENT)
