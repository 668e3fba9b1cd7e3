"""An agent's charter: what it is for, who answers for it, and how far it may go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Self

from vault.domain.approvals import LIFETIME
from vault.domain.autonomy import Autonomy
from vault.domain.budgets import SOFT_SHARE, Caps
from vault.domain.labels import Classification, Label
from vault.domain.runs import RunLimits


@dataclass(frozen=True, slots=True)
class Escalation:
    """What makes a call wait for a person, whatever the level of autonomy.

    Attributes:
        confidence_below: a planner less sure than this asks.
        label_above: material above this label asks; None is the charter's own ceiling.
        conflict: sources that contradict each other ask.
        budget_soft_cap: a budget that is nearly used up asks.
        new_tool_digest: a tool that is not the one of the charter asks.
        tainted_arguments: arguments that derive from untrusted text ask.
    """

    confidence_below: float = 0.0
    label_above: Label | None = None
    conflict: bool = True
    budget_soft_cap: bool = True
    new_tool_digest: bool = True
    tainted_arguments: bool = True


@dataclass(frozen=True, slots=True)
class FixedStep:
    """A step that is written into the charter."""

    tool: str
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Charter:
    """An agent as its owners describe it.

    Attributes:
        owners: principal ids by role.
        autonomy: the most it may ever have.
        label_ceiling: it reads nothing above this.
        groups: groups its principal belongs to.
        open_to: references of whoever may start it.
        collections: collections it may read; None is whatever its groups may.
        tools: digest of each tool it may call, by name; empty text is any approved one.
        steps: what it does, when it plans nothing itself.
        result: what a run comes to, when it follows steps.
        run_caps: budget of one run.
        month_caps: budget of the agent in a month.
        principal_caps: budget of the agent for one person in a month.
        approvers: references of whoever may approve its acts; its owners by default.
        approval_lifetime: how long an approval can be given and used.
        artifact_days: how long its files are kept; None is for as long as the run.
    """

    name: str
    purpose: str
    owners: Mapping[str, str]
    autonomy: Autonomy
    label_ceiling: Label
    groups: tuple[str, ...]
    open_to: frozenset[str]
    collections: frozenset[str] | None
    tools: Mapping[str, str]
    prompt: str
    steps: tuple[FixedStep, ...]
    result: object
    limits: RunLimits
    run_caps: Caps
    month_caps: Caps
    principal_caps: Caps
    escalation: Escalation
    approvers: tuple[str, ...]
    approval_lifetime: timedelta
    artifact_days: int | None

    @classmethod
    def parse(cls, body: Mapping[str, object]) -> Self:
        """Return the charter in a body whose shape was checked before.

        Raises:
            InvalidRequestError: a level, a budget or a label is not known.
        """
        owners = {role: str(name) for role, name in _object(body, "owners").items()}
        budgets, approval = _object(body, "budgets"), _object(body, "approval")
        share = float(str(budgets.get("soft_share", SOFT_SHARE)))
        minutes = approval.get("expires_minutes")
        approvers = _words(approval.get("approvers"))
        return cls(
            name=str(body["name"]),
            purpose=str(body["purpose"]),
            owners=owners,
            autonomy=Autonomy.of(str(body["autonomy"])),
            label_ceiling=parse_label(body["label_ceiling"]),
            groups=tuple(sorted(_words(body.get("groups")))),
            open_to=frozenset(_words(body["open_to"])),
            collections=_collections(body.get("collections")),
            tools=_tools(body.get("tools")),
            prompt=str(body.get("prompt", "")),
            steps=_steps(body.get("steps")),
            result=body.get("result"),
            limits=_limits(_object(body, "limits")),
            run_caps=Caps.of_words(_object(budgets, "run"), soft_share=share),
            month_caps=Caps.of_words(_object(budgets, "month"), soft_share=share),
            principal_caps=Caps.of_words(_object(budgets, "principal_month"), soft_share=share),
            escalation=_escalation(_object(body, "escalation")),
            approvers=tuple(approvers or sorted({f"user:{name}" for name in owners.values()})),
            approval_lifetime=(
                LIFETIME if minutes is None else timedelta(minutes=int(str(minutes)))
            ),
            artifact_days=_number(_object(body, "artifacts").get("keep_days")),
        )


def parse_label(form: object) -> Label:
    """Return the label that a word or a JSON object names.

    Raises:
        InvalidRequestError: the classification is unknown.
    """
    if isinstance(form, Mapping):
        words = _words(form.get("compartments"))
        return Label(Classification.of(str(form["classification"])), frozenset(words))
    return Label(Classification.of(str(form)))


def _object(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def _words(found: object) -> list[str]:
    return [str(word) for word in found] if isinstance(found, Sequence) else []


def _collections(found: object) -> frozenset[str] | None:
    return None if found is None else frozenset(_words(found))


def _number(found: object) -> int | None:
    return None if found is None else int(str(found))


def _tools(found: object) -> dict[str, str]:
    tools: dict[str, str] = {}
    for each in found if isinstance(found, list) else []:
        if isinstance(each, Mapping):
            tools[str(each["name"])] = str(each.get("digest", ""))
        else:
            tools[str(each)] = ""
    return tools


def _steps(found: object) -> tuple[FixedStep, ...]:
    return tuple(
        FixedStep(str(each["tool"]), _object(each, "arguments"))
        for each in (found if isinstance(found, list) else [])
        if isinstance(each, Mapping)
    )


def _limits(found: Mapping[str, object]) -> RunLimits:
    known = {each.name for each in fields(RunLimits)}
    return RunLimits(**{name: int(str(found[name])) for name in known & found.keys()})


def _escalation(found: Mapping[str, object]) -> Escalation:
    above = found.get("label_above")
    return Escalation(
        confidence_below=float(str(found.get("confidence_below", 0.0))),
        label_above=None if above is None else parse_label(above),
        conflict=bool(found.get("conflict", True)),
        budget_soft_cap=bool(found.get("budget_soft_cap", True)),
        new_tool_digest=bool(found.get("new_tool_digest", True)),
        tainted_arguments=bool(found.get("tainted_arguments", True)),
    )
