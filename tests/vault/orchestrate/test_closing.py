"""An object takes the members that are named, wherever its schema is put together from parts."""

import pytest

from vault.orchestrate.closing import closed, resolved
from vault.orchestrate.validation import check_of

BOTH = {
    "allOf": [
        {"properties": {"a": {"type": "integer"}}},
        {"$ref": "#/$defs/b"},
    ],
    "$defs": {"b": {"properties": {"b": {"type": "integer"}}}},
}


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        (BOTH, {"a": 1, "b": 2}, True),
        (BOTH, {"a": 1, "c": 2}, False),
        ({"properties": {"a": {}}, "additionalProperties": True}, {"b": 1}, True),
        ({"properties": {"a": {}}, "additionalProperties": {"type": "string"}}, {"b": 1}, False),
        ({"type": "object"}, {"b": 1}, True),
        ({"properties": {}}, {"b": 1}, False),
        ({"items": {"properties": {"a": {}}}}, [{"b": 1}], False),
        ({"prefixItems": [{"properties": {"a": {}}}]}, [{"b": 1}], False),
        ({"if": {"properties": {"a": {}}}, "then": {"properties": {"b": {}}}}, {"c": 1}, False),
        (
            {"properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"type": "object"}}},
            {"a": {"b": 1}},
            True,
        ),
    ],
)
def test_members_that_nobody_named_are_refused(schema: dict, value: object, fits: bool) -> None:
    assert (check_of(schema).problems(value) == ()) is fits


def test_what_is_closed_is_a_copy() -> None:
    schema = {"properties": {"a": {"properties": {}}}}
    assert closed(schema) != schema
    assert schema == {"properties": {"a": {"properties": {}}}}


def test_a_pointer_leads_where_it_says() -> None:
    root = {"$defs": {"a/b": {"anyOf": [{"x": 1}]}}}
    assert resolved("#/$defs/a~1b/anyOf/0", root) == {"x": 1}
    assert resolved("#", root) is root
    assert resolved("#/$defs/none", root) is None
    assert resolved("#/$defs/a~1b/anyOf/9", root) is None
