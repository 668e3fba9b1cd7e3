"""A tool whose code is part of the vault."""

from collections.abc import Mapping
from typing import Protocol

from vault.domain.errors import InvalidRequestError
from vault.domain.tools import (
    Reversibility,
    ToolDefinition,
    ToolKind,
    ToolLimits,
    ToolResult,
)
from vault.orchestrate.tool import ToolContext

USUAL = ToolLimits()
CODE = "builtin"
"""Member of a binding that names the code."""


class Act(Protocol):
    """What a built-in tool does."""

    def __call__(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Act once; the arguments fit the definition's schema."""
        ...


class BuiltinTool:
    """Runs code of the vault under a definition of it.

    Args:
        definition: what was approved.
        shipped: what this release ships under the same code.
        act: the code.

    Raises:
        InvalidRequestError: the definition promises something else than the code does.
    """

    def __init__(self, definition: ToolDefinition, *, shipped: ToolDefinition, act: Act) -> None:
        same = (
            definition.input_schema == shipped.input_schema
            and definition.output_schema == shipped.output_schema
            and definition.reversibility >= shipped.reversibility
        )
        if not same:
            raise InvalidRequestError(
                f"{definition.name} is not what this release ships; apply it again"
            )
        self._definition = definition
        self._act = act

    @property
    def definition(self) -> ToolDefinition:
        """What was approved."""
        return self._definition

    def call(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Act once."""
        return self._act(arguments, context)


def ship(  # noqa: PLR0913 - what differs from one built-in tool to another
    name: str,
    description: str,
    *,
    takes: Mapping[str, object],
    needs: list[str],
    gives: Mapping[str, object],
    reversibility: Reversibility = Reversibility.READ,
    scopes: frozenset[str] = frozenset(),
    limits: ToolLimits = USUAL,
    idempotent: bool = True,
) -> ToolDefinition:
    """Return the definition of a built-in tool, still without an owner.

    Its arguments never leave the vault, so that it has no ceiling of its own.

    Args:
        name: of the tool and its code.
        description: what a model reads.
        takes: schema of each parameter.
        needs: parameters that must be there.
        gives: schema of each member of the content.
        reversibility: what it takes to undo a call.
        scopes: kinds of action that the caller's credential must permit.
        limits: ceilings of a call.
        idempotent: whether a repeated idempotency key has no second effect.
    """
    return ToolDefinition(
        name=name,
        version="1",
        description=description,
        kind=ToolKind.BUILTIN,
        owner="",
        input_schema=record(takes, needs),
        output_schema=record(gives, list(gives)),
        reversibility=reversibility,
        scopes=scopes,
        limits=limits,
        sink_ceiling=None,
        idempotent=idempotent,
        binding={CODE: name},
    )


def record(members: Mapping[str, object], needs: list[str]) -> dict[str, object]:
    """Return the schema of an object with these members and no others."""
    return {
        "type": "object",
        "properties": dict(members),
        "required": needs,
        "additionalProperties": False,
    }


def text(description: str, *, most: int, least: int = 1) -> dict[str, object]:
    """Return the schema of a text of bounded length."""
    return {
        "type": "string",
        "minLength": least,
        "maxLength": most,
        "description": description,
    }


def count(description: str, *, least: int, most: int) -> dict[str, object]:
    """Return the schema of an integer within bounds."""
    return {"type": "integer", "minimum": least, "maximum": most, "description": description}
