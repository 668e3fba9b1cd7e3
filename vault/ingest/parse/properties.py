"""What a file says about itself: author, dates, language and keywords."""

import re
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from io import BytesIO
from zipfile import is_zipfile

import olefile
import pypdfium2 as pdfium
from lxml import etree, html
from oxmsg import Message as OutlookMessage

from vault.ingest.parse import media
from vault.ingest.parse.archives import member_bytes, open_zip
from vault.ingest.parse.canonical import clean
from vault.ingest.parse.failures import ReadError
from vault.ingest.parse.markup import parse_xml
from vault.ingest.parse.pieces import Original

LONGEST = 500
"""Characters of one property; what is longer is cut."""
NAMES = ("author", "created_at", "modified_at", "language", "keywords")
"""Every property there is; times are RFC 3339."""
_HEAD = 65_536
_OOXML = "docProps/core.xml"
_TAGS = {
    "creator": "author",
    "initial-creator": "author",
    "created": "created_at",
    "creation-date": "created_at",
    "modified": "modified_at",
    "date": "modified_at",
    "language": "language",
    "keywords": "keywords",
    "keyword": "keywords",
    "subject": "keywords",
}
"""Local names of Dublin Core, Office and OpenDocument elements."""
_META = {
    "author": "author",
    "dc.creator": "author",
    "dcterms.created": "created_at",
    "article:published_time": "created_at",
    "dc.date": "created_at",
    "article:modified_time": "modified_at",
    "last-modified": "modified_at",
    "dc.language": "language",
    "keywords": "keywords",
}
_PDF_DATE = re.compile(
    r"D?:?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:Z|([+-])(\d{2})'?(\d{2})?)?"
)
_RTF = re.compile(rb"\{\\(author|keywords) ([^\\{}]{1,200})\}")
_RTF_TIME = re.compile(rb"\{\\(creatim|revtim)\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_FRONT = re.compile(r"\ufeff?---\r?\n(.{0,4000}?)\r?\n---\r?\n", re.DOTALL)
_PAIR = re.compile(r"^(\w[\w.]{0,40}):[ \t]*(\S[^\n]{0,400})", re.MULTILINE)
_PROBLEMS = (
    ReadError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OSError,
    struct.error,
    etree.LxmlError,
    pdfium.PdfiumError,
)
"""What broken properties raise; a text is not refused for them."""

Found = Iterator[tuple[str, str]]


def properties_of(original: Original) -> tuple[tuple[str, str], ...]:
    """Return what the file says about itself, each name once, in the order of ``NAMES``.

    Properties that are broken are left out: they are no part of the text.
    """
    reader = READERS.get(original.media_type)
    if reader is None:
        return ()
    found: dict[str, str] = {}
    with suppress(*_PROBLEMS):
        for name, value in reader(original):
            text = " ".join(clean(value).split())[:LONGEST]
            if text:
                found.setdefault(name, text)
    return tuple((name, found[name]) for name in NAMES if name in found)


def _elements(root: etree._Element) -> Found:
    for node in root.iter(etree.Element):
        name = _TAGS.get(etree.QName(node).localname)
        if name is not None and node.text:
            yield name, _time(node.text) if name.endswith("_at") else node.text


def _office(original: Original) -> Found:
    archive = open_zip(original.content, original.limits)
    if _OOXML in archive.namelist():
        yield from _elements(parse_xml(member_bytes(archive, _OOXML)))


def _open_document(original: Original) -> Found:
    if is_zipfile(BytesIO(original.content)):
        archive = open_zip(original.content, original.limits)
        root = parse_xml(member_bytes(archive, "meta.xml"))
    else:
        root = parse_xml(original.content)
    meta = root.find(".//{*}meta")
    if meta is not None:
        yield from _elements(meta)


def _book(original: Original) -> Found:
    archive = open_zip(original.content, original.limits)
    [package] = [name for name in archive.namelist() if name.endswith(".opf")][:1]
    metadata = parse_xml(member_bytes(archive, package)).find("{*}metadata")
    if metadata is not None:
        yield from _elements(metadata)


def _pdf(original: Original) -> Found:
    document = pdfium.PdfDocument(original.content)
    try:
        stated = document.get_metadata_dict(skip_empty=True)
    finally:
        document.close()
    yield "author", stated.get("Author", "")
    yield "created_at", _pdf_time(stated.get("CreationDate", ""))
    yield "modified_at", _pdf_time(stated.get("ModDate", ""))
    yield "keywords", stated.get("Keywords", "")


def _page(original: Original) -> Found:
    root = html.document_fromstring(original.content[:_HEAD])
    yield "language", root.get("lang") or ""
    for node in root.iter("meta"):
        name = _META.get((node.get("name") or node.get("property") or "").lower())
        content = node.get("content") or ""
        if name is not None:
            yield name, _time(content) if name.endswith("_at") else content


def _mail(original: Original) -> Found:
    message = message_from_bytes(original.content[:_HEAD], policy=policy.compat32)
    yield "author", str(message.get("From", ""))
    yield "keywords", str(message.get("Keywords", ""))
    if message.get("Date"):
        yield "created_at", _written(parsedate_to_datetime(str(message["Date"])))


def _outlook(original: Original) -> Found:
    message = OutlookMessage.load(original.content)
    yield "author", message.sender or ""
    if message.sent_date is not None:
        yield "created_at", _written(message.sent_date)


def _front_matter(original: Original) -> Found:
    head = _FRONT.match(original.content[:_HEAD].decode("utf-8", "replace"))
    for name, value in _PAIR.findall(head[1]) if head is not None else ():
        known = _META.get(name.lower()) or _TAGS.get(name.lower())
        if known is not None:
            plain = value.strip("[]\"' ")
            yield known, _time(plain) if known.endswith("_at") else plain


def _compound(original: Original) -> Found:
    with olefile.OleFileIO(BytesIO(original.content)) as file:
        stated = file.get_metadata()
    page = f"cp{stated.codepage}" if stated.codepage and stated.codepage > 0 else "cp1252"
    page = "utf-8" if stated.codepage in (65001, -535) else page
    yield "author", (stated.author or b"").decode(page, "replace")
    yield "keywords", (stated.keywords or b"").decode(page, "replace")
    for name, value in (
        ("created_at", stated.create_time),
        ("modified_at", stated.last_saved_time),
    ):
        if isinstance(value, datetime) and value.year > 1980:
            yield name, _written(value)


def _rich(original: Original) -> Found:
    head = original.content[:_HEAD]
    for match in _RTF.finditer(head):
        yield match[1].decode(), match[2].decode("latin-1")
    for match in _RTF_TIME.finditer(head):
        name = "created_at" if match[1] == b"creatim" else "modified_at"
        year, month, day = (int(part) for part in match.groups()[1:])
        yield name, _written(datetime(year, month, day, tzinfo=UTC))


def _time(text: str) -> str:
    """Return an ISO 8601 date or time as RFC 3339 in UTC, or an empty string."""
    try:
        return _written(datetime.fromisoformat(text.strip()))
    except ValueError:
        return ""


def _pdf_time(text: str) -> str:
    """Return a PDF date as RFC 3339.

    Source:
        ISO 32000-1, section 7.9.4.
    """
    match = _PDF_DATE.match(text)
    if match is None:
        return ""
    year, month, day, *clock = (int(part or 0) for part in match.groups()[:6])
    sign, hours, minutes = match.groups()[6:]
    zone = f"{sign}{hours}:{minutes or '00'}" if sign else "+00:00"
    stamp = f"{year:04}-{month or 1:02}-{day or 1:02}T"
    return _time(stamp + ":".join(f"{part:02}" for part in clock) + zone)


def _written(time: datetime) -> str:
    aware = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="seconds")


READERS: dict[str, Callable[[Original], Found]] = {
    media.PDF: _pdf,
    media.HTML: _page,
    media.EML: _mail,
    media.MSG: _outlook,
    media.MARKDOWN: _front_matter,
    media.RTF: _rich,
    media.EPUB: _book,
    **dict.fromkeys((media.DOCX, media.PPTX, media.XLSX, media.XLSB), _office),
    **dict.fromkeys((media.ODT, media.ODS, media.ODP), _open_document),
    **dict.fromkeys((media.DOC, media.PPT, media.XLS), _compound),
}
"""What finds the properties of each kind of file that has any."""
