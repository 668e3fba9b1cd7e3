"""Where a page of HTML leads; nothing in it is run, and nothing is fetched for it."""

import re
from dataclasses import dataclass
from html import unescape

from connectors.web_urls import canonical

_LOOKED_AT = 4 * 2**20
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})")
_TAG = re.compile(
    r"<(a|area|base|link|frame|iframe)\s"
    r"((?:[^<>\"']|\"[^\"<>]{0,4000}\"|'[^'<>]{0,4000}'){0,400}+)",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"(href|src|rel)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Links:
    """What a page points to, in canonical writing.

    Attributes:
        pages: other pages, each once, in the order they were met.
        canonical: the address the page gives as its own, if it does.
    """

    pages: tuple[str, ...]
    canonical: str | None


def links_of(content: bytes, *, url: str, charset: str | None) -> Links:
    """Return where the page at ``url`` leads.

    Args:
        content: HTML; only its first 4 MiB are looked at.
        url: where it was read.
        charset: what the server says its letters are written in.
    """
    text = _decoded(content[:_LOOKED_AT], charset)
    base, own = url, None
    found: dict[str, None] = {}
    for tag in _TAG.finditer(text):
        name, values = tag[1].lower(), _attributes(tag[2])
        rel = values.get("rel", "").lower().split()
        address = canonical(values.get("href") or values.get("src") or "#", base=base)
        if address is None or not ({"href", "src"} & values.keys()):
            continue
        if name == "base":
            base = address
        elif name == "link" and "canonical" in rel:
            own = own or address
        elif name != "link" or {"next", "prev"} & set(rel):
            found.setdefault(address)
        if len(found) >= _MOST:
            break
    found.pop(url, None)
    return Links(tuple(found), own)


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1].lower(): unescape(found[2] or found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(text)
    }


def _decoded(content: bytes, charset: str | None) -> str:
    stated = _CHARSET.search(content[:2048])
    name = charset or (stated[1].decode() if stated else "utf-8")
    try:
        return content.decode(name, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")
