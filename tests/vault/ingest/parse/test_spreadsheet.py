"""Workbooks give one title a sheet and self-explaining rows."""

from datetime import UTC, date, datetime, time

from tests.vault.ingest.parse.samples import original, workbook
from vault.ingest.parse import media
from vault.ingest.parse.spreadsheet import read_xlsx

WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC).replace(tzinfo=None)


def test_sheets_are_titled_pages() -> None:
    book = workbook({"Leave": [["Name", "Days"], ["Ada", 30.0]], "Empty": [], "Other": [["x"]]})
    reading = read_xlsx(original(book, media.XLSX))
    assert reading.pages == 3
    assert [(piece.kind.value, piece.text, piece.page) for piece in reading.pieces] == [
        ("title", "Leave", 1),
        ("table", "Name | Days\nName: Ada | Days: 30", 1),
        ("title", "Other", 3),
        ("table", "x", 3),
    ]


def test_values_are_written_as_people_read_them() -> None:
    row = [True, 0.5, 1e6, date(2026, 3, 2), WHEN, time(9, 30), None, "a\nb"]
    reading = read_xlsx(original(workbook({"S": [["?", *row]]}), media.XLSX))
    assert reading.pieces[1].text == (
        "? | TRUE | 0.5 | 1000000 | 2026-03-02 | 2026-03-02 09:30:00 | 09:30:00 |  | a b"
    )
