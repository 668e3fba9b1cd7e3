"""The calculator's value carries the label of what went in."""

from tests.vault.orchestrate.workshop import context
from vault.domain.labels import Classification, Label
from vault.orchestrate.toolbox.calculator import calculate


def test_a_value_is_told_in_plain_digits() -> None:
    for expression, value in (("1000 * 100", "100000"), ("1/8", "0.125"), ("10**50", "1E+50")):
        assert calculate({"expression": expression}, context()).content == {"value": value}


def test_a_value_is_as_confidential_as_what_it_was_made_from() -> None:
    secret = Label(Classification.SECRET)
    assert calculate({"expression": "1"}, context(label=secret)).label == secret
