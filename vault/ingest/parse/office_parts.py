"""Text of Office files that stands in parts of its own: text boxes, charts and diagrams."""

import re
from collections.abc import Iterable, Iterator
from zipfile import ZipFile

from lxml import etree

from vault.domain.documents import ElementKind
from vault.ingest.parse.archives import member_bytes
from vault.ingest.parse.markup import parse_xml
from vault.ingest.parse.pieces import Piece

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_BOXES = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml")
_CHARTS = re.compile(r"(?:word|ppt|xl)/charts/chart\d+\.xml")
_DIAGRAMS = re.compile(r"(?:word|ppt|xl)/diagrams/data\d+\.xml")


def further_pieces(archive: ZipFile, found: Iterable[Piece]) -> Iterator[Piece]:
    """Yield what stands in text boxes, charts and diagrams and was not found before.

    Source:
        ECMA-376, part 1, sections 17.17.1 (text boxes), 21.2 (charts) and 21.4 (diagrams).
    """
    known = " ".join(" ".join(piece.text.split()) for piece in found)
    for name in archive.namelist():
        for text in _texts(archive, name):
            plain = " ".join(text.split())
            if plain and plain not in known:
                known = f"{known} {plain}"
                yield Piece(ElementKind.PARAGRAPH, text)


def _texts(archive: ZipFile, name: str) -> Iterator[str]:
    if _BOXES.fullmatch(name):
        for box in parse_xml(member_bytes(archive, name)).iter(f"{_WORD}txbxContent"):
            for paragraph in box.iter(f"{_WORD}p"):
                yield "".join(node.text or "" for node in paragraph.iter(f"{_WORD}t"))
    elif _CHARTS.fullmatch(name):
        yield "\n".join(_values(parse_xml(member_bytes(archive, name))))
    elif _DIAGRAMS.fullmatch(name):
        for paragraph in parse_xml(member_bytes(archive, name)).iter(f"{_DRAWN}p"):
            yield "".join(node.text or "" for node in paragraph.iter(f"{_DRAWN}t"))


def _values(chart: etree._Element) -> Iterator[str]:
    """Yield titles, then a line for each series: its name, categories and values."""
    for title in chart.iter(f"{_CHART}title"):
        yield "".join(node.text or "" for node in title.iter(f"{_DRAWN}t"))
    for series in chart.iter(f"{_CHART}ser"):
        yield " | ".join(node.text for node in series.iter(f"{_CHART}v") if node.text)
