"""Other dialects are told again in one; what is in that one already stays."""

import pytest

from vault.domain.errors import InvalidRequestError
from vault.orchestrate.dialects import normalised, normalised_output


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"type": "dict", "properties": {}}, {"type": "object", "properties": {}}),
        ({"properties": {"a": {"type": "float"}}}, {"properties": {"a": {"type": "number"}}}),
        ({"properties": {"a": {"type": "any"}}}, {"properties": {"a": {}}}),
        (
            {"properties": {"a": {"type": "tuple", "items": {"type": "str"}}}},
            {"properties": {"a": {"type": "array", "items": {"type": "string"}}}},
        ),
        (
            {"properties": {"a": {"type": "string", "nullable": True, "enum": ["x"]}}},
            {"properties": {"a": {"type": ["string", "null"], "enum": ["x", None]}}},
        ),
        (
            {"properties": {"a": {"minimum": 1, "exclusiveMinimum": True}}},
            {"properties": {"a": {"exclusiveMinimum": 1}}},
        ),
        (
            {"properties": {"a": {"maximum": 1, "exclusiveMaximum": False}}},
            {"properties": {"a": {"maximum": 1}}},
        ),
        (
            {"properties": {"a": {"items": [{"type": "int"}], "additionalItems": False}}},
            {"properties": {"a": {"prefixItems": [{"type": "integer"}], "items": False}}},
        ),
        (
            {"properties": {"a": {"items": [{"type": "int"}]}}},
            {"properties": {"a": {"prefixItems": [{"type": "integer"}]}}},
        ),
        (
            {"properties": {"a": {"type": "int", "required": True}, "b": {"optional": True}}},
            {"properties": {"a": {"type": "integer"}, "b": {}}, "required": ["a"]},
        ),
        (
            {
                "anyOf": [{"type": "dict"}],
                "$defs": {"x": {"type": "bool"}},
                "not": {"type": "list"},
            },
            {
                "anyOf": [{"type": "object"}],
                "$defs": {"x": {"type": "boolean"}},
                "not": {"type": "array"},
            },
        ),
        (
            {"properties": {"type": {"type": "string"}}},
            {"properties": {"type": {"type": "string"}}},
        ),
    ],
)
def test_a_dialect_is_told_again(given: dict[str, object], told: dict[str, object]) -> None:
    assert normalised(given) == {"type": "object", **told}
    assert normalised(normalised(given)) == normalised(given)


@pytest.mark.parametrize("given", [[], "object", {"type": "string"}, None])
def test_arguments_are_an_object(given: object) -> None:
    with pytest.raises(InvalidRequestError):
        normalised(given)


def test_an_output_may_be_anything() -> None:
    assert normalised_output(None) is None
    assert normalised_output({"$schema": "x", "type": "list"}) == {"type": "array"}
    with pytest.raises(InvalidRequestError):
        normalised_output(7)
