"""Decides on one planned call: it may happen, a person is asked, or it may not."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from vault.domain.autonomy import Level
from vault.domain.budgets import Balance
from vault.domain.decisions import PolicyDecision
from vault.domain.errors import InvalidRequestError, NotFoundError
from vault.domain.identity import Subject
from vault.domain.labels import dominates
from vault.domain.tools import ApprovalRule, Reversibility, ToolDefinition
from vault.orchestrate.autonomy import Ladder
from vault.orchestrate.budgets import soft_cap_reached
from vault.orchestrate.planner import Observation, PlannedCall
from vault.orchestrate.registry import ToolRegistry
from vault.orchestrate.taint import Origin, origin_of
from vault.orchestrate.write_path import LoadedRun
from vault.policy.conduct import Circumstances, Conduct
from vault.store.session import UnitOfWork


class Answer(StrEnum):
    """What is decided about a call."""

    PERMIT = "permit"
    ASK = "ask"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision about one call, with all that it rests on.

    Attributes:
        reasons: sentences for people: why a person is asked, or why it may not happen.
        tool: definition that would be called; None if there is none.
        origin: what the arguments derive from.
        level: autonomy that held.
        decision: the policy's last word; None if it was not asked.
    """

    answer: Answer
    reasons: tuple[str, ...]
    tool: ToolDefinition | None = None
    origin: Origin = Origin()  # noqa: RUF009 - a frozen value
    level: Level | None = None
    decision: PolicyDecision | None = None

    @property
    def persons(self) -> int:
        """How many different persons must agree before it may happen."""
        tool = self.tool
        if tool is None:
            return 1
        hard = tool.reversibility is Reversibility.IRREVERSIBLE
        return 2 if hard or tool.approval is ApprovalRule.DUAL else 1


class Governor:
    """Asks the policy about calls.

    Args:
        conduct: the policy.
        registry: the tools that may be called at all.
        ladder: how autonomous an agent is now.
    """

    def __init__(self, *, conduct: Conduct, registry: ToolRegistry, ladder: Ladder) -> None:
        self._conduct = conduct
        self._registry = registry
        self._ladder = ladder

    def judge(
        self,
        unit: UnitOfWork,
        loaded: LoadedRun,
        planned: PlannedCall,
        *,
        subject: Subject,
        seen: Sequence[Observation],
        balances: Sequence[Balance],
    ) -> Verdict:
        """Return the verdict on a call, in the transaction that would begin it."""
        try:
            tool, changed = self._definition(unit, loaded, planned.tool)
            problems = self._registry.tool(tool).problems(dict(planned.arguments))
        except (NotFoundError, InvalidRequestError) as error:
            return Verdict(Answer.DENY, (error.detail,))
        if problems:
            told = "; ".join(str(problem) for problem in problems)
            return Verdict(Answer.DENY, (f"the arguments do not fit: {told}",), tool)
        origin = origin_of(
            dict(planned.arguments),
            seen,
            declared=planned.derived_from,
            trusted=_trusted(loaded),
        )
        level = self._ladder.level(unit, loaded.version, loaded.charter)
        causes = _escalations(loaded, planned, origin, balances=balances)
        if changed and loaded.charter.escalation.new_tool_digest:
            causes.append("the tool is not the one that the charter names")
        return self._asked(tool, subject, origin=origin, level=level, causes=causes)

    def _asked(
        self,
        tool: ToolDefinition,
        subject: Subject,
        *,
        origin: Origin,
        level: Level,
        causes: list[str],
    ) -> Verdict:
        alone = Circumstances(
            autonomy=level.effective,
            escalated=bool(causes),
            tainted=origin.tainted,
            label=origin.label,
        )
        decision = self._conduct.on_tool(subject, tool, alone)
        if decision.permitted:
            return Verdict(Answer.PERMIT, (), tool, origin, level, decision)
        decision = self._conduct.on_tool(subject, tool, replace(alone, approved=True))
        if decision.permitted:
            reasons = tuple(causes) or (_why(tool, origin, level),)
            return Verdict(Answer.ASK, reasons, tool, origin, level, decision)
        rules = ", ".join(decision.reasons) or "no rule permits it"
        told = f"the policy denies it at {level.effective.name} ({rules})"
        return Verdict(Answer.DENY, (told,), tool, origin, level, decision)

    def _definition(
        self, unit: UnitOfWork, loaded: LoadedRun, name: str
    ) -> tuple[ToolDefinition, bool]:
        """Return a tool of the charter, and whether it is another one than was pinned."""
        if name not in loaded.charter.tools:
            raise NotFoundError("the charter of the agent names no such tool")
        pinned = loaded.charter.tools[name] or None
        try:
            return self._registry.definition(unit, name, digest=pinned), False
        except NotFoundError:
            if pinned is None:
                raise
            return self._registry.definition(unit, name), True


def _escalations(
    loaded: LoadedRun,
    planned: PlannedCall,
    origin: Origin,
    *,
    balances: Sequence[Balance],
) -> list[str]:
    terms, charter = loaded.charter.escalation, loaded.charter
    nearly = soft_cap_reached(balances)
    above = charter.label_ceiling if terms.label_above is None else terms.label_above
    checks = (
        (planned.confidence < terms.confidence_below, "the planner is not sure enough"),
        (planned.conflict and terms.conflict, "what it rests on contradicts itself"),
        (not dominates(above, origin.label), "the material is above the agent's label"),
        (
            nearly is not None and terms.budget_soft_cap,
            f"the budget is nearly used up: {nearly}",
        ),
    )
    return [cause for holds, cause in checks if holds]


def _why(tool: ToolDefinition, origin: Origin, level: Level) -> str:
    if tool.approval is not ApprovalRule.POLICY:
        return "the tool's owner wants every call approved"
    if origin.tainted:
        return "the arguments derive from text that nobody vouches for"
    return f"at {level.effective.name} the agent may only {level.effective.words}"


def _trusted(loaded: LoadedRun) -> str:
    """Return what people wrote for this run; values that stand there may be used freely."""
    charter = loaded.charter
    written = [dict(step.arguments) for step in charter.steps]
    return "\n".join((loaded.state.input, charter.prompt, json.dumps(written, ensure_ascii=False)))
