"""A function that says what it takes and gives has a schema; any other has none."""

from collections.abc import Callable
from typing import Literal, TypedDict

import pytest

from vault.orchestrate.kinds.function_schema import UntypedFunctionError, describe_function


class Part(TypedDict):
    name: str
    price: float


def order(
    parts: list[Part], kind: Literal["a", "b"], note: str | None = None, *, more: dict[str, int]
) -> bool:
    """Order some parts
    at once.

    Args:
        parts: what to order.
        note (str): for the shop.

    Returns:
        Whether it was taken.
    """
    return bool(parts and kind and note and more)


def test_a_typed_function_is_described() -> None:
    found = describe_function(order)
    schema = found["input_schema"]
    assert found["description"] == "Order some parts at once."
    assert found["output_schema"] == {"type": "boolean"}
    assert schema["required"] == ["parts", "kind", "more"]
    properties = schema["properties"]
    assert properties["parts"]["items"]["required"] == ["name", "price"]
    assert properties["kind"] == {"enum": ["a", "b"]}
    assert properties["note"]["anyOf"] == [{"type": "string"}, {"type": "null"}]
    assert properties["note"]["description"] == "for the shop."
    assert properties["more"]["additionalProperties"] == {"type": "integer"}


def silent(a: int) -> int:
    return a


def untyped(a) -> int:
    """Say nothing."""
    return a


def endless(*a: int) -> int:
    """Take any number."""
    return len(a)


def odd(a: set[int]) -> int:
    """Take what JSON does not have."""
    return len(a)


def mute(a: int):
    """Give nobody knows what."""
    return a


@pytest.mark.parametrize("function", [silent, untyped, endless, odd, mute])
def test_a_function_that_says_too_little_is_refused(function: Callable[..., object]) -> None:
    with pytest.raises(UntypedFunctionError):
        describe_function(function)
