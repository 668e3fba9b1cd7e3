"""Acts, and writes what came of it: outcome, settlement and files in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vault.domain.budgets import NOTHING, Amounts
from vault.domain.documents import DocumentState
from vault.domain.errors import LimitExceededError
from vault.domain.labels import join_all
from vault.domain.runs import CallRecord, EventType, RunState, idempotency_key
from vault.domain.tools import ToolResult
from vault.orchestrate.artifacts import ArtifactBuffer
from vault.orchestrate.beginnings import Begun, repeatable
from vault.orchestrate.budgets import accounts_of, used_by, write_off
from vault.orchestrate.registry import ToolRegistry
from vault.orchestrate.secrets import SecretBroker
from vault.orchestrate.tool import RunEndingToolError, ToolContext, ToolError
from vault.orchestrate.transcript import output_body, reserved_of
from vault.orchestrate.write_path import LoadedRun, WritePath
from vault.store.postings import Draw
from vault.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one attempt, before it is written.

    Attributes:
        result: what the tool gave back; None when it failed.
        error: how it failed.
    """

    begun: Begun
    used: Amounts
    files: ArtifactBuffer
    result: ToolResult | None = None
    error: ToolError | None = None

    @property
    def unknown(self) -> bool:
        """Whether it may have had an effect that cannot be settled by trying again."""
        error = self.error
        return error is not None and error.effect_unknown and not repeatable(self.begun.tool)

    @property
    def ends_run(self) -> bool:
        """Whether nothing more may happen in the run."""
        return isinstance(self.error, RunEndingToolError)


class Outcomes:
    """Calls tools and writes outcomes.

    Args:
        writes: the write path.
        registry: gives out the tools.
        broker: keeps their secrets.
        elapsed: a clock that only runs forward, in seconds.
    """

    def __init__(
        self,
        writes: WritePath,
        *,
        registry: ToolRegistry,
        broker: SecretBroker,
        elapsed: Callable[[], float],
    ) -> None:
        self._writes = writes
        self._registry = registry
        self._broker = broker
        self._elapsed = elapsed

    def act(self, loaded: LoadedRun, begun: Begun) -> Came:
        """Make a call whose intent is committed; return what came of it."""
        call, tool = begun.asking.call, begun.tool
        files = ArtifactBuffer(join_all([begun.verdict.origin.label, tool.output_label]))
        context = ToolContext(
            subject=begun.subject,
            run_id=loaded.run.run_id,
            call_id=call.id,
            idempotency_key=idempotency_key(loaded.run.run_id, call.id),
            seconds=tool.limits.timeout_seconds,
            secrets=self._broker.lend(tool.secrets),
            artifacts=files,
            label=begun.verdict.origin.label,
        )
        result: ToolResult | None = None
        error: ToolError | None = None
        since = self._elapsed()
        try:
            result = self._registry.tool(tool).call(dict(call.arguments), context)
        except ToolError as found:
            error = found
        except LimitExceededError as found:
            error = ToolError(found.detail)
        used = used_by(tool, first=begun.asking.attempt == 1, seconds=self._elapsed() - since)
        return Came(begun, used, files, result, error)

    def write(self, unit: UnitOfWork, loaded: LoadedRun, came: Came) -> RunState:
        """Write what came of a call in the caller's transaction."""
        begun, call = came.begun, came.begun.asking.call
        draw = Draw(loaded.run.run_id, call.id, begun.accounts, self._writes.now())
        unit.postings.settle(draw, reserved=begun.reserved, used=came.used)
        facts: dict[str, object] = {"call": call.id, "used": came.used.form()}
        body: dict[str, object] = {"call_id": call.id, "used": came.used.form()}
        if came.result is None or _erased(unit, came.result.sources):
            kind = EventType.UNKNOWN if came.unknown else EventType.FAILED
            told = "a document it read was erased meanwhile"
            body["reason"] = told if came.error is None else came.error.detail
        else:
            kind = EventType.SUCCEEDED
            body["output"] = output_body(came.result)
            files = came.files.commit(unit, loaded, self._writes)
            body["artifacts"] = files
            if files:
                facts["artifacts"] = files
            unit.runs.rest_on(loaded.run.run_id, came.result.sources)
        return self._writes.append(unit, loaded, kind, body, subject=begun.subject, facts=facts)

    def give_up(self, unit: UnitOfWork, loaded: LoadedRun, record: CallRecord) -> RunState:
        """Write that nobody can know whether a call had its effect; a person must look."""
        self.write_off(unit, loaded, record)
        return self._writes.append(
            unit,
            loaded,
            EventType.UNKNOWN,
            {
                "call_id": record.call.id,
                "reason": "the process ended while the call was under way; a person must look "
                "whether it had its effect",
            },
            subject=None,
            facts={"call": record.call.id},
        )

    def write_off(self, unit: UnitOfWork, loaded: LoadedRun, record: CallRecord) -> None:
        """Count what was set aside for a cut-off attempt as used."""
        reserved = reserved_of(record)
        if reserved != NOTHING:
            accounts = accounts_of(unit, loaded.run)
            draw = Draw(loaded.run.run_id, record.call.id, accounts, self._writes.now())
            write_off(unit, draw, reserved)


def _erased(unit: UnitOfWork, sources: Sequence[str]) -> bool:
    """Tell whether a document was erased since it was read, so that its words may not be kept."""
    found = unit.documents.many(set(sources)).values() if sources else ()
    return any(kept.document.state is DocumentState.ERASED for kept in found)
