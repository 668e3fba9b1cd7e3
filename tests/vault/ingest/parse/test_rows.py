"""Rows become lines that can be quoted alone."""

from vault.ingest.parse.rows import html_rows, join_rows, record_pieces


def lines(rows: list[list[str]]) -> list[str]:
    return [line for piece in record_pieces(rows) for line in piece.text.split("\n")]


def test_values_stand_beside_the_names_of_their_columns() -> None:
    rows = [["", ""], ["Name", "Days"], ["Ada", "30"], ["", ""], ["Bo ", ""], ["Cy", "28", "x"]]
    assert lines(rows) == [
        "Name | Days",
        "Name: Ada | Days: 30",
        "Name: Bo",
        "Name: Cy | Days: 28 | x",
    ]


def test_a_first_row_of_values_names_nothing() -> None:
    for first in (["2024", "30"], ["a", "a"], ["only"], ["a", "", "b"]):
        assert lines([first, ["x", "y"]])[1] == "x | y"


def test_long_tables_are_parted() -> None:
    pieces = list(record_pieces([["a", "b"]] + [["1", "2"]] * 90, page=3))
    assert [piece.text.count("\n") + 1 for piece in pieces] == [40, 40, 11]
    assert {piece.page for piece in pieces} == {3}


def test_cells_of_html_are_flat_and_line_breaks_part_words() -> None:
    table = "<table><tr><th>A<br>B</th><td><p>c</p><p>d</p><script>no</script> e<b>f</b>g</td></tr>"
    assert join_rows(html_rows(table + "<tr><td> </td></tr></table>")) == "A B | c d efg"
