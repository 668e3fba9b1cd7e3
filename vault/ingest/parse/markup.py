"""HTML, Markdown and XML."""

import re
from html import unescape

import markdown
from lxml import etree
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension

from vault.domain.documents import ElementKind
from vault.ingest.parse.archives import defines_entities
from vault.ingest.parse.encoding import decode
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.pieces import Original, Piece, Reading
from vault.ingest.parse.plain import text_of
from vault.ingest.parse.webpage import html_pieces

_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]{2,40})", re.I
)
_TITLE = re.compile(r"<title[^>]*>([^<]{1,400})</title", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"\A---\n(.{1,8000}?)\n---\n", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_EXTENSIONS = (TableExtension(), FencedCodeExtension(), SaneListExtension())
_HTML = "lxml"


def read_html(original: Original) -> Reading:
    """Return the readable text of a page: no scripts, styles or tags."""
    return html_reading(html_text(original.content))


def html_text(content: bytes) -> str:
    """Return the decoded page, by its byte order mark or its own statement.

    Raises:
        ReadError: the bytes are not text.
    """
    stated = _CHARSET.search(content[:4096])
    text = decode(content, charset=stated[1].decode("ascii") if stated else None)
    if text is None:
        raise ReadError(Failure.BROKEN)
    return text


def html_reading(text: str) -> Reading:
    """Return the pieces of a decoded page and the title its head states."""
    title = _TITLE.search(text[:65_536])
    stated = " ".join(unescape(title[1]).split()) if title else ""
    body = _DECLARATION.sub("", text.removeprefix("\ufeff"))
    pieces = tuple(html_pieces(body)) if body.strip() else ()
    return Reading(pieces, _HTML, title=stated)


def read_markdown(original: Original) -> Reading:
    """Return headings, paragraphs, lists, code and tables; front matter gives the title only."""
    return markdown_reading(text_of(original))


def markdown_reading(text: str) -> Reading:
    """Return the pieces of Markdown text."""
    front = _FRONT_MATTER.match(text)
    stated = _FRONT_TITLE.search(front[1]) if front else None
    body = text[front.end() :] if front and stated else text
    rendered = markdown.markdown(body, extensions=list(_EXTENSIONS))
    pieces = tuple(html_pieces(rendered)) if rendered.strip() else ()
    return Reading(pieces, _HTML, title=stated[1] if stated else "")


def read_xml(original: Original) -> Reading:
    """Return one line for each element or attribute that holds text, ``name: text``."""
    if defines_entities(original.content):
        raise ReadError(Failure.ENTITIES)
    root = parse_xml(original.content)
    lines = []
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        name = etree.QName(node).localname
        lines += [f"{key}: {value}" for key, value in node.attrib.items() if " " in value.strip()]
        inner = " ".join((node.text or "").split())
        lines += [f"{name}: {inner}"] if inner else []
        tail = " ".join((node.tail or "").split())
        lines += [tail] if tail else []
    pieces = tuple(
        Piece(ElementKind.PARAGRAPH, "\n".join(lines[start : start + 20]))
        for start in range(0, len(lines), 20)
    )
    return Reading(pieces, "lxml")


def parse_xml(content: bytes) -> etree._Element:
    """Return the root element, without loading or expanding anything outside the bytes.

    Raises:
        ReadError: the XML is not well formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ReadError(Failure.BROKEN) from error
