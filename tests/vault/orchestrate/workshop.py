"""Tools of the tests' own, and the context of a call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import LOWEST, Classification, Label
from vault.domain.tools import Reversibility, ToolDefinition, ToolKind, ToolResult
from vault.orchestrate.secrets import EnvironmentSecrets, SecretBroker
from vault.orchestrate.tool import ToolContext

ANA = Principal("ana", PrincipalKind.PERSON, Label(Classification.INTERNAL), frozenset({"staff"}))


@dataclass
class Drawer:
    """Keeps artifacts in memory."""

    files: dict[str, tuple[bytes, str, Label]] = field(default_factory=dict)

    def put(self, name: str, content: bytes, *, media_type: str, label: Label) -> str:
        self.files[name] = (content, media_type, label)
        return "sha256:" + sha256(content).hexdigest()


def broker(**secrets: str) -> SecretBroker:
    variables = {f"STRONGROOM_SECRET_{name.upper()}": value for name, value in secrets.items()}
    return SecretBroker([EnvironmentSecrets(variables)])


def context(
    subject: Subject | None = None,
    *,
    label: Label = LOWEST,
    drawer: Drawer | None = None,
    seconds: float = 20.0,
    key: str = "key-of-this-call",
    secrets: SecretBroker | None = None,
    names: frozenset[str] = frozenset(),
) -> ToolContext:
    return ToolContext(
        subject=subject or Subject(ANA),
        run_id="run-1",
        call_id="call-1",
        idempotency_key=key,
        seconds=seconds,
        secrets=(secrets or broker()).lend(names),
        artifacts=drawer,
        label=label,
    )


def definition(name: str = "echo", **changes: object) -> ToolDefinition:
    made = ToolDefinition(
        name=name,
        version="1",
        description="Say it again.",
        kind=ToolKind.PYTHON,
        owner="olga",
        input_schema={
            "type": "object",
            "properties": {"words": {"type": "string", "maxLength": 100}},
            "required": ["words"],
        },
        reversibility=Reversibility.READ,
    )
    return replace(made, **changes)


class EchoTool:
    """Does what the test says."""

    def __init__(
        self,
        made: ToolDefinition,
        act: Callable[[Mapping[str, object], ToolContext], object] | None = None,
    ) -> None:
        self.definition = made
        self._act = act or (lambda arguments, _: arguments["words"])
        self.calls = 0

    def call(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        self.calls += 1
        found = self._act(arguments, context)
        return found if isinstance(found, ToolResult) else ToolResult(found, context.label)
