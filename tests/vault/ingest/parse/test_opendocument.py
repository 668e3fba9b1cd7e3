"""OpenDocument files keep their headings, lists, tables and pages."""

import pytest

from tests.vault.ingest.parse.samples import LEAVE, SICK, odt, original, zipped
from vault.ingest.parse import media
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.opendocument import read_opendocument

TEXT = (
    f'<office:text><text:h text:outline-level="1">Leave</text:h><text:p>{LEAVE}</text:p>'
    f"<text:list><text:list-item><text:p>{SICK}</text:p></text:list-item></text:list>"
    "<table:table><table:table-row>"
    '<table:table-cell table:number-columns-repeated="2"><text:p>A</text:p></table:table-cell>'
    "</table:table-row></table:table>"
    "<text:p>a<text:s/>b<text:tab/>c<text:line-break/>d</text:p></office:text>"
)


def found(body: str, media_type: str) -> list[tuple[str, str, int | None]]:
    reading = read_opendocument(original(odt(body), media_type))
    return [(piece.kind.value, piece.text, piece.page) for piece in reading.pieces]


def test_text_documents() -> None:
    assert found(TEXT, media.ODT) == [
        ("title", "Leave", None),
        ("paragraph", LEAVE, None),
        ("list-item", SICK, None),
        ("table", "A | A", None),
        ("paragraph", "a b\tc\nd", None),
    ]


def test_slides_are_pages() -> None:
    body = (
        '<office:presentation><draw:page><draw:frame presentation:class="title"><draw:text-box>'
        "<text:p>Leave</text:p></draw:text-box></draw:frame></draw:page>"
        f"<draw:page><draw:frame><draw:text-box><text:p>{SICK}</text:p></draw:text-box>"
        "</draw:frame></draw:page></office:presentation>"
    )
    assert found(body, media.ODP) == [("title", "Leave", 1), ("paragraph", SICK, 2)]


def test_sheets_are_titled_and_rows_named() -> None:
    row = "<table:table-row>{}</table:table-row>"
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = "".join(
        row.format("".join(cell.format(text) for text in texts))
        for texts in (("Name", "Days"), ("Ada", "30"))
    )
    body = f'<office:spreadsheet><table:table table:name="Leave">{rows}</table:table>'
    assert found(body + "</office:spreadsheet>", media.ODS) == [
        ("title", "Leave", 1),
        ("table", "Name | Days\nName: Ada | Days: 30", 1),
    ]


@pytest.mark.parametrize(
    ("members", "failure"),
    [
        ({"META-INF/manifest.xml": "<encryption-data/>", "content.xml": "<a/>"}, Failure.PASSWORD),
        ({"META-INF/manifest.xml": "<a/>", "content.xml": "<a/>"}, Failure.BROKEN),
        ({"META-INF/manifest.xml": "<a/>"}, Failure.BROKEN),
        ({"META-INF/manifest.xml": "<a/>", "content.xml": "<!ENTITY a 'b'>"}, Failure.ENTITIES),
    ],
)
def test_bad_files_are_refused(members: dict[str, str], failure: Failure) -> None:
    with pytest.raises(ReadError) as refused:
        read_opendocument(original(zipped(members), media.ODT))
    assert refused.value.failure is failure
