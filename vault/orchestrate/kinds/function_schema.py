"""A schema from a typed Python function, and a description from its docstring."""

import inspect
import re
import types
import typing
from collections.abc import Callable, Mapping

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
_ARGUMENT = re.compile(r"^ {2,8}(\w+)(?: \([^)]*\))?: (.+)$")


class UntypedFunctionError(Exception):
    """The function does not say what it takes and gives in types that JSON has."""


def describe_function(function: Callable[..., object]) -> dict[str, object]:
    """Return the description, input schema and output schema of a function.

    Every parameter and the result are annotated with ``str``, ``int``, ``float``, ``bool``,
    ``None``, ``Literal``, ``list``, ``dict``, ``TypedDict`` or a union of these. Lines under
    ``Args:`` in the docstring describe the parameters.

    Raises:
        UntypedFunctionError: it is annotated otherwise, or has no docstring.
    """
    words = inspect.getdoc(function)
    if not words:
        raise UntypedFunctionError("the function has no docstring")
    hints = typing.get_type_hints(function)
    notes = _notes(words)
    properties: dict[str, object] = {}
    required: list[str] = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise UntypedFunctionError(f"parameter {name} cannot be given by name")
        if name not in hints:
            raise UntypedFunctionError(f"parameter {name} has no type")
        properties[name] = _type(hints[name], name) | notes.get(name, {})
        if parameter.default is parameter.empty:
            required.append(name)
    if "return" not in hints:
        raise UntypedFunctionError("the function does not say what it returns")
    return {
        "description": words.split("\n\n")[0].replace("\n", " ").strip(),
        "input_schema": _record(properties, required),
        "output_schema": _type(hints["return"], "return"),
    }


def _type(hint: object, name: str) -> dict[str, object]:
    if isinstance(hint, type) and hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if typing.is_typeddict(hint):
        return _typed_dict(typing.cast(type, hint))
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_type(each, name) for each in inside]}
    if origin is typing.Literal:
        return {"enum": list(inside)}
    if origin is list and len(inside) == 1:
        return {"type": "array", "items": _type(inside[0], name)}
    if origin is dict and len(inside) == 2 and inside[0] is str:
        return {"type": "object", "additionalProperties": _type(inside[1], name)}
    raise UntypedFunctionError(f"the type of {name} is none that JSON has")


def _typed_dict(hint: type) -> dict[str, object]:
    members = {name: _type(inner, name) for name, inner in typing.get_type_hints(hint).items()}
    return _record(members, sorted(getattr(hint, "__required_keys__", members)))


def _record(properties: Mapping[str, object], required: list[str]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
    }


def _notes(words: str) -> dict[str, dict[str, object]]:
    _, found, rest = words.partition("\nArgs:\n")
    notes: dict[str, dict[str, object]] = {}
    for line in rest.splitlines() if found else []:
        match = _ARGUMENT.match(line)
        if match:
            notes[match[1]] = {"description": match[2].strip()}
        elif line and not line.startswith(" "):
            break
    return notes
