"""PDF: lines from PDFium, grouped into paragraphs, with page and box."""

import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

import pypdfium2 as pdfium
from pypdfium2 import raw

from vault.domain.documents import ElementKind
from vault.ingest.parse import ocr
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.pieces import Original, Piece, Reading
from vault.ingest.parse.result import Attachment

_ENGINE = "pypdfium2"
_SCAN_BELOW = 16
_HYPHEN = re.compile("[\ufffe\x02]\\s*")
_BULLETS = "\u2022\u25cf\u25aa\u25a0\u2023\u25e6\u2043\u2013\u2014*-"
_ITEM = re.compile(rf"(?:[{_BULLETS}]|\(?\d{{1,3}}[.)]|\(?[a-zA-Z][.)])\s+\S")
_TITLE_GROWTH = 1.15
_LONGEST_TITLE = 200
_DEEPEST = 5
_DRAWN = frozenset({raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM})

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of text with its box: left, bottom, right, top in points."""

    text: str
    box: Box

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Lines that belong together on one page."""

    page: int
    lines: tuple[_Line, ...]

    @property
    def text(self) -> str:
        joined = "\n".join(line.text for line in self.lines)
        return " ".join(_HYPHEN.sub("", joined).split())

    @property
    def height(self) -> float:
        return statistics.median(line.height for line in self.lines)

    @property
    def box(self) -> Box:
        left, bottom, right, top = zip(*(line.box for line in self.lines), strict=True)
        return min(left), min(bottom), max(right), max(top)


def read_pdf(original: Original) -> Reading:
    """Return the text of every page; pages without any are read from their image.

    Raises:
        ReadError: the file is damaged or protected by a password, or its pages are
            images and no text recognition is installed.
    """
    document = _open(original.content)
    paragraphs: list[_Paragraph] = []
    scans: list[int] = []
    for index in range(len(document)):
        page = document[index]
        found = list(_paragraphs(_lines(page.get_textpage()), index + 1))
        letters = sum(len(paragraph.text) for paragraph in found)
        if letters < _SCAN_BELOW and _draws(page):
            scans.append(index)
        paragraphs += found
        page.close()
    pieces = _pieces(paragraphs)
    recognised, missed = _recognise(document, scans, original)
    if not pieces and not recognised and missed and not ocr.available():
        raise ReadError(Failure.SCAN)
    every = sorted([*pieces, *recognised], key=lambda piece: piece.page or 0)
    return Reading(
        tuple(every),
        f"{_ENGINE}+tesseract" if recognised else _ENGINE,
        pages=len(document),
        readable=1 - missed / max(1, len(document)),
        attachments=tuple(_attachments(document)),
        notes=_notes(missed, len(document)),
    )


def some_pages(content: bytes, pages: Sequence[int]) -> bytes:
    """Return a PDF of some pages of another, numbered from 1, or nothing if it refuses."""
    target = BytesIO()
    try:
        with pdfium.PdfDocument(content) as whole, pdfium.PdfDocument.new() as part:
            part.import_pages(whole, [page - 1 for page in pages])
            part.save(target)
    except pdfium.PdfiumError:
        return b""
    return target.getvalue()


def _attachments(document: pdfium.PdfDocument) -> Iterator[Attachment]:
    for index in range(document.count_attachments()):
        attachment = document.get_attachment(index)
        try:
            content = bytes(attachment.get_data())
        except pdfium.PdfiumError:
            continue
        if content:
            yield Attachment(attachment.get_name() or "attachment", content)


def _notes(missed: int, pages: int) -> tuple[str, ...]:
    if not missed:
        return ()
    return (f"{missed} of {pages} pages are images whose text was not recognised",)


def _open(content: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise ReadError(Failure.PASSWORD if locked else Failure.BROKEN) from error


def _lines(page: pdfium.PdfTextPage) -> Iterator[_Line]:
    count = page.count_chars()
    start = 0
    for line in (page.get_text_range(0, count) if count > 0 else "").split("\n"):
        first = start + len(line) - len(line.lstrip())
        last = start + len(line.rstrip()) - 1
        start += len(line) + 1
        if first <= last < count:
            left, bottom, _, top = page.get_charbox(first, loose=True)
            _, low, right, high = page.get_charbox(last, loose=True)
            yield _Line(line.strip(), (left, min(bottom, low), right, max(top, high)))
        elif line.strip():
            # Characters outside the basic plane shift the count; keep the text without a place.
            yield _Line(line.strip(), (0.0, 0.0, 0.0, 0.0))


def _paragraphs(lines: Iterator[_Line], page: int) -> Iterator[_Paragraph]:
    every = list(lines)
    if not every:
        return
    gaps = [above.box[1] - below.box[3] for above, below in pairwise(every)]
    usual_gap = statistics.median(gaps) if gaps else 0.0
    usual_height = statistics.median(max(1.0, line.height) for line in every)
    current = [every[0]]
    for gap, above, below in zip(gaps, every, every[1:], strict=False):
        apart = gap > usual_gap + 0.5 * usual_height or gap < -3 * usual_height
        resized = abs(above.height - below.height) > 0.25 * max(1.0, below.height)
        if apart or resized or _ITEM.match(below.text):
            yield _Paragraph(page, tuple(current))
            current = []
        current.append(below)
    yield _Paragraph(page, tuple(current))


def _pieces(paragraphs: Sequence[_Paragraph]) -> list[Piece]:
    heights: Counter[float] = Counter()
    for paragraph in paragraphs:
        heights[round(paragraph.height, 1)] += len(paragraph.text)
    body = heights.most_common(1)[0][0] if heights else 0.0
    larger = sorted({round(p.height) for p in paragraphs if _is_title(p, body)}, reverse=True)
    pieces = []
    for paragraph in paragraphs:
        kind, depth = ElementKind.PARAGRAPH, 0
        if _is_title(paragraph, body):
            kind, depth = ElementKind.TITLE, min(_DEEPEST, larger.index(round(paragraph.height)))
        elif _ITEM.match(paragraph.text):
            kind = ElementKind.LIST_ITEM
        box = paragraph.box if any(paragraph.box) else None
        pieces.append(Piece(kind, paragraph.text, paragraph.page, depth, box))
    return pieces


def _is_title(paragraph: _Paragraph, body: float) -> bool:
    return (
        paragraph.height > _TITLE_GROWTH * body > 0
        and len(paragraph.lines) <= 3
        and 2 < len(paragraph.text) <= _LONGEST_TITLE
        and sum(map(str.isalpha, paragraph.text)) > len(paragraph.text) // 2
    )


def _draws(page: pdfium.PdfPage) -> bool:
    return any(item.type in _DRAWN for item in page.get_objects(max_depth=1))


def _recognise(
    document: pdfium.PdfDocument, scans: Sequence[int], original: Original
) -> tuple[list[Piece], int]:
    """Return the pieces recognised on the pages ``scans`` and how many were not tried."""
    if not ocr.available():
        return [], len(scans)
    pieces: list[Piece] = []
    for done, index in enumerate(scans):
        left = original.deadline - time.monotonic()
        if left < ocr.SECONDS_PER_PAGE:
            return pieces, len(scans) - done
        page = document[index]
        scale = ocr.scale_for(*page.get_size(), pixels=original.limits.pixels)
        picture = page.render(scale=scale, grayscale=True).to_pil()
        pieces += ocr.recognise(picture, page=index + 1, seconds=left)
        page.close()
    return pieces, 0
