"""Tables are read back from the text that they were written into."""

from decimal import Decimal

import pytest

from vault.domain.layout import Layout
from vault.orchestrate.tool import RetryableToolError
from vault.orchestrate.toolbox.tables import column_of, number_of, tables_in


def laid(*blocks: tuple[str, str]) -> tuple[str, Layout]:
    text, elements = "", []
    for kind, block in blocks:
        elements.append((kind, len(text), len(text) + len(block), None, None))
        text += block + "\n\n"
    return text, Layout(b"", (), tuple(elements))


def test_a_plain_table_has_its_first_row_for_names() -> None:
    (table,) = tables_in(*laid(("paragraph", "Prices"), ("table", "Item | Price\nBolt | 2\nNut")))
    assert table.columns == ("Item", "Price")
    assert table.rows == ({"Item": "Bolt", "Price": "2"}, {"Item": "Nut"})


def test_records_stand_beside_their_names_and_go_on_over_parts() -> None:
    first = "Item | Price\nItem: Bolt | Price: 2\nItem: Nut"
    found = tables_in(*laid(("table", first), ("table", "Item: Gear | Price: 80"), ("title", "x")))
    assert [row.get("Price") for row in found[0].rows] == ["2", None, "80"]


def test_a_table_without_names_counts_its_columns() -> None:
    (table,) = tables_in(*laid(("table", "a | a\n1 | 2 | 3")))
    assert table.columns == ("column 1", "column 2", "column 3")
    assert len(table.rows) == 2


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1,250.50", "1250.50"), ("€ 80", "80"), ("12 %", "12"), ("n/a", None), ("NaN", None)],
)
def test_numbers_are_told_from_words(cell: str, number: str | None) -> None:
    assert number_of(cell) == (None if number is None else Decimal(number))


def test_a_column_is_found_whatever_its_case() -> None:
    (table,) = tables_in(*laid(("table", "Item | Price\nBolt | 2")))
    assert column_of(table, "PRICE") == "Price"
    with pytest.raises(RetryableToolError, match="it has: Item, Price"):
        column_of(table, "colour")
