"""Text boxes, charts and diagrams are found in their own parts, and nothing comes twice."""

import io
import zipfile

from vault.domain.documents import ElementKind
from vault.ingest.parse.office_parts import further_pieces
from vault.ingest.parse.pieces import Piece

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DRAWN = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
CHART = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
BOX = "<w:txbxContent><w:p><w:r><w:t>Close the </w:t></w:r><w:r><w:t>valve.</w:t></w:r></w:p>"
DOCUMENT = (
    f"<w:document {WORD}><w:p><w:r><w:t>Body.</w:t></w:r></w:p>"
    f"{BOX}</w:txbxContent>{BOX}</w:txbxContent></w:document>"
)
PLOT = (
    f"<c:chart {CHART} {DRAWN}><c:title><a:t>Water a day</a:t></c:title>"
    "<c:ser><c:tx><c:v>Litres</c:v></c:tx><c:cat><c:v>Mon</c:v></c:cat><c:val><c:v>7</c:v></c:val>"
    "</c:ser></c:chart>"
)
PLAN = f"<a:data {DRAWN}><a:p><a:r><a:t>Chief</a:t></a:r></a:p><a:p></a:p></a:data>"


def texts(members: dict[str, str], *known: str) -> list[str]:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    found = [Piece(ElementKind.PARAGRAPH, text) for text in known]
    with zipfile.ZipFile(target) as archive:
        return [piece.text for piece in further_pieces(archive, found)]


def test_a_text_box_comes_once_though_it_is_written_twice() -> None:
    assert texts({"word/document.xml": DOCUMENT}, "Body.") == ["Close the valve."]
    assert texts({"word/header2.xml": DOCUMENT}) == ["Close the valve."]


def test_what_was_found_before_does_not_come_again() -> None:
    assert texts({"word/document.xml": DOCUMENT}, "Body.", "Close  the\nvalve.") == []


def test_a_chart_tells_its_title_and_each_series() -> None:
    assert texts({"ppt/charts/chart1.xml": PLOT}) == ["Water a day\nLitres | Mon | 7"]


def test_a_diagram_tells_its_boxes() -> None:
    assert texts({"ppt/diagrams/data1.xml": PLAN, "ppt/diagrams/layout1.xml": PLAN}) == ["Chief"]


def test_other_parts_hold_no_text() -> None:
    assert texts({"word/styles.xml": DOCUMENT, "ppt/charts/style1.xml": PLOT}) == []
