"""A value is looked into only as far as its ceilings."""

import pytest

from vault.orchestrate.json_bounds import excess


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"a": [1, "b", None, True, 1.5]}, None),
        ("x" * 100, "is larger than 50 bytes"),
        ([[[[1]]]], "is nested deeper than 3 levels"),
        (list(range(20)), "holds more than 10 values"),
        ([float("inf")], "holds an infinity or NaN, which is not JSON"),
        ({1: 2}, "has a member whose name is no text of at most 1000 characters"),
        ({"x" * 1001: 2}, "has a member whose name is no text of at most 1000 characters"),
        ([b"x"], "holds something that is not JSON"),
        (2**60, "has no canonical form, such as a number above 2^53"),
    ],
)
def test_what_goes_too_far_is_said(value: object, sentence: str | None) -> None:
    assert excess(value, most_bytes=50, most_depth=3, most_values=10) == sentence
