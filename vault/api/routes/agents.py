"""GET /v1/agents: the agents that the caller may run or answers for."""

from typing import Annotated

from fastapi import APIRouter, Path

from vault.api.dependencies import AgentReader, CurrentVault
from vault.api.problems import responses
from vault.api.run_schemas import AgentOut, AgentsOut
from vault.bootstrap import Vault
from vault.domain.assets import AssetVersion
from vault.domain.errors import NotFoundError
from vault.orchestrate.agent_desk import ABSENT
from vault.orchestrate.run_forms import agent_form

router = APIRouter(prefix="/v1/agents", tags=["agents"])


@router.get("", responses=responses())
def list_agents(reader: AgentReader, vault: CurrentVault) -> AgentsOut:
    """List the agents that the caller may run or answers for, in the version that is used."""
    return AgentsOut(agents=[_shown(vault, each) for each in vault.agents.open_to(reader)])


@router.get("/{name}", responses=responses(NotFoundError))
def show_agent(
    name: Annotated[str, Path(max_length=128)], reader: AgentReader, vault: CurrentVault
) -> AgentOut:
    """Show one agent, how far it may go now, and what keeps it from going further."""
    for found in vault.agents.open_to(reader):
        if found.name == name:
            return _shown(vault, found)
    raise NotFoundError(ABSENT)


def _shown(vault: Vault, found: AssetVersion) -> AgentOut:
    return AgentOut.model_validate(agent_form(found, vault.agents.level(found)))
