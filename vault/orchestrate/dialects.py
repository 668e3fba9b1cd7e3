"""Schemas of other dialects, told again in JSON Schema 2020-12."""

from collections.abc import Mapping

from vault.domain.errors import InvalidRequestError

_TYPES: dict[str, str | None] = {
    "dict": "object",
    "map": "object",
    "hashmap": "object",
    "list": "array",
    "tuple": "array",
    "arraylist": "array",
    "str": "string",
    "char": "string",
    "int": "integer",
    "long": "integer",
    "byte": "integer",
    "short": "integer",
    "bigint": "integer",
    "float": "number",
    "double": "number",
    "bool": "boolean",
    "any": None,
}
"""Names of types that are not JSON Schema's; None says nothing about the value."""

SUBSCHEMAS = frozenset(
    {
        "additionalProperties",
        "contains",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
"""Members that hold one schema."""
SCHEMA_MAPS = frozenset(
    {"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"}
)
"""Members that hold schemas by name."""
SCHEMA_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
"""Members that hold schemas in a row."""


def normalised(schema: object) -> dict[str, object]:
    """Return a tool's schema in JSON Schema 2020-12; what is in it already stays as it is.

    Told again are: types of Python and Java, ``type: any``, a flag ``required`` or ``optional``
    on a property, ``nullable`` and flag-valued bounds of OpenAPI 3.0, and a row of schemas
    under ``items``.

    Raises:
        InvalidRequestError: it is no schema of an object.

    Source:
        OpenAPI 3.1, appendix on migration; JSON Schema 2020-12, release notes.
    """
    if not isinstance(schema, Mapping):
        raise InvalidRequestError("a schema of arguments is a JSON object")
    told = _schema(schema)
    told.pop("$schema", None)
    if told.get("type", "object") != "object":
        raise InvalidRequestError("a schema of arguments must be of type object")
    return {"type": "object", **told}


def normalised_output(schema: object) -> dict[str, object] | None:
    """Return an output's schema in JSON Schema 2020-12; None stays None.

    Raises:
        InvalidRequestError: it is no schema.
    """
    if schema is None:
        return None
    if not isinstance(schema, Mapping):
        raise InvalidRequestError("a schema of output is a JSON object")
    told = _schema(schema)
    told.pop("$schema", None)
    return told


def _schema(schema: Mapping[str, object]) -> dict[str, object]:
    told: dict[str, object] = dict(schema)
    for step in (_retype, _null, _bounds, _rows, _flags):
        step(told)
    for name in SUBSCHEMAS & told.keys():
        told[name] = _each(told[name])
    for name in SCHEMA_MAPS & told.keys():
        found = told[name]
        if isinstance(found, Mapping):
            told[name] = {key: _each(value) for key, value in found.items()}
    for name in SCHEMA_LISTS & told.keys():
        row = told[name]
        if isinstance(row, list):
            told[name] = [_each(value) for value in row]
    return told


def _each(value: object) -> object:
    return _schema(value) if isinstance(value, Mapping) else value


def _retype(told: dict[str, object]) -> None:
    kind = told.get("type")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        return
    known = _TYPES[kind.lower()]
    if known is None:
        del told["type"]
    else:
        told["type"] = known


def _null(told: dict[str, object]) -> None:
    if told.pop("nullable", False) is not True:
        return
    kind = told.get("type")
    if isinstance(kind, str):
        told["type"] = [kind, "null"]
    choices = told.get("enum")
    if isinstance(choices, list) and None not in choices:
        told["enum"] = [*choices, None]


def _bounds(told: dict[str, object]) -> None:
    for strict, loose in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(told.get(strict), bool) and told.pop(strict) and loose in told:
            told[strict] = told.pop(loose)


def _rows(told: dict[str, object]) -> None:
    items = told.get("items")
    if isinstance(items, list):
        told["prefixItems"] = items
        rest = told.pop("additionalItems", None)
        if rest is None:
            del told["items"]
        else:
            told["items"] = rest


def _flags(told: dict[str, object]) -> None:
    properties = told.get("properties")
    if not isinstance(properties, Mapping):
        return
    named = told.get("required")
    required = list(named) if isinstance(named, list) else []
    kept: dict[str, object] = {}
    for name, value in properties.items():
        plain = dict(value) if isinstance(value, Mapping) else value
        if isinstance(plain, dict):
            if isinstance(plain.get("required"), bool) and plain.pop("required"):
                required.append(name)
            if isinstance(plain.get("optional"), bool):
                plain.pop("optional")
        kept[name] = plain
    told["properties"] = kept
    if required or "required" in told:
        told["required"] = list(dict.fromkeys(required))
