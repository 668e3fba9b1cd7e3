"""Arguments are checked strictly, and what is wrong is named without its value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.domain.errors import InvalidRequestError
from vault.orchestrate.validation import MOST_BYTES, Problem, SchemaCheck, check_of

ORDER = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 8},
        "amount": {"type": "integer", "minimum": 1, "exclusiveMaximum": 10, "multipleOf": 2},
        "kind": {"enum": ["a", "b"]},
        "day": {"type": "string", "format": "date"},
        "lines": {
            "type": "array",
            "minItems": 1,
            "maxItems": 3,
            "uniqueItems": True,
            "items": {
                "type": "object",
                "properties": {"price": {"type": "number"}},
                "required": ["price"],
            },
        },
        "either": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/point"}]},
        "labels": {"type": "object", "patternProperties": {"^x-": {"type": "string"}}},
        "free": {"type": "object"},
        "one": {"const": 1},
    },
    "required": ["name"],
    "$defs": {
        "point": {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}
    },
}


def told(**arguments: object) -> str:
    return "; ".join(str(one) for one in check_of(ORDER).problems({"name": "bolt"} | arguments))


def test_what_fits_has_no_problems() -> None:
    assert told(amount=4, kind="a", day="2026-11-01", lines=[{"price": 1.5}], either={"x": 1}) == ""
    assert told(free={"anything": [1]}, labels={"x-a": "b"}, one=1) == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"name": 7}, "name: must be of type string"),
        ({"name": "A"}, "name: must match ^[a-z]+$; name: is shorter than 2 characters"),
        ({"name": "x" * 9}, "name: is longer than 8 characters"),
        ({"amount": True}, "amount: must be of type integer"),
        ({"amount": 0}, "amount: must be at least 1"),
        ({"amount": 10}, "amount: must be below 10"),
        ({"amount": 3}, "amount: must be a multiple of 2"),
        ({"kind": "c"}, "kind: must be one of: a, b"),
        ({"day": "soon"}, "day: must have the form of a date"),
        ({"lines": []}, "lines: has fewer than 1 items"),
        ({"lines": [{"price": "x"}]}, "lines[0].price: must be of type number"),
        ({"lines": [{}]}, "lines[0].price: is missing"),
        ({"lines": [{"price": 1, "tax": 2}]}, "lines[0].tax: is not a known member"),
        ({"lines": [{"price": 1}] * 2}, "lines: has an item twice"),
        ({"either": {"x": "a"}}, "either.x: must be of type integer"),
        ({"either": 1}, "either: fits none of the forms it may have"),
        ({"labels": {"x-a": 1}}, "labels.x-a: must be of type string"),
        ({"one": 2}, "one: must be 1"),
        ({"further": 1}, "further: is not a known member"),
    ],
)
def test_the_field_that_is_wrong_is_named(arguments: dict[str, object], sentence: str) -> None:
    said = told(**arguments)
    assert set(said.split("; ")) == set(sentence.split("; "))


def test_a_missing_member_is_named() -> None:
    (problem,) = check_of(ORDER).problems({})
    assert problem == Problem("name", "required", "is missing")
    assert str(Problem("", "type", "must be")) == "the arguments: must be"


def test_no_problem_repeats_a_value() -> None:
    for arguments in ({"name": "TULIP7"}, {"kind": "TULIP7"}, {"either": ["TULIP7"]}):
        assert "TULIP7" not in told(**arguments)


@pytest.mark.parametrize(
    "value",
    [
        {"free": {"a": float("nan")}},
        {"free": {"text": "x" * MOST_BYTES}},
        {"free": {"deep": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}},
        {"free": {"many": list(range(30_000))}},
        {"free": {"large": 2**60}},
        {"free": {1: 2}},
        {"free": {"set": {1}}},
    ],
)
def test_arguments_are_bounded_json(value: dict[str, object]) -> None:
    (problem,) = check_of(ORDER).problems({"name": "bolt"} | value)
    assert problem.rule == "size"


@pytest.mark.parametrize("schema", [{"type": "thing"}, {"required": "name"}, {"minimum": "1"}])
def test_a_schema_that_is_none_is_refused(schema: dict[str, object]) -> None:
    with pytest.raises(InvalidRequestError, match="not valid"):
        SchemaCheck({"type": "object", "properties": {"a": schema}})


def test_a_schema_that_is_recursive_through_its_values_ends() -> None:
    tree = {"type": "object", "properties": {"next": {"$ref": "#"}}}
    assert check_of(tree).problems({"next": {"next": {}}}) == ()
    (problem,) = check_of(tree).problems({"next": {"far": 1}})
    assert problem.field == "next.far"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=20))
def test_any_json_is_checked_without_an_error(value: object) -> None:
    problems = check_of(ORDER).problems(value)
    assert all(problem.sentence for problem in problems)
