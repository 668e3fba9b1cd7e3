"""Begins calls: decision, approval, reservation and intent in one transaction, before any act."""

from collections.abc import Sequence
from dataclasses import dataclass

from vault.domain.budgets import Amounts, Balance
from vault.domain.identity import Subject
from vault.domain.runs import EventType, RunState, idempotency_key
from vault.domain.tools import Reversibility, ToolCall, ToolDefinition
from vault.orchestrate.approvals import Act, ApprovalDesk
from vault.orchestrate.budgets import accounts_of, most_of
from vault.orchestrate.governor import Answer, Governor, Verdict
from vault.orchestrate.planner import PlannedCall
from vault.orchestrate.registry import ToolRegistry
from vault.orchestrate.transcript import call_body, call_facts, observations
from vault.orchestrate.write_path import LoadedRun, WritePath
from vault.store.postings import Draw
from vault.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Asking:
    """A call that a planner wants to come next.

    Attributes:
        attempt: counts the attempts at it from 1.
        approval: id of the request for approval that was made for it, if any.
    """

    call: ToolCall
    planned: PlannedCall
    attempt: int = 1
    approval: str | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A call whose intent is committed, so that it may happen.

    Attributes:
        reserved: what was set aside for it.
        accounts: where it was set aside.
        balances: what was in them before.
    """

    asking: Asking
    tool: ToolDefinition
    subject: Subject
    verdict: Verdict
    reserved: Amounts
    accounts: tuple[str, ...]
    balances: Sequence[Balance]


class Beginnings:
    """Writes what precedes an act.

    Args:
        writes: the write path.
        governor: decides on calls.
        approvals: asks people.
        registry: counts calls against the rates of tools.
    """

    def __init__(
        self,
        writes: WritePath,
        *,
        governor: Governor,
        approvals: ApprovalDesk,
        registry: ToolRegistry,
    ) -> None:
        self._writes = writes
        self._governor = governor
        self._approvals = approvals
        self._registry = registry

    def begin(
        self, unit: UnitOfWork, loaded: LoadedRun, asking: Asking, subject: Subject
    ) -> tuple[RunState, Begun | None]:
        """Decide on a call and write what follows; the call may happen only if it is returned.

        Raises:
            LimitExceededError: a hard cap of a budget would be passed.
            ApprovalRefusedError: the approval does not cover this act.
            RetryableToolError: the tool's rate is used up.
        """
        accounts = accounts_of(unit, loaded.run)
        balances = unit.postings.balances(accounts)
        verdict = self._governor.judge(
            unit,
            loaded,
            asking.planned,
            subject=subject,
            seen=observations(loaded.state),
            balances=balances,
        )
        if verdict.answer is Answer.DENY or verdict.tool is None:
            return self.deny(unit, loaded, asking, verdict, subject), None
        act = Act(loaded, asking.call, verdict, subject)
        if verdict.answer is Answer.ASK:
            if asking.approval is None:
                return self._ask(unit, loaded, asking, act), None
            self._approvals.check_and_spend(unit, asking.approval, act, again=asking.attempt > 1)
        begun = Begun(
            asking=asking,
            tool=verdict.tool,
            subject=subject,
            verdict=verdict,
            reserved=most_of(verdict.tool, first=asking.attempt == 1),
            accounts=accounts,
            balances=balances,
        )
        return self._intend(unit, loaded, begun), begun

    def deny(
        self,
        unit: UnitOfWork,
        loaded: LoadedRun,
        asking: Asking,
        verdict: Verdict,
        subject: Subject,
    ) -> RunState:
        """Write that a call may not happen, and why."""
        body = call_body(asking.call.id, asking.planned, verdict)
        return self._writes.append(
            unit,
            loaded,
            EventType.DENIED,
            body | {"reason": "; ".join(verdict.reasons)},
            subject=subject,
            facts=call_facts(asking.call.id, verdict),
        )

    def _ask(self, unit: UnitOfWork, loaded: LoadedRun, asking: Asking, act: Act) -> RunState:
        made = self._approvals.ask(unit, act)
        body = call_body(asking.call.id, asking.planned, act.verdict)
        return self._writes.append(
            unit,
            loaded,
            EventType.ASKED,
            body | {"approval_id": made.id, "reason": "; ".join(act.verdict.reasons)},
            subject=act.subject,
            facts=call_facts(asking.call.id, act.verdict)
            | {
                "approval": made.id,
                "action": made.action_digest,
                "view": made.view_digest,
                "needed": made.needed,
            },
        )

    def _intend(self, unit: UnitOfWork, loaded: LoadedRun, begun: Begun) -> RunState:
        call = begun.asking.call
        self._registry.take(unit, begun.tool)
        draw = Draw(loaded.run.run_id, call.id, begun.accounts, self._writes.now())
        unit.postings.reserve(draw, begun.reserved, before=begun.balances)
        body = call_body(call.id, begun.asking.planned, begun.verdict)
        return self._writes.append(
            unit,
            loaded,
            EventType.INTENDED,
            body
            | {
                "key": idempotency_key(loaded.run.run_id, call.id),
                "attempt": begun.asking.attempt,
                "approval_id": begun.asking.approval,
                "reserved": begun.reserved.form(),
                "repeatable": repeatable(begun.tool),
            },
            subject=begun.subject,
            facts=call_facts(call.id, begun.verdict)
            | {"attempt": begun.asking.attempt, "approval": begun.asking.approval},
        )


def repeatable(tool: ToolDefinition) -> bool:
    """Tell whether a call whose outcome nobody saw may simply be made again."""
    return tool.reversibility is Reversibility.READ or tool.idempotent


def refusal(reason: str) -> Verdict:
    """Return the verdict that stands for a refusal found while a call was being begun."""
    return Verdict(Answer.DENY, (reason,))
