"""What the loop asks of any tool, and the three ways in which a call can fail."""

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from vault.domain.identity import Subject
from vault.domain.labels import LOWEST, Label
from vault.domain.tools import ToolDefinition, ToolResult


class ToolError(Exception):
    """A call that came to no result.

    Args:
        detail: one sentence for the planner and the record, without secrets and paths.
        effect_unknown: whether the call may have had its effect all the same. Then only an
            idempotency key or a person may settle it.
    """

    kind: ClassVar[str] = "failed"

    def __init__(self, detail: str, *, effect_unknown: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.effect_unknown = effect_unknown


class RetryableToolError(ToolError):
    """The same call may succeed later, or other arguments may succeed now."""

    kind = "retryable"


class ToolFailedError(ToolError):
    """This call will not succeed; the planner is told and may do something else."""

    kind = "failed"


class RunEndingToolError(ToolError):
    """Nothing further may happen in this run: the tool broke a rule that holds for all."""

    kind = "run_ending"


class SecretSource(Protocol):
    """Gives a tool the credentials that its definition names, at the time of the call."""

    def reveal(self, name: str) -> str:
        """Return the value of a secret.

        Raises:
            ToolFailedError: there is none of that name, or this call may not have it.
        """
        ...


class ArtifactSink(Protocol):
    """Keeps the files that a run produces."""

    def put(self, name: str, content: bytes, *, media_type: str, label: Label) -> str:
        """Keep a file under the run and return its ``sha256:`` digest."""
        ...


@dataclass(frozen=True, slots=True)
class ToolContext:
    """For whom a call is made, and what it may use.

    Attributes:
        subject: whose rights hold; a tool reads only what this subject may read.
        run_id: the run it belongs to.
        call_id: the call within the run.
        idempotency_key: the same for every attempt at the same effect, and for no other.
        seconds: how long the call may take from now on.
        secrets: the broker, narrowed to the secrets that the definition names.
        artifacts: where files go; None when this run keeps none.
        label: join of the labels of whatever the arguments were derived from.
    """

    subject: Subject
    run_id: str
    call_id: str
    idempotency_key: str = field(repr=False)
    seconds: float
    secrets: SecretSource = field(repr=False)
    artifacts: ArtifactSink | None = None
    label: Label = LOWEST


class Tool(Protocol):
    """Something an agent may call."""

    @property
    def definition(self) -> ToolDefinition:
        """What it is; constant for as long as the tool lives."""
        ...

    def call(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Act once and return what came of it.

        Args:
            arguments: JSON values that fit the definition's input schema.
            context: for whom, and with what.

        Raises:
            RetryableToolError: trying again may help.
            ToolFailedError: it will not.
            RunEndingToolError: the run must not go on.
        """
        ...
