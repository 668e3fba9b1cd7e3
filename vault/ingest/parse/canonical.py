"""Joins pieces into the one text that every span counts, and places them in it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

import py3langid

from vault.domain.documents import CharSpan, Element, ElementKind
from vault.ingest.parse.pieces import Piece

_JOINT = "\n\n"
_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85]")
_LONGEST_HEADING = 200
_TITLE_WITHIN = 30
_LANGUAGE_LETTERS = 2_000
_FEWEST_LETTERS = 20
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
_UNWANTED = dict.fromkeys(
    (
        *(code for code in range(0x20) if code not in (0x09, 0x0A)),
        *range(0x7F, 0xA0),
        *range(0xD800, 0xE000),
        *(0x10000 * plane + 0xFFFE for plane in range(17)),
        *(0x10000 * plane + 0xFFFF for plane in range(17)),
    )
)


def clean(text: str) -> str:
    """Return ``text`` with plain line ends and without controls; all else stays as it is."""
    return _BREAKS.sub("\n", text).translate(_UNWANTED).strip()


def assemble(pieces: Iterable[Piece]) -> tuple[str, tuple[Element, ...]]:
    """Return the canonical text and its elements; each span covers exactly its piece's text.

    Pieces without a visible character are left out.
    """
    texts: list[str] = []
    elements: list[Element] = []
    path: list[tuple[int, str]] = []
    position = 0
    for piece in pieces:
        text = clean(piece.text)
        if not text or not any(_is_visible(character) for character in text):
            continue
        if piece.kind is ElementKind.TITLE:
            while path and path[-1][0] >= piece.depth:
                path.pop()
        span = CharSpan(position, position + len(text))
        headings = tuple(heading for _, heading in path)
        elements.append(Element(piece.kind, span, piece.page, headings, piece.box))
        if piece.kind is ElementKind.TITLE:
            path.append((piece.depth, " ".join(text.split())[:_LONGEST_HEADING]))
        texts.append(text)
        position = span.end + len(_JOINT)
    return _JOINT.join(texts), tuple(elements)


def best_title(stated: str, text: str, elements: Sequence[Element]) -> str:
    """Return the title the format states, else the first highest heading near the start."""
    stated = " ".join(clean(stated).split())
    if stated:
        return stated[:_LONGEST_HEADING]
    titles = [element for element in elements[:_TITLE_WITHIN] if element.kind is ElementKind.TITLE]
    if not titles:
        return ""
    first = min(titles, key=lambda element: (len(element.headings), element.span))
    return " ".join(first.span.of(text).split())[:_LONGEST_HEADING]


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the language, or an empty string for too short a text."""
    letters = [character for character in text[: 4 * _LANGUAGE_LETTERS] if not character.isdigit()]
    sample = "".join(letters)[:_LANGUAGE_LETTERS]
    if sum(map(str.isalpha, sample)) < _FEWEST_LETTERS:
        return ""
    code, _ = py3langid.classify(sample)
    return str(code)


def invisible_count(text: str) -> int:
    """Return how many zero-width or direction-changing characters the text holds."""
    return len(_INVISIBLE.findall(text))


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "ZC"
