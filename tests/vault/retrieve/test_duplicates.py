"""Copies are told from statements that only look like them."""

import pytest

from vault.retrieve.duplicates import alike, wording

RULE = (
    "Employees receive 25 days of annual leave in each calendar year, and a request for leave is "
    "made at least two weeks before the first day, so that the line manager can plan the rota."
)


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(RULE, id="the same"),
        pytest.param(RULE.upper(), id="other case, all words alike"),
        pytest.param("  " + RULE.replace(", ", " - "), id="other spaces and signs"),
        pytest.param(RULE.replace("line manager", "manager"), id="a word less"),
    ],
)
def test_a_copy_is_alike_either_way(copy: str) -> None:
    assert alike(wording(RULE), wording(copy))
    assert alike(wording(copy), wording(RULE))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(RULE.replace("25", "28"), id="another number"),
        pytest.param(RULE.replace("is made", "is not made"), id="a denial"),
        pytest.param(RULE.replace("Employees", "Nurses"), id="another name"),
        pytest.param(RULE + " " + RULE.replace("leave", "absence"), id="twice as long"),
        pytest.param("Hotels cost at most 90 euros a night.", id="something else"),
        pytest.param("", id="nothing"),
    ],
)
def test_another_statement_is_never_taken_for_a_copy(other: str) -> None:
    assert not alike(wording(RULE), wording(other))
    assert not alike(wording(other), wording(RULE))


def test_few_words_are_alike_only_if_they_are_the_same() -> None:
    assert alike(wording("annual leave"), wording("Annual leave."))
    assert not alike(wording("annual leave"), wording("annual loan"))
