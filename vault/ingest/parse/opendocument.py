"""OpenDocument text, presentations and spreadsheets."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import is_zipfile

from lxml import etree

from vault.domain.documents import ElementKind
from vault.ingest.parse import media
from vault.ingest.parse.archives import defines_entities, member_bytes, open_zip, refuse_bombs
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.markup import parse_xml
from vault.ingest.parse.pieces import Original, Piece, Reading
from vault.ingest.parse.rows import join_rows, record_pieces

_ENGINE = "opendocument"
_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _DRAW = (f"{_OASIS}{part}:1.0}}" for part in ("text", "table", "drawing"))
_OFFICE = f"{_OASIS}office:1.0}}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_WIDEST_REPEAT = 64
_SPACING = {
    f"{_TEXT}s": " ",
    f"{_TEXT}tab": "\t",
    f"{_TEXT}line-break": "\n",
    f"{_TEXT}p": "\n",
    f"{_TEXT}note-body": " ",
}
_LEFT_OUT = frozenset({f"{_TEXT}tracked-changes", f"{_OFFICE}forms", f"{_TEXT}sequence-decls"})


def read_opendocument(original: Original) -> Reading:
    """Return headings, paragraphs, lists and tables; slides and sheets count as pages.

    Source:
        OpenDocument 1.3, parts 3.4 (text), 9 (tables) and 10.2 (pages).
    """
    content, title = _content(original)
    body = content.find(f".//{_OFFICE}body")
    if body is None:
        raise ReadError(Failure.BROKEN)
    if original.media_type == media.ODS:
        pieces, pages = _sheets(body)
    elif original.media_type == media.ODP:
        slides = list(body.iter(f"{_DRAW}page"))
        pieces = [piece for n, slide in enumerate(slides, start=1) for piece in _slide(slide, n)]
        pages = len(slides)
    else:
        pieces, pages = list(_walk(body, None)), None
    return Reading(tuple(pieces), _ENGINE, title=title, pages=pages)


def _content(original: Original) -> tuple[etree._Element, str]:
    if not is_zipfile(BytesIO(original.content)):
        if defines_entities(original.content):
            raise ReadError(Failure.ENTITIES)
        root = parse_xml(original.content)
        return root, _title(root)
    archive = open_zip(original.content, original.limits)
    refuse_bombs(archive, original.limits)
    names = archive.namelist()
    if b"encryption-data" in member_bytes(archive, "META-INF/manifest.xml"):
        raise ReadError(Failure.PASSWORD)
    title = _title(parse_xml(member_bytes(archive, "meta.xml"))) if "meta.xml" in names else ""
    return parse_xml(member_bytes(archive, "content.xml")), title


def _title(root: etree._Element) -> str:
    found = root.find(f".//{_TITLE}")
    return _flat(found) if found is not None else ""


def _slide(slide: etree._Element, number: int) -> Iterator[Piece]:
    for frame in slide:
        title = frame.get(f"{_OASIS}presentation:1.0}}class") == "title"
        for piece in _walk(frame, number):
            if title and piece.kind is ElementKind.PARAGRAPH:
                yield Piece(ElementKind.TITLE, piece.text, page=number)
            else:
                yield piece


def _sheets(body: etree._Element) -> tuple[list[Piece], int]:
    pieces: list[Piece] = []
    sheets = list(body.iter(f"{_TABLE}table"))
    for number, sheet in enumerate(sheets, start=1):
        found = list(record_pieces(_rows(sheet), page=number))
        if found:
            name = sheet.get(f"{_TABLE}name") or ""
            pieces += [Piece(ElementKind.TITLE, name, page=number), *found]
    return pieces, len(sheets)


def _walk(node: etree._Element, page: int | None) -> Iterator[Piece]:
    for child in node:
        if child.tag in _LEFT_OUT or not isinstance(child.tag, str):
            continue
        if child.tag == f"{_TEXT}h":
            depth = child.get(f"{_TEXT}outline-level") or "1"
            yield Piece(ElementKind.TITLE, _flat(child), page=page, depth=int(depth))
        elif child.tag == f"{_TEXT}p":
            kind = _paragraph_kind(child)
            yield Piece(kind, _flat(child), page=page)
        elif child.tag == f"{_TABLE}table":
            yield Piece(ElementKind.TABLE, join_rows(_rows(child)), page=page)
        else:
            yield from _walk(child, page)


def _paragraph_kind(paragraph: etree._Element) -> ElementKind:
    parent = paragraph.getparent()
    inside_item = parent is not None and parent.tag == f"{_TEXT}list-item"
    return ElementKind.LIST_ITEM if inside_item else ElementKind.PARAGRAPH


def _rows(table: etree._Element) -> Iterator[list[str]]:
    for row in table.iter(f"{_TABLE}table-row"):
        cells: list[str] = []
        for cell in row:
            if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                text = " ".join(_flat(line) for line in cell.iter(f"{_TEXT}p"))
                repeat = int(cell.get(f"{_TABLE}number-columns-repeated") or "1")
                cells += [text] * min(repeat, _WIDEST_REPEAT)
        if any(cells):
            yield cells


def _flat(node: etree._Element) -> str:
    parts: list[str] = []
    for inner in node.iter(etree.Element):
        parts.append(_SPACING.get(inner.tag, "") if inner is not node else "")
        parts.append(inner.text or "")
        parts.append((inner.tail or "") if inner is not node else "")
    return "".join(parts).strip()
