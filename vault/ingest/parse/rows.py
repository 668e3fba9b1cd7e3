"""Rows of tables as lines of text."""

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree, html

from vault.domain.documents import ElementKind
from vault.ingest.parse.pieces import Piece

_ROWS_PER_PIECE = 40
_MAX_NAMED_COLUMNS = 40
_SPACED = frozenset({"br", "p", "div", "li", "ul", "ol", "img", "tr", "td", "th", "hr", "option"})
_SILENT = frozenset({"script", "style", "template"})
_NUMBER = re.compile(r"[\s\d.,:/%+$€£-]*")


def table_rows(table: etree._Element) -> Iterator[list[str]]:
    """Yield the cells of an HTML table, row by row; line breaks in a cell become spaces."""
    for row in table.iter("tr"):
        yield [_cell(cell) for cell in row if cell.tag in ("td", "th")]


def html_rows(markup: str) -> Iterator[list[str]]:
    """Yield the same for a table given as text."""
    return table_rows(html.fragment_fromstring(markup))


def join_rows(rows: Iterable[Sequence[str]]) -> str:
    """Return one line a row, cells parted by bars; empty rows are left out."""
    lines = (" | ".join(row).strip(" |") for row in rows)
    return "\n".join(line for line in lines if line)


def record_pieces(rows: Iterable[Sequence[str]], *, page: int | None = None) -> Iterator[Piece]:
    """Yield pieces of up to 40 rows in which every value stands beside its column's name.

    A row of a data table is found and quoted alone, so it has to explain itself. A table
    without a plain first row of names is given as cells parted by bars.
    """
    cleaned = ([_flat(cell) for cell in row] for row in rows)
    filled = (row for row in cleaned if any(row))
    first = next(filled, None)
    if first is None:
        return
    names = first if _are_names(first) else None
    lines = [join_rows([first])]
    for row in filled:
        lines.append(_record(names, row) if names else join_rows([row]))
        if len(lines) == _ROWS_PER_PIECE:
            yield Piece(ElementKind.TABLE, "\n".join(lines), page=page)
            lines = []
    if lines:
        yield Piece(ElementKind.TABLE, "\n".join(lines), page=page)


def _cell(cell: etree._Element) -> str:
    parts: list[str] = []
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, node in walk:
        spaced = " " if node.tag in _SPACED else ""
        if event == "start" and node.tag in _SILENT:
            walk.skip_subtree()
        elif event == "start":
            parts += [spaced, (node.get("alt") if node.tag == "img" else node.text) or ""]
        elif node is not cell:
            parts += [spaced, node.tail or ""]
    return _flat("".join(parts))


def _flat(cell: str) -> str:
    return " ".join(cell.split())


def _are_names(row: Sequence[str]) -> bool:
    trimmed = list(row)
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return (
        1 < len(trimmed) <= _MAX_NAMED_COLUMNS
        and all(trimmed)
        and len(set(trimmed)) == len(trimmed)
        and not any(_NUMBER.fullmatch(cell) for cell in trimmed)
        and max(map(len, trimmed)) <= 60
    )


def _record(names: Sequence[str], row: Sequence[str]) -> str:
    cells = [
        f"{names[position]}: {cell}" if position < len(names) and names[position] else cell
        for position, cell in enumerate(row)
        if cell
    ]
    return " | ".join(cells)
