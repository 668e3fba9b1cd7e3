"""An agent of the tests' own for a whole home: it calculates, and acts by a draft or a ticket."""

from vault.bootstrap import Vault
from vault.domain.tools import Reversibility
from vault.orchestrate.asset_files import read_asset
from vault.orchestrate.toolbox.toolbox import SHIPPED

CHARTER = b"""
name: clerk
purpose: Works out a sum and hands it to people.
owners: {business: olga}
autonomy: A3
label_ceiling: internal
groups: [staff]
open_to: [group:staff]
tools: [calculator, write_artifact, create_ticket]
steps:
  - {tool: calculator, arguments: {expression: "{input}"}}
  - {tool: write_artifact, arguments: {name: sum.txt, content: "the sum is known"}}
  - {tool: create_ticket, arguments: {title: A sum, body: Look at the sum., queue: staff}}
result: {ticket: "{steps.3.content.number}"}
artifacts: {keep_days: 30}
"""
TOOLS = ("calculator", "write_artifact", "create_ticket")


def furnish(vault: Vault) -> None:
    """Bring in the tools and the agent, and let them be used."""
    for name in TOOLS:
        vault.tool_desk.apply(SHIPPED[name].owned_by("olga"), None)
        vault.tool_desk.approve(name, None)
    assert SHIPPED["create_ticket"].reversibility > Reversibility.REVERSIBLE
    vault.agents.apply(read_asset(CHARTER), None)
    vault.agents.approve("clerk", vault.authenticator.subject("olga"))
