"""Loads everything readers load late, once, so that no child of the fork server has to."""

import time
from io import BytesIO

import docx
import openpyxl
import pptx

from vault.ingest.parse import media
from vault.ingest.parse.canonical import language_of
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.pieces import Original
from vault.ingest.parse.reader import READERS

_MARKUP = "# Title\n\nText.\n\n- item\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
_PAGE = "<html><body><h1>Title</h1><p>Text</p><table><tr><td>1</td></tr></table></body></html>"
_MAIL = "Subject: Title\nContent-Type: text/html\n\n<p>Text</p>"


def warm_up() -> None:
    """Read one tiny file of each common kind.

    The second engine is left out: it starts threads, and threads do not survive a fork.
    """
    samples = {
        media.MARKDOWN: _MARKUP.encode(),
        media.HTML: _PAGE.encode(),
        media.EML: _MAIL.encode(),
        media.DOCX: _word(),
        media.PPTX: _slides(),
        media.XLSX: _sheet(),
    }
    for media_type, content in samples.items():
        deadline = time.monotonic() + 60
        READERS[media_type](Original(content, "sample", media_type, ParseLimits(), deadline))
    language_of("A sentence that is long enough to guess its language.")


def _word() -> bytes:
    target = BytesIO()
    document = docx.Document()
    document.add_heading("Title", level=1)
    document.add_paragraph("Text")
    document.add_table(1, 1).cell(0, 0).text = "1"
    document.save(target)
    return target.getvalue()


def _slides() -> bytes:
    target = BytesIO()
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[0])
    if slide.shapes.title is not None:
        slide.shapes.title.text = "Title"
    presentation.save(target)
    return target.getvalue()


def _sheet() -> bytes:
    target = BytesIO()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["name", "value"])
    sheet.append(["a", 1])
    book.save(target)
    return target.getvalue()
