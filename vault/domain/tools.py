"""Tools that an agent may call: what each one is, what was asked of it, and what came back."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Self

import rfc8785

from vault.domain.errors import InvalidRequestError
from vault.domain.labels import LOWEST, Classification, Label

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,127}")
MOST_OUTPUT_BYTES = 8 * 2**20
"""No owner may let a tool return more than this."""


class ToolKind(StrEnum):
    """How a tool is reached."""

    BUILTIN = "builtin"
    PYTHON = "python"
    HTTP = "http"
    SQL = "sql"
    MCP = "mcp"


class Reversibility(IntEnum):
    """What it takes to undo a call; set by the tool's owner, never by what a server claims.

    Source:
        OWASP AISVS 1.0, control 9.2.3.
    """

    READ = 0
    REVERSIBLE = 1
    EXTERNALLY_REVERSIBLE = 2
    IRREVERSIBLE = 3

    @property
    def word(self) -> str:
        """The class as people and the wire write it."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Reversibility":
        """Return the class named ``word``.

        Raises:
            InvalidRequestError: no class has that name.
        """
        try:
            return cls[word.upper()]
        except KeyError:
            known = ", ".join(found.word for found in cls)
            raise InvalidRequestError(
                f"reversibility {word!r} is unknown; choose one of {known}"
            ) from None


class ApprovalRule(StrEnum):
    """Who has to agree to a call besides the policy, however autonomous the agent is."""

    POLICY = "policy"
    ALWAYS = "always"
    DUAL = "dual"


class Trust(StrEnum):
    """Whether text may be acted upon; what a tool returns never may.

    Source:
        Biba, MTR-3153 (1977): integrity as the dual of confidentiality.
    """

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True, slots=True)
class ToolLimits:
    """Ceilings that hold for every call of a tool, whoever calls.

    Attributes:
        calls_per_minute: tokens that its bucket regains in a minute; also the bucket's size.
        timeout_seconds: a call that takes longer is ended.
        output_bytes: a longer answer is refused, never cut.
        cost_micros: millionths of the home's currency that one call costs.
    """

    calls_per_minute: int = 60
    timeout_seconds: float = 30.0
    output_bytes: int = 2**20
    cost_micros: int = 0

    def __post_init__(self) -> None:
        ranges = (
            ("calls_per_minute", self.calls_per_minute, 1, 100_000),
            ("timeout_seconds", self.timeout_seconds, 0.01, 3600),
            ("output_bytes", self.output_bytes, 1, MOST_OUTPUT_BYTES),
            ("cost_micros", self.cost_micros, 0, 10**12),
        )
        for name, value, least, most in ranges:
            if not least <= value <= most:
                raise InvalidRequestError(f"{name} must be between {least} and {most}")


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """Everything about a tool that an approval covers; any change makes another digest.

    Attributes:
        name: what a model calls it, such as ``read_document`` or ``tickets.create``.
        version: what its owner calls this state of it.
        description: what a model reads about it.
        kind: how it is reached.
        owner: id of the principal who answers for it.
        input_schema: JSON Schema 2020-12 of the arguments, an object.
        output_schema: JSON Schema of the content, or None when anything goes.
        reversibility: what it takes to undo a call.
        approval: who must agree besides the policy.
        scopes: kinds of action that the caller's credential must permit.
        limits: ceilings of a call.
        output_label: the least label that content gets, whatever it was made from.
        sink_ceiling: the greatest label of material that arguments may carry; None sets no
            ceiling, for a tool whose arguments never leave the vault.
        redact: kinds of personal data that are taken out of content, such as ``iban``.
        secrets: names of the credentials that the broker gives it, never their values.
        idempotent: whether a repeated idempotency key has no second effect.
        binding: what its kind needs to reach it: entry point, operation, statement, server.

    Source:
        JSON Schema 2020-12; Model Context Protocol, "Tool".
    """

    name: str
    version: str
    description: str
    kind: ToolKind
    owner: str
    input_schema: Mapping[str, object]
    output_schema: Mapping[str, object] | None = None
    reversibility: Reversibility = Reversibility.IRREVERSIBLE
    approval: ApprovalRule = ApprovalRule.POLICY
    scopes: frozenset[str] = frozenset()
    limits: ToolLimits = ToolLimits()
    output_label: Label = LOWEST
    sink_ceiling: Label | None = LOWEST
    redact: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    idempotent: bool = False
    binding: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidRequestError(
                f"tool name {self.name[:140]!r} must be 1 to 128 letters, digits or _ . - "
                "and start with a letter"
            )

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical form: the one thing that an approval of it names.

        Source:
            RFC 8785, JSON Canonicalization Scheme.
        """
        return digest_of(self.form())

    def form(self) -> dict[str, object]:
        """Return the definition as a JSON object; ``ToolDefinition.parse`` reads it back."""
        return {
            "name": self.name,
            "version": self.version,
            "description": self.description,
            "kind": self.kind.value,
            "owner": self.owner,
            "input_schema": dict(self.input_schema),
            "output_schema": None if self.output_schema is None else dict(self.output_schema),
            "reversibility": self.reversibility.word,
            "approval": self.approval.value,
            "scopes": sorted(self.scopes),
            "limits": {
                "calls_per_minute": self.limits.calls_per_minute,
                "timeout_seconds": self.limits.timeout_seconds,
                "output_bytes": self.limits.output_bytes,
                "cost_micros": self.limits.cost_micros,
            },
            "output_label": _label_form(self.output_label),
            "sink_ceiling": None if self.sink_ceiling is None else _label_form(self.sink_ceiling),
            "redact": sorted(self.redact),
            "secrets": sorted(self.secrets),
            "idempotent": self.idempotent,
            "binding": dict(self.binding),
        }

    @classmethod
    def parse(cls, form: Mapping[str, object]) -> Self:
        """Return the definition in a JSON object whose shape was checked before.

        Members that are absent get the values that permit least.

        Raises:
            InvalidRequestError: a value is outside its range.
        """
        given = dict(form)
        limits = given.pop("limits", {})
        try:
            return cls(
                kind=ToolKind(str(given.pop("kind"))),
                reversibility=Reversibility.of(str(given.pop("reversibility", "irreversible"))),
                approval=ApprovalRule(str(given.pop("approval", "policy"))),
                scopes=frozenset(_words(given.pop("scopes", []))),
                limits=ToolLimits(**limits),  # type: ignore[arg-type]
                output_label=_label(given.pop("output_label", _label_form(LOWEST))),
                sink_ceiling=_ceiling(given.pop("sink_ceiling", _label_form(LOWEST))),
                redact=frozenset(_words(given.pop("redact", []))),
                secrets=frozenset(_words(given.pop("secrets", []))),
                **given,  # type: ignore[arg-type]
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidRequestError(f"the tool definition is malformed: {error}") from error

    def owned_by(self, owner: str) -> Self:
        """Return the same definition under another owner."""
        return replace(self, owner=owner)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A named tool and the arguments a planner asked for.

    Attributes:
        id: names this call within its run.
        tool: name of the tool.
        arguments: JSON values by parameter name.
    """

    id: str
    tool: str
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool gave back, as data and never as instructions.

    Attributes:
        content: a JSON value.
        label: join of the labels of what it was made from.
        trust: whether it may be acted upon.
        bytes: length of its canonical form.
        findings: names of the rules that found something in it, such as ``secret.private_key``.
        sources: ids of the documents it was made from.
    """

    content: object
    label: Label
    trust: Trust = Trust.UNTRUSTED
    bytes: int = 0
    findings: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def digest_of(value: object) -> str:
    """Return ``sha256:`` and the hash of the canonical JSON of a value.

    Raises:
        InvalidRequestError: the value has no canonical form, such as an integer above 2^53.
    """
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def canonical(value: object) -> bytes:
    """Return the canonical JSON of a value.

    Raises:
        InvalidRequestError: the value has no canonical form.
    """
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise InvalidRequestError(f"this is not JSON that has a digest: {error}") from error


def _label_form(label: Label) -> dict[str, object]:
    return {
        "classification": label.classification.word,
        "compartments": sorted(label.compartments),
    }


def _ceiling(form: object) -> Label | None:
    return None if form is None else _label(form)


def _label(form: object) -> Label:
    if not isinstance(form, Mapping):
        raise InvalidRequestError("a label has a classification and compartments")
    words = _words(form.get("compartments", []))
    return Label(Classification.of(str(form["classification"])), frozenset(words))


def _words(found: object) -> list[str]:
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise InvalidRequestError("scopes, secrets, redact and compartments are lists of words")
    return found
