"""What a schema may ask of whoever checks with it: bounded size, depth, references, patterns."""

from collections.abc import Iterator, Mapping

from vault.domain.errors import InvalidRequestError
from vault.orchestrate.closing import resolved
from vault.orchestrate.dialects import SCHEMA_LISTS, SCHEMA_MAPS, SUBSCHEMAS
from vault.orchestrate.json_bounds import excess
from vault.orchestrate.patterns import check_name_pattern, check_pattern

MOST_BYTES = 256 * 1024
MOST_DEPTH = 48
MOST_REFERENCES = 128
_REFUSED = ("$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$vocabulary")
_SAME_VALUE = ("if", "then", "else", "not")
_COMBINED = ("allOf", "anyOf", "oneOf")


def check_bounds(schema: Mapping[str, object]) -> None:
    """Return only if checking with this schema is bounded.

    A reference stays within the schema and leads to a part of it; a pattern is matched in
    linear time; size, depth and the number of references have ceilings.

    Raises:
        InvalidRequestError: it asks for more; the detail says what.
    """
    fault = excess(schema, most_bytes=MOST_BYTES, most_depth=MOST_DEPTH)
    if fault is not None:
        raise InvalidRequestError(f"the schema {fault}")
    nodes = list(_nodes(schema))
    references = [str(node["$ref"]) for node in nodes if "$ref" in node]
    if len(references) > MOST_REFERENCES:
        raise InvalidRequestError(f"the schema has more than {MOST_REFERENCES} references")
    known = {id(node) for node in nodes}
    for target in references:
        _check_reference(target, schema, known)
    for node in nodes:
        _check_words(node)
        _check_no_circle(node, schema)


def _check_reference(target: str, root: Mapping[str, object], known: set[int]) -> None:
    if target != "#" and not target.startswith("#/"):
        raise InvalidRequestError("a $ref may only point into its own schema")
    # Whatever is pointed at must have been looked at too.
    if id(resolved(target, root)) not in known:
        raise InvalidRequestError(f"the $ref {target[:100]!r} leads to no part of the schema")


def _check_words(node: Mapping[str, object]) -> None:
    for name in _REFUSED:
        if name in node:
            raise InvalidRequestError(f"a schema may not have {name}")
    named = node.get("patternProperties")
    for pattern in named if isinstance(named, Mapping) else ():
        check_name_pattern(str(pattern))
    if isinstance(node.get("pattern"), str):
        check_pattern(str(node["pattern"]))


def _check_no_circle(node: Mapping[str, object], root: Mapping[str, object]) -> None:
    """Refuse a value that is described by itself, which no check would ever end."""
    seen: set[str] = set()
    pending = list(_same_value(node))
    while pending:
        target = pending.pop()
        if target in seen:
            continue
        seen.add(target)
        found = resolved(target, root)
        if found is node:
            raise InvalidRequestError("a schema refers to itself without an end")
        if isinstance(found, Mapping):
            pending.extend(_same_value(found))


def _same_value(node: Mapping[str, object]) -> Iterator[str]:
    """Yield the references that describe the very value that the node describes."""
    target = node.get("$ref")
    if isinstance(target, str):
        yield target
    parts = [node.get(name) for name in _SAME_VALUE]
    for name in _COMBINED:
        row = node.get(name)
        parts.extend(row if isinstance(row, list) else [])
    for part in parts:
        if isinstance(part, Mapping):
            yield from _same_value(part)


def _nodes(schema: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    pending: list[object] = [schema]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            yield node
            pending.extend(_inner(node))


def _inner(node: Mapping[str, object]) -> Iterator[object]:
    for name, value in node.items():
        if name in SUBSCHEMAS:
            yield value
        elif name in SCHEMA_MAPS and isinstance(value, Mapping):
            yield from value.values()
        elif name in SCHEMA_LISTS and isinstance(value, list):
            yield from value
