"""Schemas whose objects take no member that nobody named."""

from collections.abc import Mapping

_ALTERNATIVES: tuple[str, ...] = ("allOf", "anyOf", "oneOf")
_BRANCHES: tuple[str, ...] = ("if", "then", "else")
_PLACES: tuple[str, ...] = ("items", "additionalProperties", "contains", "unevaluatedItems")
_MAPS: tuple[str, ...] = ("properties", "patternProperties")
_NAMED: tuple[str, ...] = ("$defs", "definitions", "dependentSchemas")
_ROWS: tuple[str, ...] = ("prefixItems",)
_OPEN = ("additionalProperties", "unevaluatedProperties", "patternProperties")


def closed(schema: Mapping[str, object]) -> dict[str, object]:
    """Return a schema that refuses members it does not name, wherever it names some.

    An owner who wants other members says so with ``additionalProperties``. Schemas that are
    combined see only a part of an object each, so the rule stands where they are combined.

    Source:
        JSON Schema 2020-12 Core, section 11.3 (unevaluatedProperties).
    """
    return _place(dict(schema), schema)


def _place(node: dict[str, object], root: Mapping[str, object]) -> dict[str, object]:
    """Close a node that stands for a whole value."""
    shut = _inside(node, root)
    if _names_members(node, root, frozenset()) and not any(name in node for name in _OPEN):
        shut["unevaluatedProperties"] = False
    return shut


def _inside(node: Mapping[str, object], root: Mapping[str, object]) -> dict[str, object]:
    """Close what a node holds, not the node: another one may name further members of it."""
    shut = dict(node)
    for names, close in ((_PLACES, _child), (_BRANCHES, _part)):
        shut |= {name: close(node[name], root) for name in names if name in node}
    for names, close in ((_MAPS, _child), (_NAMED, _part)):
        for name in names:
            found = node.get(name)
            if isinstance(found, Mapping):
                shut[name] = {key: close(value, root) for key, value in found.items()}
    for names, close in ((_ROWS, _child), (_ALTERNATIVES, _part)):
        for name in names:
            if name in node:
                shut[name] = [close(value, root) for value in _list(node[name])]
    return shut


def _child(value: object, root: Mapping[str, object]) -> object:
    return _place(dict(value), root) if isinstance(value, Mapping) else value


def _part(value: object, root: Mapping[str, object]) -> object:
    return _inside(value, root) if isinstance(value, Mapping) else value


def _names_members(node: object, root: Mapping[str, object], seen: frozenset[str]) -> bool:
    if not isinstance(node, Mapping):
        return False
    if "properties" in node:
        return True
    target = node.get("$ref")
    if isinstance(target, str) and target not in seen:
        found = resolved(target, root)
        if _names_members(found, root, seen | {target}):
            return True
    parts = [part for name in _ALTERNATIVES for part in _list(node.get(name))]
    parts += [node.get(name) for name in _BRANCHES]
    return any(_names_members(part, root, seen) for part in parts)


def resolved(target: str, root: Mapping[str, object]) -> object:
    """Return what a local reference such as ``#/$defs/line`` points at, or None.

    Source:
        RFC 6901, JSON Pointer.
    """
    found: object = root
    for step in target.removeprefix("#").split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return found


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
