"""Built-in tools ship with closed schemas, and keep inside the vault."""

from dataclasses import replace

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.tools import Reversibility, ToolResult
from vault.orchestrate.toolbox.builtin import BuiltinTool, count, ship, text

SHIPPED = ship(
    "say",
    "Say.",
    takes={"words": text("Words.", most=5)},
    needs=["words"],
    gives={"n": count("n", least=0, most=9)},
)


def test_a_shipped_definition_is_closed_and_reads() -> None:
    assert SHIPPED.input_schema["additionalProperties"] is False
    assert SHIPPED.output_schema["required"] == ["n"]
    assert (SHIPPED.sink_ceiling, SHIPPED.reversibility) == (None, Reversibility.READ)


def test_the_code_runs_under_the_definition_that_was_approved() -> None:

    def act(arguments: dict[str, object], given: object) -> ToolResult:
        return ToolResult({"n": 1}, given)

    owned = replace(SHIPPED.owned_by("olga"), reversibility=Reversibility.REVERSIBLE)
    tool = BuiltinTool(owned, shipped=SHIPPED, act=act)
    assert tool.definition == owned
    with pytest.raises(InvalidRequestError, match="apply it again"):
        BuiltinTool(replace(owned, output_schema=None), shipped=SHIPPED, act=act)
