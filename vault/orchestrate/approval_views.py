"""The exact bytes an approver is shown: the whole act, what changes, and how far it reaches."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from vault.domain.approvals import Action
from vault.domain.assets import differences
from vault.domain.tools import Reversibility, ToolDefinition, ToolKind

_EFFECTS = {
    Reversibility.READ: "reads; changes nothing",
    Reversibility.REVERSIBLE: "changes something in this vault that can be taken back",
    Reversibility.EXTERNALLY_REVERSIBLE: "changes something elsewhere; others can take it back",
    Reversibility.IRREVERSIBLE: "CANNOT BE TAKEN BACK",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything a view is made from.

    Attributes:
        reasons: why a person is asked.
        before: arguments of the last call of this tool in the run, if there was one.
        needed: how many persons must agree.
    """

    action: Action
    tool: ToolDefinition
    purpose: str
    reasons: Sequence[str]
    before: Mapping[str, object] | None
    needed: int
    expires_at: datetime


def view_of(asked: Asked) -> bytes:
    """Return the view of a request: untruncated, and with nothing invisible in it."""
    action, tool = asked.action, asked.tool
    lines = [
        "An agent asks to act. Nothing happens unless it is granted.",
        "",
        f"Agent         {action.agent} ({action.agent_digest})",
        f"Acts for      {', '.join(action.subject)}",
        f"Its purpose   {asked.purpose}",
        f"Tool          {tool.name}, version {tool.version} ({action.tool_digest})",
        f"Tool's owner  {tool.owner}",
        f"Effect        {_EFFECTS[tool.reversibility]}",
        *_reach(asked),
        f"Asked since   {'; '.join(asked.reasons)}",
        f"Needs         {asked.needed} person{'s' if asked.needed > 1 else ''}",
        f"Ends          {asked.expires_at.astimezone(UTC).isoformat()}",
        "",
        "Arguments",
        *_indented(json.dumps(dict(action.arguments), ensure_ascii=False, indent=2)),
        "",
        *_changes(asked),
        f"Run {action.run_id}, call {action.call_id}, nonce {action.nonce}",
    ]
    return ("\n".join(visible(line) for line in lines) + "\n").encode()


def visible(line: str) -> str:
    """Return a line in which characters that nobody sees are written out."""
    return "".join(
        character if character.isprintable() else f"\\u{ord(character):04x}" for character in line
    )


def _reach(asked: Asked) -> list[str]:
    tool, label = asked.tool, asked.action.label
    where = "outside of the vault" if tool.kind in {ToolKind.HTTP, ToolKind.MCP} else "this vault"
    marks = ", ".join(sorted(label.compartments))
    return [
        f"Reaches       {where}",
        f"Material      {label.classification.word}{f' ({marks})' if marks else ''}",
    ]


def _changes(asked: Asked) -> list[str]:
    if asked.before is None:
        return ["This is the first call of this tool in the run.", ""]
    lines = ["Changes since the last call of this tool in the run"]
    for found in differences(dict(asked.before), dict(asked.action.arguments)):
        lines.append(f"  {found.pointer}")
        lines += [f"    before  {json.dumps(found.before, ensure_ascii=False)}"]
        lines += [f"    now     {json.dumps(found.after, ensure_ascii=False)}"]
    return [*(lines if len(lines) > 1 else ["The arguments are those of the last call."]), ""]


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.split("\n")]
