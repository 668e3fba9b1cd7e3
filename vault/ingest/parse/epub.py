"""Electronic books: the chapters in reading order."""

import posixpath
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from vault.ingest.parse.archives import member_bytes, open_zip, refuse_bombs
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.markup import html_reading, html_text, parse_xml
from vault.ingest.parse.pieces import Original, Piece, Reading

_CONTAINER = "META-INF/container.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def read_epub(original: Original) -> Reading:
    """Return the text of every chapter that the spine lists.

    Source:
        EPUB 3.3, sections 4.2.6.3 (container) and 5.7 (spine).
    """
    archive = open_zip(original.content, original.limits)
    refuse_bombs(archive, original.limits)
    names = frozenset(archive.namelist())
    if "META-INF/encryption.xml" in names and _protected(archive):
        raise ReadError(Failure.PASSWORD)
    path = _package_path(archive)
    package = parse_xml(member_bytes(archive, path))
    pieces: list[Piece] = []
    for chapter in _spine(package, posixpath.dirname(path)):
        if chapter in names:
            pieces += html_reading(html_text(member_bytes(archive, chapter))).pieces
    title = package.find(f".//{_TITLE}")
    stated = (title.text or "").strip() if title is not None else ""
    return Reading(tuple(pieces), "lxml", title=stated)


def _package_path(archive: ZipFile) -> str:
    container = parse_xml(member_bytes(archive, _CONTAINER))
    for node in container.iter("{*}rootfile"):
        path = node.get("full-path")
        if path:
            return str(path)
    raise ReadError(Failure.BROKEN)


def _spine(package: etree._Element, folder: str) -> list[str]:
    items = {item.get("id"): item.get("href") or "" for item in package.iter(f"{_OPF}item")}
    order = [items.get(ref.get("idref"), "") for ref in package.iter(f"{_OPF}itemref")]
    return [posixpath.normpath(posixpath.join(folder, unquote(href))) for href in order if href]


def _protected(archive: ZipFile) -> bool:
    # Fonts may be scrambled without any protection of the text.
    encryption = member_bytes(archive, "META-INF/encryption.xml")
    return b"html" in encryption
