"""Chooses the reader for a file, guards what it found and makes the document of it."""

from collections.abc import Callable

from vault.domain.documents import ParsedDocument
from vault.ingest.parse import media
from vault.ingest.parse.canonical import assemble, best_title, invisible_count, language_of
from vault.ingest.parse.containers import read_container
from vault.ingest.parse.coverage import guard
from vault.ingest.parse.epub import read_epub
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.mail import read_eml, read_mbox, read_msg
from vault.ingest.parse.markup import read_html, read_markdown, read_xml
from vault.ingest.parse.ocr import read_image
from vault.ingest.parse.office import read_docx, read_pptx
from vault.ingest.parse.opendocument import read_opendocument
from vault.ingest.parse.pdf import read_pdf
from vault.ingest.parse.pieces import Original, Reading
from vault.ingest.parse.plain import read_json, read_text
from vault.ingest.parse.properties import properties_of
from vault.ingest.parse.result import Attachment, Parsed
from vault.ingest.parse.second import READS, read_second
from vault.ingest.parse.sniff import promised
from vault.ingest.parse.spreadsheet import read_xlsx
from vault.ingest.parse.table import read_csv

READERS: dict[str, Callable[[Original], Reading]] = {
    media.PDF: read_pdf,
    media.DOCX: read_docx,
    media.PPTX: read_pptx,
    media.XLSX: read_xlsx,
    media.ODT: read_opendocument,
    media.ODP: read_opendocument,
    media.ODS: read_opendocument,
    media.EPUB: read_epub,
    media.HTML: read_html,
    media.XML: read_xml,
    media.MARKDOWN: read_markdown,
    media.TEXT: read_text,
    media.RST: read_text,
    media.ORG: read_text,
    media.CSV: read_csv,
    media.TSV: read_csv,
    media.JSON: read_json,
    media.NDJSON: read_json,
    media.EML: read_eml,
    media.MBOX: read_mbox,
    media.MSG: read_msg,
    **dict.fromkeys((media.XLSB, media.DOC, media.PPT, media.XLS, media.RTF), read_second),
    **dict.fromkeys(
        (media.PNG, media.JPEG, media.TIFF, media.BMP, media.GIF, media.WEBP), read_image
    ),
    **dict.fromkeys((media.ZIP, media.TAR, media.GZIP, media.BZIP2), read_container),
}
"""The first reader of every supported media type."""

_OLD_WORD = "text boxes, headers and notes may be missing; saving it as .docx keeps them"


def read(original: Original, *, second_only: bool = False, depth: int = 0) -> Parsed:
    """Return the document that ``original`` holds.

    Args:
        original: the file, its media type already found.
        second_only: whether the first reader already failed on it.
        depth: how many files this one is inside of.

    Raises:
        ReadError: no reader finds text in it.
    """
    reading, coverage = _reading(original, second_only=second_only)
    text, elements = assemble(reading.pieces)
    if not text and not reading.attachments:
        raise ReadError(Failure.NO_TEXT)
    attachments, left_out = _handed_on(reading.attachments, original, depth)
    document = ParsedDocument(
        text=text,
        elements=elements,
        title=best_title(reading.title, text, elements),
        media_type=original.media_type,
        engine=reading.engine,
        coverage=round(coverage, 4),
        pages=reading.pages,
        language=language_of(text),
        properties=properties_of(original),
    )
    return Parsed(document, attachments, (*reading.notes, *left_out, *_remarks(original, text)))


def _reading(original: Original, *, second_only: bool) -> tuple[Reading, float]:
    readable = original.media_type in READS
    if second_only and not readable:
        raise ReadError(Failure.BROKEN)
    if second_only:
        return read_second(original), 1.0
    try:
        return guard(original, READERS[original.media_type](original))
    except ReadError as error:
        if error.failure is not Failure.BROKEN or not readable:
            raise
        return read_second(original), 1.0


def _handed_on(
    found: tuple[Attachment, ...], original: Original, depth: int
) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    limits = original.limits
    if found and depth >= limits.nesting:
        return (), (f"{len(found)} files inside are nested too deeply and were not read",)
    kept: list[Attachment] = []
    total = 0
    for attachment in found[: limits.attachments]:
        total += len(attachment.content)
        if total > limits.attachment_bytes:
            break
        kept.append(attachment)
    missing = len(found) - len(kept)
    return tuple(kept), (f"{missing} files inside exceed the limits and were not read",) * bool(
        missing
    )


def _remarks(original: Original, text: str) -> tuple[str, ...]:
    remarks = []
    expected = promised(original.name)
    if expected is not None and expected != original.media_type:
        wanted, found = media.SUPPORTED[expected].label, media.SUPPORTED[original.media_type].label
        remarks.append(f"the name promises a {wanted}, the bytes are a {found}")
    if original.media_type == media.DOC:
        # One engine alone reads these, and nothing can tell how much it lost.
        remarks.append(_OLD_WORD)
    hidden = invisible_count(text)
    if hidden:
        remarks.append(f"the text holds {hidden} invisible characters")
    return tuple(remarks)
