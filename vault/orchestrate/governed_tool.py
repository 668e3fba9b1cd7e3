"""A tool behind its law: arguments checked, time bounded, output filtered, secrets kept back."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillRunning
from dataclasses import replace

from vault.domain.errors import VaultError
from vault.domain.tools import Reversibility, ToolDefinition, ToolKind, ToolResult
from vault.orchestrate.output_filter import filtered
from vault.orchestrate.secrets import LentSecrets, SecretBroker
from vault.orchestrate.tool import (
    RetryableToolError,
    Tool,
    ToolContext,
    ToolError,
    ToolFailedError,
)
from vault.orchestrate.validation import Problem, check_of

LOG = logging.getLogger(__name__)
MOST_ABANDONED = 4
"""Calls of one tool that may hang at a time; a further one is not even begun."""
GRACE_SECONDS = 2.0
"""How much longer a tool gets that ends its own work when its time is over."""


class GovernedTool:
    """Calls one approved tool within its limits.

    Args:
        inner: the tool itself.
        broker: keeps the secrets it may ask for.
    """

    def __init__(self, inner: Tool, *, broker: SecretBroker) -> None:
        self._inner = inner
        self._broker = broker
        self._definition = inner.definition
        self._abandoned = _Abandoned()

    @property
    def definition(self) -> ToolDefinition:
        """What was approved."""
        return self._definition

    def problems(self, arguments: object) -> tuple[Problem, ...]:
        """Return what is wrong with arguments; nothing if they may be called with."""
        return check_of(self._definition.input_schema).problems(arguments)

    def call(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Act once within every limit and return what may be seen of it.

        Raises:
            RetryableToolError: the arguments do not fit, or the tool is busy.
            ToolFailedError: it failed, took too long, or its output may not be used.
            RunEndingToolError: the run must not go on.
        """
        problems = self.problems(arguments)
        if problems:
            told = "; ".join(str(problem) for problem in problems)
            raise RetryableToolError(f"{self._definition.name} was not called: {told}")
        lent = self._broker.lend(self._definition.secrets)
        seconds = min(context.seconds, self._definition.limits.timeout_seconds)
        inner = replace(context, seconds=seconds, secrets=lent)
        try:
            result = self._within(seconds, lambda: self._inner.call(arguments, inner))
        except ToolError as error:
            raise _without_secrets(error, lent) from None
        except VaultError as error:
            raise ToolFailedError(lent.masked(error.detail)) from None
        return self._filtered(result, lent)

    def _filtered(self, result: ToolResult, lent: LentSecrets) -> ToolResult:
        try:
            return filtered(self._definition, result, masked=lent.masked)
        except ToolFailedError as error:
            # It has acted; only what it says of it cannot be used.
            acted = self._definition.reversibility is not Reversibility.READ
            raise ToolFailedError(lent.masked(error.detail), effect_unknown=acted) from None

    def _within(self, seconds: float, work: Callable[[], ToolResult]) -> ToolResult:
        name = self._definition.name
        if self._abandoned.count >= MOST_ABANDONED:
            raise RetryableToolError(f"{name} still hangs in {MOST_ABANDONED} earlier calls")
        ends_itself = self._definition.kind is not ToolKind.BUILTIN
        outcome: Future[ToolResult] = Future()
        worker = threading.Thread(
            target=_run, args=(work, outcome), name=f"tool-{name}", daemon=True
        )
        worker.start()
        try:
            return outcome.result(timeout=seconds + (GRACE_SECONDS if ends_itself else 0))
        except StillRunning:
            self._abandoned.add(outcome)
            LOG.warning("tool_timed_out", extra={"tool": name, "seconds": seconds})
            acted = self._definition.reversibility is not Reversibility.READ
            raise ToolFailedError(
                f"{name} did not end within {seconds:g} seconds", effect_unknown=acted
            ) from None


class _Abandoned:
    """Counts the calls that were given up and have not ended since."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.count = 0

    def add(self, outcome: "Future[ToolResult]") -> None:
        with self._lock:
            self.count += 1
        outcome.add_done_callback(self._ended)

    def _ended(self, _: "Future[ToolResult]") -> None:
        with self._lock:
            self.count -= 1


def _run(work: Callable[[], ToolResult], outcome: "Future[ToolResult]") -> None:
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - it is raised again where the caller waits
        outcome.set_exception(error)
    else:
        outcome.set_result(result)


def _without_secrets(error: ToolError, lent: LentSecrets) -> ToolError:
    return type(error)(lent.masked(error.detail), effect_unknown=error.effect_unknown)
