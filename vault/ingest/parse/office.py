"""Word documents and presentations."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pptx
from lxml import etree

from vault.domain.documents import ElementKind
from vault.ingest.parse.archives import member_bytes, open_zip, refuse_bombs
from vault.ingest.parse.markup import parse_xml
from vault.ingest.parse.office_objects import packed_object
from vault.ingest.parse.office_parts import further_pieces
from vault.ingest.parse.partition import docx_pieces, pptx_pieces
from vault.ingest.parse.pieces import Original, Piece, Reading
from vault.ingest.parse.result import Attachment
from vault.ingest.parse.sniff import promised

_ENGINE = "unstructured"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DUBLIN_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_VALUE = f"{_WORD}val"
_DOCUMENT, _STYLES, _CORE = "word/document.xml", "word/styles.xml", "docProps/core.xml"
_OUTLINE_LEVELS = frozenset("012345678")
_LONGEST_TITLE = 200
_INSIDE = re.compile(
    r"/embeddings/|^word/[^/]+\.(?:x?html?|mht|mhtml|rtf|docx|txt)$", re.IGNORECASE
)
"""Embedded files, and chunks of other formats that stand for text of the document itself."""
_OBJECT = re.compile(r"/embeddings/[^/]+\.bin$", re.IGNORECASE)


def read_docx(original: Original) -> Reading:
    """Return the paragraphs, lists, tables, headers and footers of a Word document.

    Only paragraphs under a heading style, or with an outline level, count as titles.
    """
    archive = open_office(original)
    found = list(_with_titles(docx_pieces(original.content), _headings(archive)))
    pieces = (*found, *further_pieces(archive, found))
    return Reading(pieces, _ENGINE, title=_stated_title(archive), attachments=embedded(archive))


def read_pptx(original: Original) -> Reading:
    """Return the text of each slide, its number as page, followed by the speaker's notes."""
    archive = open_office(original)
    notes = _notes(original.content)
    found = sorted([*map(_shape, pptx_pieces(original.content)), *notes], key=_page)
    slides = sum(
        name.startswith("ppt/slides/slide") and name.endswith(".xml") for name in archive.namelist()
    )
    return Reading(
        (*found, *further_pieces(archive, found)),
        _ENGINE,
        title=_stated_title(archive),
        pages=slides,
        attachments=embedded(archive),
    )


def _shape(piece: Piece) -> Piece:
    """Keep as titles only what stands in the title of a slide."""
    guessed = piece.kind is ElementKind.TITLE and piece.depth > 0
    return replace(piece, kind=ElementKind.PARAGRAPH) if guessed else piece


def _notes(content: bytes) -> Iterator[Piece]:
    for number, slide in enumerate(pptx.Presentation(BytesIO(content)).slides, start=1):
        frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        if frame is not None and frame.text.strip():
            yield Piece(ElementKind.PARAGRAPH, frame.text, page=number)


def _page(piece: Piece) -> int:
    return piece.page or 0


def open_office(original: Original) -> ZipFile:
    """Return the archive of an Office file once it has kept the limits.

    Raises:
        ReadError: it is damaged, expands too far, or defines XML entities.
    """
    archive = open_zip(original.content, original.limits)
    refuse_bombs(archive, original.limits)
    return archive


def _headings(archive: ZipFile) -> dict[str, int]:
    """Map the text of each true heading to its depth."""
    levels = _style_levels(archive)
    found: dict[str, int] = {}
    for paragraph in parse_xml(member_bytes(archive, _DOCUMENT)).iter(f"{_WORD}p"):
        style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
        depth = _outline(paragraph)
        if depth is None and style is not None:
            depth = levels.get(style.get(_VALUE) or "")
        if depth is None:
            continue
        text = " ".join("".join(node.text or "" for node in paragraph.iter(f"{_WORD}t")).split())
        if text and len(text) <= _LONGEST_TITLE:
            found[text] = depth
    return found


def _style_levels(archive: ZipFile) -> dict[str, int]:
    """Map the id of each style that marks headings to their depth."""
    if _STYLES not in archive.namelist():
        return {}
    levels: dict[str, int] = {}
    for style in parse_xml(member_bytes(archive, _STYLES)).iter(f"{_WORD}style"):
        name = style.find(f"{_WORD}name")
        words = (name.get(_VALUE) or "").lower().split() if name is not None else []
        depth = _outline(style)
        if words == ["title"]:
            depth = 0
        elif words[:1] == ["heading"] and words[-1].isdigit():
            depth = int(words[-1])
        if depth is not None:
            levels[style.get(f"{_WORD}styleId") or ""] = depth
    return levels


def _outline(node: etree._Element) -> int | None:
    level = node.find(f"{_WORD}pPr/{_WORD}outlineLvl")
    value = (level.get(_VALUE) or "") if level is not None else ""
    return int(value) + 1 if value in _OUTLINE_LEVELS else None


def _with_titles(pieces: Iterable[Piece], headings: Mapping[str, int]) -> Iterator[Piece]:
    for piece in pieces:
        depth = headings.get(" ".join(piece.text.split()))
        if depth is not None and piece.kind is not ElementKind.TABLE:
            yield Piece(ElementKind.TITLE, piece.text, page=piece.page, depth=depth)
        elif piece.kind is ElementKind.TITLE:
            yield Piece(ElementKind.PARAGRAPH, piece.text, page=piece.page)
        else:
            yield piece


def embedded(archive: ZipFile) -> tuple[Attachment, ...]:
    """Return the documents embedded in an Office file as files of their own."""
    files = [
        Attachment(name.rpartition("/")[2], member_bytes(archive, name))
        for name in archive.namelist()
        if _INSIDE.search(name) and promised(name) is not None
    ]
    for name in archive.namelist():
        if _OBJECT.search(name):
            files += packed_object(member_bytes(archive, name))
    return tuple(files)


def _stated_title(archive: ZipFile) -> str:
    if _CORE not in archive.namelist():
        return ""
    title: str | None = parse_xml(member_bytes(archive, _CORE)).findtext(_DUBLIN_TITLE)
    return (title or "").strip()
