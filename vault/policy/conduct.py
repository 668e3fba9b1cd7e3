"""Decisions on what agents do: who may run them, what they may call, who lets them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from vault.domain.autonomy import Autonomy
from vault.domain.decisions import PolicyDecision
from vault.domain.identity import Principal, Subject
from vault.domain.labels import LOWEST, Label
from vault.domain.tools import ToolDefinition, ToolKind
from vault.policy.engine import PolicyEngine

REMEMBERED = 4096
"""Decisions that are not asked of the policy again while their every input is the same."""


@dataclass(frozen=True, slots=True)
class Asset:
    """What the policy knows of a governed thing: references throughout."""

    kind: str
    name: str
    owners: frozenset[str] = frozenset()
    applied_by: str = ""
    open_to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the policy knows of a call besides who makes it and of which tool.

    Attributes:
        autonomy: the level that holds now.
        approved: whether persons approved this very call.
        escalated: whether something about it asks for a person whatever the level.
        tainted: whether its arguments derive from text that nobody vouches for.
        label: join of the labels of what its arguments were made from.
    """

    autonomy: Autonomy
    approved: bool = False
    escalated: bool = False
    tainted: bool = False
    label: Label = LOWEST


class Conduct:
    """Answers questions of right about agents, from the one policy set.

    A decision follows from its inputs alone, so equal inputs are asked about once.
    """

    def __init__(self, engine: PolicyEngine) -> None:
        self._engine = engine
        self._tool = lru_cache(REMEMBERED)(self._decide_tool)
        self._start = lru_cache(REMEMBERED)(self._decide_start)

    @property
    def digest(self) -> str:
        """Digest of the policy that decides."""
        return self._engine.digest

    def on_tool(
        self, subject: Subject, tool: ToolDefinition, circumstances: Circumstances
    ) -> PolicyDecision:
        """Decide whether a subject may make a call; an agent and its person must both may."""
        seen = _Tool.of(tool)
        return _all(self._tool(principal, seen, circumstances) for principal in subject.principals)

    def on_start(
        self, principal: Principal, asset: Asset, *, autonomy: Autonomy, depth: int
    ) -> PolicyDecision:
        """Decide whether a run of an agent may start for a principal."""
        return self._start(principal, asset, autonomy, depth)

    def on_asset(self, subject: Subject, act: str, asset: Asset) -> PolicyDecision:
        """Decide whether a subject may ``apply_asset``, ``approve_asset`` and so on."""
        return _all(self._on_asset(principal, act, asset, {}) for principal in subject.principals)

    def on_approval(
        self, subject: Subject, *, agent: str, requested_for: str, approvers: Iterable[str]
    ) -> PolicyDecision:
        """Decide whether a subject may approve or refuse an act of an agent.

        Args:
            subject: who would.
            agent: name of the agent.
            requested_for: id of the person it acts for.
            approvers: references of those who were named for it.
        """
        attributes = {
            "agent": f"user:{agent}",
            "requestedFor": f"user:{requested_for}",
            "approvers": sorted(approvers),
        }
        return _all(
            self._engine.decide(principal, "approve_action", ("Act", agent), attributes, {})
            for principal in subject.principals
        )

    def _decide_start(
        self, principal: Principal, asset: Asset, autonomy: Autonomy, depth: int
    ) -> PolicyDecision:
        context = {"autonomy": int(autonomy), "depth": depth}
        return self._on_asset(principal, "start_run", asset, context)

    def _on_asset(
        self, principal: Principal, act: str, asset: Asset, context: dict[str, int]
    ) -> PolicyDecision:
        attributes = {
            "kind": asset.kind,
            "owners": sorted(asset.owners),
            "appliedBy": asset.applied_by,
            "openTo": sorted(asset.open_to),
        }
        return self._engine.decide(principal, act, ("Asset", asset.name), attributes, context)

    def _decide_tool(
        self, principal: Principal, tool: "_Tool", circumstances: Circumstances
    ) -> PolicyDecision:
        attributes = {
            "name": tool.name,
            "kind": tool.kind.value,
            "owner": f"user:{tool.owner}",
            "reversibility": tool.reversibility,
            "approval": tool.approval,
            "external": tool.kind in {ToolKind.HTTP, ToolKind.MCP},
            "bounded": tool.sink is not None,
            "sink": 0 if tool.sink is None else int(tool.sink.classification),
            "compartments": [] if tool.sink is None else sorted(tool.sink.compartments),
        }
        context = {
            "autonomy": int(circumstances.autonomy),
            "approved": circumstances.approved,
            "escalated": circumstances.escalated,
            "tainted": circumstances.tainted,
            "label": int(circumstances.label.classification),
            "compartments": sorted(circumstances.label.compartments),
        }
        return self._engine.decide(principal, "call_tool", ("Tool", tool.name), attributes, context)


@dataclass(frozen=True, slots=True)
class _Tool:
    """What the policy knows of a tool; unlike a definition it can be a key."""

    name: str
    kind: ToolKind
    owner: str
    reversibility: int
    approval: str
    sink: Label | None

    @classmethod
    def of(cls, found: ToolDefinition) -> "_Tool":
        return cls(
            found.name,
            found.kind,
            found.owner,
            int(found.reversibility),
            found.approval.value,
            found.sink_ceiling,
        )


def _all(decisions: Iterable[PolicyDecision]) -> PolicyDecision:
    """Return a permit if all permit, else the first denial."""
    found = list(decisions)
    return next((each for each in found if not each.permitted), found[0])
