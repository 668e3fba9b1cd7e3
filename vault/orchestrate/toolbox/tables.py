"""Tables of a document, read back from its canonical text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from vault.domain.documents import ElementKind
from vault.domain.layout import Layout
from vault.orchestrate.tool import RetryableToolError

BAR = " | "
NAMED = ": "


@dataclass(frozen=True, slots=True)
class TextTable:
    """One table.

    Attributes:
        columns: names, in order; ``column 1`` and so on where the table names none.
        rows: cells by column; a missing cell is empty.
    """

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


def tables_in(text: str, layout: Layout) -> list[TextTable]:
    """Return the tables of a revision, in order; parts that continue one table are joined.

    Args:
        text: the canonical text.
        layout: its elements.
    """
    blocks: list[list[str]] = []
    last_end = -1
    for kind, start, end, *_ in layout.elements:
        if kind != ElementKind.TABLE.value:
            continue
        lines = text[int(str(start)) : int(str(end))].splitlines()
        # A long table is kept in parts with nothing but line ends between them.
        if blocks and not text[last_end : int(str(start))].strip() and _continues(blocks[-1]):
            blocks[-1].extend(lines)
        else:
            blocks.append(lines)
        last_end = int(str(end))
    return [_table(lines) for lines in blocks if lines]


def number_of(cell: str) -> Decimal | None:
    """Return the number in a cell, thousands and currency signs left out, or None."""
    digits = cell.strip().strip("€$£%").replace(",", "").replace(" ", "").replace("\u00a0", "")
    try:
        found = Decimal(digits)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def column_of(table: TextTable, name: object) -> str:
    """Return the column of a name, whatever its case.

    Raises:
        RetryableToolError: the table has none; the message says which it has.
    """
    for column in table.columns:
        if column.lower() == str(name).lower():
            return column
    known = ", ".join(column[:40] for column in table.columns[:20])
    raise RetryableToolError(f"the table has no such column; it has: {known}")


def _continues(lines: Sequence[str]) -> bool:
    return len(lines) > 1 and NAMED in lines[-1]


def _table(lines: Sequence[str]) -> TextTable:
    header = lines[0].split(BAR)
    body = [line.split(BAR) for line in lines[1:]]
    if body and all(_is_record(cells, header) for cells in body):
        rows = [dict(cell.split(NAMED, 1) for cell in cells if NAMED in cell) for cells in body]
        return TextTable(tuple(header), tuple(rows))
    unique = len(set(header)) == len(header) and len(header) > 1
    named = unique and all(len(cells) <= len(header) for cells in body)
    width = max(map(len, [header, *body]))
    columns = tuple(header) if named else tuple(f"column {n + 1}" for n in range(width))
    cells = body if named else [header, *body]
    return TextTable(columns, tuple(_row(columns, found) for found in cells))


def _row(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return dict(_pairs(columns, cells))


def _pairs(columns: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    for place, cell in enumerate(cells):
        yield columns[place], cell.strip()


def _is_record(cells: Sequence[str], header: Sequence[str]) -> bool:
    return all(cell.split(NAMED, 1)[0] in header for cell in cells if cell)
