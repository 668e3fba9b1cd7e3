"""What people call kinds of files, and the media types each word covers."""

from collections.abc import Mapping

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "pdf": ("application/pdf",),
    "html": ("text/html", "application/xhtml+xml"),
    "mail": ("message/rfc822", "application/mbox", "application/vnd.ms-outlook"),
    "word": (
        _OFFICE + "wordprocessingml.document",
        "application/msword",
        _OPEN + "text",
        "application/rtf",
    ),
    "spreadsheet": (
        _OFFICE + "spreadsheetml.sheet",
        "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        "application/vnd.ms-excel",
        _OPEN + "spreadsheet",
        "text/csv",
        "text/tab-separated-values",
    ),
    "presentation": (
        _OFFICE + "presentationml.presentation",
        "application/vnd.ms-powerpoint",
        _OPEN + "presentation",
    ),
    "text": ("text/plain", "text/markdown", "text/x-rst", "text/org"),
    "markdown": ("text/markdown",),
    "epub": ("application/epub+zip",),
    "image": ("image/png", "image/jpeg", "image/tiff", "image/bmp", "image/gif", "image/webp"),
    "data": ("application/json", "application/x-ndjson", "application/xml"),
}
"""Media types by the word that a filter uses; the words are part of the public contract."""


def family_types(word: str) -> tuple[str, ...]:
    """Return the media types that ``word`` covers.

    A word that is no family counts as a media type itself, so that ``text/x-rst`` works; if
    it is neither, no document has it, which is what the caller is then told.
    """
    folded = word.strip().casefold()
    return FAMILIES.get(folded, (folded,))


def families_of(media_types: frozenset[str]) -> frozenset[str]:
    """Return the families that at least one of these media types belongs to."""
    return frozenset(word for word, types in FAMILIES.items() if not media_types.isdisjoint(types))
