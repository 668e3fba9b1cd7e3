"""HTML as pieces: headings, paragraphs, list items, code and tables in reading order."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree, html

from vault.domain.documents import ElementKind
from vault.ingest.parse.pieces import Piece
from vault.ingest.parse.rows import join_rows, table_rows

_LEFT_OUT = frozenset({"script", "style", "template", "svg", "math", "head", "iframe", "object"})
_TITLES = {f"h{rank}": rank - 1 for rank in range(1, 7)}
_BLOCKS = frozenset(_TITLES) | {
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "select",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
}
_ARRANGED = ("table", "h1", "h2", "h3", "form", "article", "pre")
_BREAK = "\v"
_PARAGRAPHS = re.compile(r"\v\s*\v\s*")
_LONG_CELL = 600


class _Writer:
    """Gathers running text and yields a piece whenever a block ends."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._titles: list[int] = []
        self._items = 0

    def add(self, text: str | None) -> None:
        """Add running text."""
        if text:
            self._parts.append(text)

    def enter(self, tag: str) -> None:
        """Note that the following text is inside ``tag``."""
        if tag in _TITLES:
            self._titles.append(_TITLES[tag])
        self._items += tag in ("li", "dd")

    def leave(self, tag: str) -> None:
        """Note that ``tag`` has ended."""
        if tag in _TITLES and self._titles:
            self._titles.pop()
        self._items -= tag in ("li", "dd")

    def flush(self) -> Iterator[Piece]:
        """Yield the text gathered so far; an empty line parts paragraphs."""
        text = "".join(self._parts)
        self._parts.clear()
        for paragraph in _PARAGRAPHS.split(text) if text.strip() else ():
            lines = (" ".join(line.split()) for line in paragraph.split(_BREAK))
            text = "\n".join(filter(None, lines))
            if text and self._titles:
                yield Piece(ElementKind.TITLE, " ".join(text.split()), depth=self._titles[-1])
            elif text:
                kind = ElementKind.LIST_ITEM if self._items > 0 else ElementKind.PARAGRAPH
                yield Piece(kind, text)


def html_pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces of a page; scripts, styles and comments are left out.

    Tables that arrange the page are read as its text, others row by row.
    """
    try:
        root = html.document_fromstring(text.replace("\0", "").replace(_BREAK, " "))
    except (etree.ParserError, ValueError):
        return
    writer = _Writer()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag in _BLOCKS:
            yield from writer.flush()
        if event != "start":
            writer.leave(tag)
            writer.add(node.tail)
            continue
        writer.enter(tag)
        whole = _whole(node, tag)
        if whole is not None:
            yield whole
        if whole is not None or tag in _LEFT_OUT:
            walk.skip_subtree()
        else:
            writer.add(_inline(node, tag))
    yield from writer.flush()


def _whole(node: etree._Element, tag: str) -> Piece | None:
    """Return the piece of a node that is taken as one, or None."""
    if tag == "pre":
        return Piece(ElementKind.CODE, "".join(node.itertext()))
    if tag == "table" and _is_data(node):
        return Piece(ElementKind.TABLE, join_rows(table_rows(node)))
    return None


def _inline(node: etree._Element, tag: str) -> str | None:
    if tag == "br":
        return _BREAK
    if tag == "img":
        return f" {node.get('alt') or ''} "
    text: str | None = node.text
    return text


def _is_data(table: etree._Element) -> bool:
    """Tell whether a table holds records and does not arrange a page."""
    if any(table.find(f".//{tag}") is not None for tag in _ARRANGED):
        return False
    rows = list(islice(table_rows(table), 50))
    widest = max(map(len, rows), default=0)
    longest = max((len(cell) for row in rows for cell in row), default=0)
    return widest > 1 and longest <= _LONG_CELL
