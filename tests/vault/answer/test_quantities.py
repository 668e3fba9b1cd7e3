"""Numbers are read with what they count."""

import pytest

from vault.answer.quantities import Quantity, quantities, without_quantities


@pytest.mark.parametrize(
    ("text", "kind", "value", "written"),
    [
        ("It takes 28 days.", "day", "28", "28 days"),
        ("It takes 1,500.00 kilograms.", "kilogram", "1500", "1,500.00 kilograms"),
        ("It costs £6.50 a day.", "£", "6.5", "£6.50"),
        ("It costs EUR 20 now.", "EUR", "20", "EUR20"),
        ("It is 3.5 % of all.", "%", "3.5", "3.5 %"),
        ("It closes at 18:00 on Friday.", "time", "18:00", "18:00"),
        ("It ends on 31 March.", "date", "31 march", "31 March"),
        ("It began in 2019 here.", "year", "2019", "2019"),
        ("It is the 5 of them.", "", "5", "5"),
        ("A 30-minute rest.", "minut", "30", "30-minute"),
    ],
)
def test_a_number_has_a_kind_a_value_and_its_wording(
    text: str, kind: str, value: str, written: str
) -> None:
    assert quantities(text) == (Quantity(kind, value, written),)


def test_digits_inside_words_and_versions_count_nothing() -> None:
    assert quantities("Form PH-14a and B12") == ()


def test_without_quantities_keeps_units_and_drops_months() -> None:
    left = without_quantities("Pay 5 days after 31 March in 2024").split()
    assert left == ["Pay", "days", "after", "in"]
