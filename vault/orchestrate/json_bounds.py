"""Ceilings that any JSON value has to keep to before anything looks into it."""

import math

from vault.domain.errors import InvalidRequestError
from vault.domain.tools import canonical

MOST_VALUES = 20_000
MOST_DEPTH = 32
MOST_NAME = 1000
"""Characters of a member's name."""


def excess(
    value: object, *, most_bytes: int, most_depth: int = MOST_DEPTH, most_values: int = MOST_VALUES
) -> str | None:
    """Return in what a value goes too far, as the end of a sentence; None if in nothing.

    Values are counted before anything is written out, so that a small text whose parts are
    the same object many times over cannot grow on the way.

    Args:
        value: anything; what is not JSON goes too far.
        most_bytes: length of its canonical form.
        most_depth: levels of objects and lists.
        most_values: objects, lists, texts, numbers and so on, all counted.
    """
    count, pending = 0, [(value, 1)]
    while pending:
        found, depth = pending.pop()
        count += 1
        if depth > most_depth:
            return f"is nested deeper than {most_depth} levels"
        if count + len(pending) > most_values:
            return f"holds more than {most_values} values"
        fault = _fault(found)
        if fault is not None:
            return fault
        if isinstance(found, dict):
            pending.extend((inner, depth + 1) for inner in found.values())
        elif isinstance(found, list):
            pending.extend((inner, depth + 1) for inner in found)
    try:
        size = len(canonical(value))
    except InvalidRequestError:
        return "has no canonical form, such as a number above 2^53"
    return None if size <= most_bytes else f"is larger than {most_bytes} bytes"


def _fault(found: object) -> str | None:
    if isinstance(found, float) and not math.isfinite(found):
        return "holds an infinity or NaN, which is not JSON"
    if isinstance(found, dict) and not all(_is_name(name) for name in found):
        return f"has a member whose name is no text of at most {MOST_NAME} characters"
    if not isinstance(found, dict | list | str | int | float | bool | None):
        return "holds something that is not JSON"
    return None


def _is_name(name: object) -> bool:
    return isinstance(name, str) and len(name) <= MOST_NAME
