"""The tool ``calculator``: exact arithmetic, which models are bad at."""

from vault.domain.tools import ToolResult
from vault.orchestrate.tool import ToolContext
from vault.orchestrate.toolbox.arithmetic import MOST_CHARACTERS, evaluate
from vault.orchestrate.toolbox.builtin import ship, text

CALCULATOR = ship(
    "calculator",
    "Work out an arithmetic expression exactly, such as (1250.50 - 80) * 3 / 4.",
    takes={"expression": text("The expression.", most=MOST_CHARACTERS)},
    needs=["expression"],
    gives={"value": {"type": "string", "description": "The value in decimal digits."}},
)


def calculate(arguments: dict[str, object], context: ToolContext) -> ToolResult:
    """Return the value of the expression, under the label of what it was derived from.

    Raises:
        RetryableToolError: it is no expression, or has no value.
    """
    value = evaluate(str(arguments["expression"]))
    short = value.normalize()
    plain = f"{short:f}" if -40 < short.adjusted() < 40 else str(short)
    return ToolResult({"value": plain}, context.label)
