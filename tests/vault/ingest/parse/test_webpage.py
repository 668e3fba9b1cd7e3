"""Pages are read in order, without scripts, and without joining or parting words."""

from tests.vault.ingest.parse.samples import LEAVE
from vault.ingest.parse.webpage import html_pieces


def found(markup: str) -> list[tuple[str, str]]:
    return [(piece.kind.value, piece.text) for piece in html_pieces(markup)]


def test_headings_lists_code_and_tables_are_told_apart() -> None:
    markup = f"""<html><head><title>x</title><style>no</style></head><body>
    <h2>Leave &amp; rest</h2><p>{LEAVE}<ul><li>a <b>bol</b>d<ul><li>inner</ul><li>b</ul>
    <pre>x = 1\n  y = 2</pre><table><tr><th>A<th>B<tr><td>1<td>2</table>
    <script>no()</script><!-- no --> tail</body></html>"""
    assert found(markup) == [
        ("title", "Leave & rest"),
        ("paragraph", LEAVE),
        ("list-item", "a bold"),
        ("list-item", "inner"),
        ("list-item", "b"),
        ("code", "x = 1\n  y = 2"),
        ("table", "A | B\n1 | 2"),
        ("paragraph", "tail"),
    ]
    assert next(html_pieces(markup)).depth == 1


def test_line_breaks_part_lines_and_two_of_them_paragraphs() -> None:
    assert found("one<br>two<br><br/>three") == [("paragraph", "one\ntwo"), ("paragraph", "three")]


def test_a_table_that_arranges_the_page_is_read_as_text() -> None:
    markup = f"<table><tr><td><h1>Leave</h1>{LEAVE}</td><td>Menu</td></tr></table>"
    assert found(markup) == [("title", "Leave"), ("paragraph", LEAVE), ("paragraph", "Menu")]


def test_alternative_texts_of_images_are_kept() -> None:
    assert found("<p>See <img alt='the plan' src='http://host/x.png'>!") == [
        ("paragraph", "See the plan !")
    ]


def test_very_deep_pages_end() -> None:
    assert found("<div>" * 100_000 + "x") in ([], [("paragraph", "x")])
    assert found("") == []
    assert found("<!-- only a comment -->") == []
