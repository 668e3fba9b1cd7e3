"""Arguments and outputs checked against their schemas: strictly, and in bounded time."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.exceptions import SchemaError
from jsonschema.validators import extend

from vault.domain.errors import InvalidRequestError
from vault.domain.tools import canonical
from vault.orchestrate.closing import closed
from vault.orchestrate.json_bounds import excess
from vault.orchestrate.patterns import matches
from vault.orchestrate.schema_bounds import check_bounds

MOST_BYTES = 256 * 1024
"""Canonical length of the arguments of one call."""
MOST_PROBLEMS = 8
FORMATS = FormatChecker(formats=("date", "email", "ipv4", "ipv6", "uuid"))
"""Formats that are checked; any other is a remark to the reader."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value, told without the value.

    Attributes:
        field: where it is, such as ``lines[2].amount``; empty is the whole.
        rule: name of the schema's rule that it breaks.
        sentence: what it should be.
    """

    field: str
    rule: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.field or 'the arguments'}: {self.sentence}"


class SchemaCheck:
    """Checks values against one schema.

    Args:
        schema: JSON Schema 2020-12; objects that name their properties take no others.

    Raises:
        InvalidRequestError: it is no valid schema, or checking with it cannot be bounded.
    """

    def __init__(self, schema: Mapping[str, object]) -> None:
        check_bounds(schema)
        try:
            Draft202012Validator.check_schema(dict(schema))
        except SchemaError as error:
            where = _path(error.absolute_path)
            raise InvalidRequestError(
                f"the schema is not valid at {where or 'its root'}"
            ) from error
        self._validator = _Validator(closed(dict(schema)), format_checker=FORMATS)

    def problems(self, value: object, *, most_bytes: int = MOST_BYTES) -> tuple[Problem, ...]:
        """Return what is wrong with a value, the first few things; nothing if it fits."""
        fault = excess(value, most_bytes=most_bytes)
        if fault is not None:
            return (Problem("", "size", fault),)
        found: list[Problem] = []
        try:
            for error in self._validator.iter_errors(value):
                found.extend(_told(error))
                if len(found) >= MOST_PROBLEMS:
                    break
        except RecursionError:
            return (Problem("", "$ref", "the schema refers to itself without an end"),)
        return tuple(sorted(_plain(found), key=lambda one: (one.field, one.rule)))[:MOST_PROBLEMS]


@lru_cache(maxsize=512)
def _cached(text: bytes) -> SchemaCheck:
    return SchemaCheck(json.loads(text))


def check_of(schema: Mapping[str, object]) -> SchemaCheck:
    """Return the check for a schema, made once for all equal ones.

    Raises:
        InvalidRequestError: it is no valid schema, or checking with it cannot be bounded.
    """
    return _cached(canonical(dict(schema)))


def _plain(found: list[Problem]) -> set[Problem]:
    """Leave out members that are unknown only because something else is wrong with them."""
    wrong = {one.field for one in found if one.rule != "unevaluatedProperties"}
    return {
        one
        for one in found
        if one.rule != "unevaluatedProperties"
        or not any(field.startswith(one.field) for field in wrong)
    }


def _told(error: ValidationError) -> Iterator[Problem]:
    rule = str(error.validator)
    if rule in {"anyOf", "oneOf"} and error.context:
        yield from _nearest(error)
        return
    where = _path(error.absolute_path)
    if rule == "required" and isinstance(error.instance, dict):
        missing = [name for name in _strings(error.validator_value) if name not in error.instance]
        for name in missing:
            yield Problem(_join(where, name), rule, "is missing")
        return
    if rule in {"additionalProperties", "unevaluatedProperties"}:
        for name in _unknown(error):
            yield Problem(_join(where, name), rule, "is not a known member")
        return
    yield Problem(where, rule, _sentence(rule, error.validator_value))


def _nearest(error: ValidationError) -> Iterator[Problem]:
    """Tell the branch that came furthest: there the caller most likely erred."""
    where = _path(error.absolute_path)
    deepest = max(error.context or (), key=lambda one: len(one.absolute_path))
    if len(deepest.absolute_path) > len(error.absolute_path):
        yield from _told(deepest)
    else:
        yield Problem(where, str(error.validator), "fits none of the forms it may have")


def _unknown(error: ValidationError) -> list[str]:
    schema, instance = error.schema, error.instance
    if not isinstance(instance, dict) or not isinstance(schema, Mapping):
        return []
    known = schema.get("properties")
    names = known if isinstance(known, Mapping) else {}
    return [name for name in instance if name not in names][:MOST_PROBLEMS]


def _sentence(rule: str, value: object) -> str:
    if rule == "type":
        kinds = [value] if isinstance(value, str) else _strings(value)
        return "must be of type " + " or ".join(str(kind) for kind in kinds)
    if rule == "enum":
        shown = ", ".join(str(choice) for choice in value[:12]) if isinstance(value, list) else ""
        return f"must be one of: {shown}"
    if rule in _SENTENCES:
        return _SENTENCES[rule].format(value)
    return f"breaks the rule {rule}"


_SENTENCES = {
    "const": "must be {}",
    "exclusiveMaximum": "must be below {}",
    "exclusiveMinimum": "must be above {}",
    "format": "must have the form of a {}",
    "maxItems": "has more than {} items",
    "maxLength": "is longer than {} characters",
    "maxProperties": "has more than {} members",
    "maximum": "must be at most {}",
    "minItems": "has fewer than {} items",
    "minLength": "is shorter than {} characters",
    "minProperties": "has fewer than {} members",
    "minimum": "must be at least {}",
    "multipleOf": "must be a multiple of {}",
    "pattern": "must match {}",
    "uniqueItems": "has an item twice",
}


def _strings(value: object) -> list[str]:
    return [str(found) for found in value] if isinstance(value, list) else []


def _join(where: str, name: str) -> str:
    return f"{where}.{name[:64]}" if where else name[:64]


def _path(parts: object) -> str:
    text = ""
    for part in parts:  # type: ignore[attr-defined]
        text = f"{text}[{part}]" if isinstance(part, int) else _join(text, str(part))
    return text


def _pattern(
    _validator: object, pattern: str, instance: object, _schema: object
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not matches(pattern, instance):
        yield ValidationError("does not match")


def _pattern_properties(
    validator: Draft202012Validator, patterns: Mapping[str, object], instance: object, _: object
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    for pattern, inner in patterns.items():
        for name, value in instance.items():
            if matches(pattern, name):
                yield from validator.descend(value, inner, path=name, schema_path=pattern)


_Validator = extend(
    Draft202012Validator,
    {"pattern": _pattern, "patternProperties": _pattern_properties},
)
