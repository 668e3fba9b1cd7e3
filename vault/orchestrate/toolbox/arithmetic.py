"""Arithmetic on decimals from a text, with no way to anything else."""

import ast
import operator
from collections.abc import Callable
from decimal import Context, Decimal, DecimalException, localcontext

from vault.orchestrate.tool import RetryableToolError

MOST_CHARACTERS = 500
MOST_DEPTH = 40
MOST_POWER = 1000
DIGITS = 34
"""Significant digits, those of a decimal128.

Source:
    IEEE 754-2019, section 3.5.
"""
_LARGEST = Decimal(10) ** 3000

_BINARY: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def evaluate(expression: str) -> Decimal:
    """Return the value of an expression of numbers, ``+ - * / // % **``, brackets and functions.

    The functions are ``abs``, ``ceil``, ``floor``, ``max``, ``min``, ``round``, ``sqrt`` and
    ``sum``. Numbers are decimals of 34 digits.

    Raises:
        RetryableToolError: it is no such expression, or its value is too large or undefined.
    """
    if len(expression) > MOST_CHARACTERS:
        raise RetryableToolError(f"an expression has at most {MOST_CHARACTERS} characters")
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise RetryableToolError("this is not an arithmetic expression") from None
    with localcontext(Context(prec=DIGITS)):
        try:
            return _value(tree.body, depth=1)
        except DecimalException:
            raise RetryableToolError("this has no value, such as a division by zero") from None


def _value(node: ast.expr, *, depth: int) -> Decimal:
    if depth > MOST_DEPTH:
        raise RetryableToolError(f"an expression is nested at most {MOST_DEPTH} deep")
    if isinstance(node, ast.Constant):
        return _bounded(_number(node))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        inner = _value(node.operand, depth=depth + 1)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp):
        left = _value(node.left, depth=depth + 1)
        return _bounded(_combined(node.op, left, _value(node.right, depth=depth + 1)))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        values = [_value(found, depth=depth + 1) for found in node.args]
        return _bounded(_applied(node.func.id, values))
    raise RetryableToolError("only numbers, operators, brackets and known functions are allowed")


def _number(node: ast.Constant) -> Decimal:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise RetryableToolError("only numbers are allowed")
    return Decimal(str(node.value))


def _combined(kind: ast.operator, left: Decimal, right: Decimal) -> Decimal:
    if isinstance(kind, ast.Pow):
        if abs(right) > MOST_POWER:
            raise RetryableToolError(f"an exponent is at most {MOST_POWER}")
        return left**right
    known = _BINARY.get(type(kind))
    if known is None:
        raise RetryableToolError("this operator is not known")
    return known(left, right)


def _applied(name: str, values: list[Decimal]) -> Decimal:
    if name in _FUNCTIONS and len(values) == 1:
        return _FUNCTIONS[name](values[0])
    if name in _FOLDS and values:
        return _FOLDS[name](values)
    if name == "round" and len(values) == 2 and abs(values[1]) <= DIGITS:
        return values[0].quantize(Decimal(1).scaleb(-int(values[1])))
    raise RetryableToolError(f"the function {name[:40]!r} is not known with {len(values)} values")


def _bounded(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) > _LARGEST:
        raise RetryableToolError("the value is too large or undefined")
    return value


_FUNCTIONS: dict[str, Callable[[Decimal], Decimal]] = {
    "abs": abs,
    "ceil": lambda value: value.to_integral_value(rounding="ROUND_CEILING"),
    "floor": lambda value: value.to_integral_value(rounding="ROUND_FLOOR"),
    "round": lambda value: value.to_integral_value(),
    "sqrt": lambda value: value.sqrt(),
}
_FOLDS: dict[str, Callable[[list[Decimal]], Decimal]] = {
    "max": max,
    "min": min,
    "sum": lambda values: sum(values, Decimal(0)),
}
