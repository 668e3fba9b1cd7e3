"""A pattern takes time in proportion to the text, or is none."""

import pytest

from vault.domain.errors import InvalidRequestError
from vault.orchestrate.patterns import check_name_pattern, check_pattern, matches


def test_a_pattern_is_found_anywhere_unless_it_is_anchored() -> None:
    assert matches("b+", "abbc")
    assert not matches("^b+$", "abbc")


def test_a_pattern_that_ruins_engines_that_backtrack_ends() -> None:
    assert not matches("^(a+)+$", "a" * 100_000 + "!")
    assert not matches("^(a|a)*$", "a" * 100_000 + "!")


@pytest.mark.parametrize("pattern", ["(", "(?<=a)b", r"(a)\1", "a{99999999}", "x" * 513])
def test_what_cannot_be_bounded_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidRequestError):
        check_pattern(pattern)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "a*a*b", "(?=x)"])
def test_a_pattern_of_names_is_simple(pattern: str) -> None:
    check_name_pattern("^x-[a-z]+")
    with pytest.raises(InvalidRequestError):
        check_name_pattern(pattern)
