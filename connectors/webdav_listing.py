"""Reads the multi-status answers in which a WebDAV server lists its folders."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes, urlsplit

from lxml import etree

from connectors.errors import SourceUnavailableError
from connectors.remote_tree import FolderUnreadableError

PROPERTIES = ("resourcetype", "getetag", "getlastmodified", "getcontentlength", "getcontenttype")
"""What is asked about each entry."""

_D = "{DAV:}"
_OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class Resource:
    """What the server says of one file or folder.

    Attributes:
        path: path of its URL, percent-decoded, without a slash at its end.
        modified: ``getlastmodified`` as sent; empty where the server does not tell.
        etag: ``getetag`` as sent; empty where the server does not tell.
    """

    path: bytes
    is_folder: bool
    etag: str
    modified: str
    size: int | None
    media_type: str | None

    @property
    def version(self) -> str:
        """Return a token that changes with the content."""
        return f"{self.etag} {self.modified} {'' if self.size is None else self.size}"

    @property
    def is_traceable(self) -> bool:
        """Tell whether a change of the content would show."""
        return bool(self.etag or self.modified)

    @property
    def name(self) -> bytes:
        """Return the last step of the path."""
        return self.path.rpartition(b"/")[2]

    def lies_in(self, folder: bytes) -> bool:
        """Tell whether this is an entry of ``folder`` and of no folder in or above it."""
        parent, _, name = self.path.rpartition(b"/")
        return parent == folder and name not in (b"", b".", b"..") and b"\0" not in name


def resources(body: bytes) -> Iterator[Resource]:
    """Yield each resource of a multi-status answer.

    Raises:
        SourceUnavailableError: the answer is cut off or none.
        FolderUnreadableError: an entry is left out.

    Source:
        RFC 4918, sections 9.1, 13 and 14.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise SourceUnavailableError("the server sends half a listing") from error
    if root.tag != f"{_D}multistatus" or root.getroottree().docinfo.doctype:
        raise SourceUnavailableError("the server sends no listing")
    for response in root.iterfind(f"{_D}response"):
        status = response.findtext(f"{_D}status")
        if status is not None and _code(status) not in _OK:
            raise FolderUnreadableError(f"the server leaves an entry out: {_code(status)}")
        yield _resource(response)


def _resource(response: "etree._Element") -> Resource:
    path = unquote_to_bytes(urlsplit((response.findtext(f"{_D}href") or "").strip()).path)
    known: dict[str, str] = {}
    is_folder = False
    for propstat in response.iterfind(f"{_D}propstat"):
        if _code(propstat.findtext(f"{_D}status") or "") not in _OK:
            continue
        is_folder |= propstat.find(f"{_D}prop/{_D}resourcetype/{_D}collection") is not None
        for name in PROPERTIES[1:]:
            known[name] = (propstat.findtext(f"{_D}prop/{_D}{name}") or "").strip()
    size = known.get("getcontentlength", "")
    return Resource(
        path.rstrip(b"/"),
        is_folder,
        known.get("getetag", ""),
        known.get("getlastmodified", ""),
        int(size) if size.isascii() and size.isdigit() else None,
        known.get("getcontenttype", "").partition(";")[0].strip() or None,
    )


def _code(status: str) -> int:
    parts = status.split()
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0
