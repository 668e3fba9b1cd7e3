"""Lines become blocks with the context they depend on."""

import pytest

from vault.answer.lines import BlockKind, blocks


def kinds(text: str, *headings: str) -> list[tuple[str, str]]:
    return [(block.kind.name, block.span.of(text)) for block in blocks(text, headings)]


def test_rules_and_headings_hold_no_sentences() -> None:
    text = "Rules\n=====\n\nPay by noon.\n\n---\n\n## Late\n\nPay double."
    assert kinds(text) == [("PROSE", "Pay by noon."), ("PROSE", "Pay double.")]


def test_a_short_line_above_a_longer_block_is_a_heading_even_without_marks() -> None:
    text = "Depots are open daily.\n\nWinter hours\n\nFrom November the depots close at four."
    found = list(blocks(text))
    assert [block.span.of(text) for block in found] == [
        "Depots are open daily.",
        "From November the depots close at four.",
    ]
    assert found[1].context == ("Winter hours",)


def test_items_of_a_list_without_marks_are_no_headings() -> None:
    text = "You need:\n\nA badge\n\nTwo recent photographs\n\nA letter"
    assert [piece for _, piece in kinds(text)] == [
        "You need:",
        "A badge",
        "Two recent photographs",
        "A letter",
    ]


def test_the_first_row_without_a_number_names_the_columns() -> None:
    text = "Grade | Rate\nSenior | 120\nJunior | 80"
    found = list(blocks(text))
    assert [block.span.of(text) for block in found] == ["Senior | 120", "Junior | 80"]
    assert {block.context for block in found} == {("Grade | Rate",)}


def test_a_table_of_numbers_alone_loses_no_row() -> None:
    assert len(kinds("1 | 2\n3 | 4")) == 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("Name: Depot\nCity: Harrow", 2, id="short lines stand alone"),
        pytest.param("The line was broken by\nthe width of a page.", 1, id="lower case goes on"),
        pytest.param("One paragraph.\n\nAnother one.", 2, id="a blank line ends a block"),
        pytest.param("- first item that\n  goes on here\n- second", 2, id="items take their tail"),
    ],
)
def test_only_lines_broken_by_the_page_are_joined(text: str, count: int) -> None:
    assert len(kinds(text)) == count


def test_an_empty_text_has_no_blocks() -> None:
    assert kinds("") == []
    assert kinds(" \n\t\n") == []


def test_prose_blocks_are_of_kind_prose() -> None:
    assert next(iter(blocks("A plain line."))).kind is BlockKind.PROSE
