"""Excel workbooks, sheet by sheet."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell

from vault.domain.documents import ElementKind
from vault.ingest.parse.office import embedded, open_office
from vault.ingest.parse.pieces import Original, Piece, Reading
from vault.ingest.parse.rows import record_pieces

_ENGINE = "openpyxl"


def read_xlsx(original: Original) -> Reading:
    """Return each sheet as a title and its rows; formulas give their last computed value."""
    archive = open_office(original)
    book = openpyxl.load_workbook(BytesIO(original.content), read_only=True, data_only=True)
    pieces: list[Piece] = []
    for number, sheet in enumerate(book.worksheets, start=1):
        sheet.reset_dimensions()
        found = list(record_pieces(_rows(sheet.rows), page=number))
        if found:
            pieces += [Piece(ElementKind.TITLE, sheet.title, page=number), *found]
    title = (book.properties.title or "").strip()
    return Reading(
        tuple(pieces),
        _ENGINE,
        title=title,
        pages=len(book.sheetnames),
        attachments=embedded(archive),
    )


def _rows(rows: Iterator[tuple[Cell | ReadOnlyCell | EmptyCell, ...]]) -> Iterator[list[str]]:
    for row in rows:
        yield [_text(cell.value, cell.number_format or "") for cell in row]


def _text(value: object, number_format: str) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value * 100:.10g}%" if "%" in number_format else f"{value:.15g}"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return str(value)
