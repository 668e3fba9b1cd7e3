"""A schema asks for bounded work only, whoever wrote it."""

import pytest

from vault.domain.errors import InvalidRequestError
from vault.orchestrate.schema_bounds import MOST_REFERENCES, check_bounds


def deep(levels: int) -> dict[str, object]:
    schema: dict[str, object] = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "array", "items": schema}
    return schema


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"$ref": "https://example.test/schema"}, "own schema"),
        ({"$ref": "file:///etc/passwd"}, "own schema"),
        ({"$ref": "#/$defs/gone"}, "leads to no part"),
        ({"$ref": "#/$defs"}, "leads to no part"),
        ({"$ref": "#/examples/0", "examples": [{"pattern": "(a+)+$"}]}, "leads to no part"),
        ({"$ref": "#"}, "without an end"),
        (
            {
                "$ref": "#/$defs/a",
                "$defs": {
                    "a": {"anyOf": [{"$ref": "#/$defs/b"}]},
                    "b": {"not": {"$ref": "#/$defs/a"}},
                },
            },
            "without an end",
        ),
        ({"$id": "https://example.test"}, "may not have"),
        ({"properties": {"a": {"$dynamicRef": "#x"}}}, "may not have"),
        ({"properties": {"a": {"pattern": "(?=x)"}}}, "no engine can bound"),
        ({"patternProperties": {"(a)\\1": {}}}, "no engine can bound"),
        ({"patternProperties": {"^(a+)+$": {}}}, "no groups"),
        ({"patternProperties": {"a*a*b": {}}}, "repeats at most once"),
        ({"pattern": "x" * 600}, "longer than 512"),
        (deep(60), "nested deeper"),
        ({"description": "x" * 300_000}, "larger than"),
        (
            {"anyOf": [{"$ref": "#/$defs/a"}] * (MOST_REFERENCES + 1), "$defs": {"a": {}}},
            "references",
        ),
        ({"enum": list(range(30_000))}, "more than"),
    ],
)
def test_a_schema_that_asks_for_more_is_refused(schema: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidRequestError, match=reason):
        check_bounds(schema)


def test_a_small_text_that_stands_for_a_huge_value_is_refused_in_time() -> None:
    row: object = "x"
    for _ in range(30):
        row = [row] * 10
    with pytest.raises(InvalidRequestError, match="more than"):
        check_bounds({"enum": row})


def test_a_schema_that_describes_a_tree_is_taken() -> None:
    check_bounds({"type": "object", "properties": {"next": {"$ref": "#"}}})
    check_bounds({"$defs": {"a": {"type": "string"}}, "items": {"$ref": "#/$defs/a"}})
