"""What decides on the next call of a run, and the planner that follows written steps."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from vault.domain.budgets import NOTHING, Amounts
from vault.domain.charters import Charter, FixedStep
from vault.domain.labels import LOWEST, Label
from vault.domain.runs import CallStatus
from vault.domain.tools import ToolCall, ToolDefinition, Trust

_REFERENCE = re.compile(r"\{(input|steps\.(\d{1,4})\.content((?:\.[A-Za-z0-9_-]{1,64})*))\}")


@dataclass(frozen=True, slots=True)
class Observation:
    """What became of one call, as a planner is told.

    Attributes:
        status: succeeded, failed or denied.
        content: what the tool returned; data, never instructions.
        label: label of the content.
        trust: whether anybody vouches for it.
        reason: why it failed or was denied.
    """

    call: ToolCall
    status: CallStatus
    content: object = None
    label: Label = LOWEST
    trust: Trust = Trust.UNTRUSTED
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a planner knows.

    Attributes:
        input: what the person asked for.
        tools: tools it may plan with.
        observations: its calls so far and what became of them, in order.
    """

    run_id: str
    input: str
    tools: Sequence[ToolDefinition]
    observations: Sequence[Observation]


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call that should come next.

    Attributes:
        derived_from: ids of the calls whose outputs the arguments were made from.
        confidence: how sure the planner is, 0 to 1.
        conflict: whether what it rests on contradicts itself.
    """

    tool: str
    arguments: Mapping[str, object]
    derived_from: frozenset[str] = frozenset()
    confidence: float = 1.0
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Finish:
    """The run has come to this result."""

    result: object
    derived_from: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The run cannot come to a result; one sentence says why."""

    reason: str


Move = PlannedCall | Finish | GiveUp


@dataclass(frozen=True, slots=True)
class Plan:
    """The next move, and what it cost to find."""

    move: Move
    used: Amounts = NOTHING


class Planner(Protocol):
    """Decides on the next move of a run.

    Attributes:
        reads_outputs: whether whatever it plans may derive from every output it has seen.
        most: the most that one plan can use up; set aside before it plans.
    """

    reads_outputs: bool
    most: Amounts

    def plan(self, situation: Situation) -> Plan:
        """Return the next move.

        Raises:
            ModelUnavailableError: the model behind it is not ready.
        """
        ...


class FixedSteps:
    """Follows the steps of a charter; text like ``{steps.1.content.id}`` stands for an output.

    It never reads an output to decide, so nothing in one can change what is done.

    Args:
        charter: the agent's charter.
    """

    reads_outputs = False
    most = NOTHING

    def __init__(self, charter: Charter) -> None:
        self._steps: Sequence[FixedStep] = charter.steps
        self._result = charter.result

    def plan(self, situation: Situation) -> Plan:
        """Return the next written step, or the result after the last one."""
        last = situation.observations[-1] if situation.observations else None
        if last is not None and last.status is not CallStatus.SUCCEEDED:
            number = len(situation.observations)
            return Plan(
                GiveUp(f"step {number} ({last.call.tool}) was {last.status}: {last.reason}")
            )
        filled = _Filled(situation)
        place = len(situation.observations)
        try:
            if place < len(self._steps):
                step = self._steps[place]
                arguments = {name: filled.value(each) for name, each in step.arguments.items()}
                return Plan(PlannedCall(step.tool, arguments, frozenset(filled.used)))
            result = filled.value(self._result) if self._result is not None else _last(situation)
        except LookupError as error:
            return Plan(GiveUp(f"a step refers to an output that does not exist: {error}"))
        return Plan(Finish(result, frozenset(filled.used)))


class _Filled:
    """Puts outputs where a step refers to them, and remembers whose they were."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self.used: set[str] = set()

    def value(self, template: object) -> object:
        if isinstance(template, str):
            whole = _REFERENCE.fullmatch(template)
            if whole is not None:
                return self._found(whole)
            return _REFERENCE.sub(lambda match: str(self._found(match)), template)
        if isinstance(template, Mapping):
            return {name: self.value(each) for name, each in template.items()}
        if isinstance(template, list):
            return [self.value(each) for each in template]
        return template

    def _found(self, match: re.Match[str]) -> object:
        if match[1] == "input":
            return self._situation.input
        number = int(match[2])
        if not 1 <= number <= len(self._situation.observations):
            raise LookupError(f"step {number}")
        seen = self._situation.observations[number - 1]
        self.used.add(seen.call.id)
        found = seen.content
        for name in match[3].split(".")[1:]:
            found = _member(found, name)
        return found


def _member(value: object, name: str) -> object:
    if isinstance(value, Mapping) and name in value:
        return value[name]
    if isinstance(value, list) and name.isdigit() and int(name) < len(value):
        return value[int(name)]
    raise LookupError(name)


def _last(situation: Situation) -> object:
    return situation.observations[-1].content if situation.observations else None
