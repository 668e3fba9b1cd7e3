"""Text turned into the terms that the lexical index counts."""

import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from vault.index.stemming import stem

MAX_TERM_CHARACTERS = 64
"""Longer words are cut; they are encodings and keys, not words."""
_MAX_CACHED = 4 * MAX_TERM_CHARACTERS

_FUNCTION_WORDS = """
a about after all also am an and any are as at be because been before being both but by can
could did do does doing during each for from had has have having he her here hers him his how i
if in into is it its just me more most my nor of on or other our ours out own same she should so
some such than that the their theirs them then there these they this those through to too under
until up very was we were what when where which while who whom why will with would you your
yours
"""
STOP_WORDS = frozenset(_FUNCTION_WORDS.split())
"""English function words: they say how a sentence is built, not what it is about."""


_ACRONYMS = frozenset(word.upper() for word in STOP_WORDS if len(word) > 1) - {
    *("AND", "BUT", "IF", "NOR", "NOT", "OR", "NO"),
}
"""Function words that are names when capitals set them apart: IT, WHO, IS, AM."""
_NEIGHBOURS = 2

# Combining marks and vowel signs, which are parts of words but not of the class of letters.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0711\u0730-\u074a\u0900-\u0963\u0966-\u0dff\u0f18-\u0fbc\u1a17-\u1aff\u1b00-\u1bff"
)
# The same of Thai, Lao, Burmese and Khmer, which put no spaces between words.
_UNSPACED_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074"
    "\u1082-\u108d\u108f\u109a-\u109d\u17b4-\u17d3\u17dd"
)
_ASCII_TOKEN = re.compile(r"[a-zA-Z0-9_]+(?:[-./:,'][a-zA-Z0-9_]+)*", re.ASCII)
_LETTER = rf"[\w{_MARKS}{_UNSPACED_MARKS}]+"
_TOKEN = re.compile(rf"{_LETTER}(?:[-./:,'\u2019\u2010\u2011]{_LETTER})*")
_CONNECTOR = re.compile(r"[-./:,'_\u2019\u2010\u2011]")
_PLAIN = re.compile(r"[A-Za-z]?[a-z]*|[0-9]+", re.ASCII)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_POSSESSIVE = re.compile(r"['\u2019]s$")
_NUMBER = re.compile(r"\d+(?:[.:]\d+)+")
_LATIN_MARK = re.compile(r"(?<=[A-Za-z])[\u0300-\u036f]+")
_SILENT_MARK = re.compile(r"[\u0640\u064b-\u0652\u0591-\u05bd\u00ad\u200b-\u200f\u2060\ufeff]")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff"
    r"\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\U00020000-\U0003ffff]+"
)
_CLUSTER = re.compile(rf".[{_UNSPACED_MARKS}]{{0,3}}", re.DOTALL)


class Located(NamedTuple):
    """The terms of one text.

    Attributes:
        terms: in order, repeated as often as they occur.
        positions: the number of the word each stands at; function words are counted too.
    """

    terms: Sequence[str]
    positions: Sequence[int]


class _Entry(NamedTuple):
    """What one run of letters, digits and inner connectors gives.

    Attributes:
        terms: its terms.
        offsets: for each, the word of the run it stands at.
        width: words of the run, at least 1.
        whole: the last of ``terms`` if that is the whole of a compound, else nothing.
    """

    terms: tuple[str, ...]
    offsets: tuple[int, ...]
    width: int
    whole: str


def analyse(text: str) -> list[str]:
    """Return the terms of ``text`` in order, repeated as often as they occur.

    Words are case-folded, stripped of Latin accents and, in English, stemmed; function
    words are left out, unless capitals make a name of them (``IT``, ``WHO``) in a text that is
    not all capitals. A compound gives its parts, and when it names something
    (``CVE-2024-1234``, ``HR-204``, ``12.3``) also itself. Scripts without spaces give
    overlapping pairs of characters.

    Source:
        Unicode Standard Annex 15 (NFKC); Unicode Standard, section 5.18 (case folding).
    """
    return [term for entry in _entries(text) for term in entry.terms]


def located(text: str) -> Located:
    """Return the terms that ``analyse`` gives, each with the number of its word."""
    terms: list[str] = []
    positions: list[int] = []
    start = 0
    for found, offsets, width, _ in _entries(text):
        if width == 1:
            if found:
                terms.append(found[0])
                positions.append(start)
            start += 1
        else:
            terms += found
            positions += [start + offset for offset in offsets]
            start += width
    return Located(terms, positions)


def exact(text: str) -> tuple[tuple[str, int], ...]:
    """Return the terms, with their distances from the first, of texts that hold ``text`` itself.

    A compound that names something is taken as a whole, so that ``HR-204`` is also ``HR204``
    but never an HR beside some 204.
    """
    wanted: list[tuple[str, int]] = []
    start = 0
    for terms, offsets, width, whole in _entries(text):
        pairs = [(whole, 0)] if whole else zip(terms, offsets, strict=True)
        wanted.extend((term, start + offset) for term, offset in pairs)
        start += width
    return tuple((term, position - wanted[0][1]) for term, position in wanted)


def _entries(text: str) -> Iterable[_Entry]:
    if text.isascii():
        tokens = _ASCII_TOKEN.findall(text)
    else:
        tokens = _TOKEN.findall(_SILENT_MARK.sub("", unicodedata.normalize("NFKC", text)))
    if max(map(len, tokens), default=0) > _MAX_CACHED:
        return chain.from_iterable(map(_long_entries, tokens))
    if _ACRONYMS.isdisjoint(tokens):
        return map(_entry, tokens)
    return (
        _acronym(token) if token in _ACRONYMS and _stands_out(tokens, place) else _entry(token)
        for place, token in enumerate(tokens)
    )


@lru_cache(maxsize=1 << 17)
def _entry(token: str) -> _Entry:
    """Return what one run of bounded length gives."""
    if _PLAIN.fullmatch(token):
        found = _word(token, names=False)
        return _Entry(tuple(map(sys.intern, found)), (0,) if found else (), 1, "")
    token = _POSSESSIVE.sub("", token)
    pieces = [part for piece in _CONNECTOR.split(token) for part in _CAMEL.split(piece) if part]
    shouted = token.isupper()
    terms: list[str] = []
    offsets: list[int] = []
    width = 0
    for piece in pieces:
        found = _word(piece, names=not shouted and len(pieces) > 1)
        terms.extend(found)
        offsets.extend(range(width, width + len(found)))
        width += max(1, len(found))
    if len(pieces) > 1 and _names_something(token, pieces):
        whole = _folded(token if _NUMBER.fullmatch(token) else "".join(pieces))
        whole = whole[:MAX_TERM_CHARACTERS]
        return _Entry((*map(sys.intern, terms), sys.intern(whole)), (*offsets, 0), width, whole)
    return _Entry(tuple(map(sys.intern, terms)), tuple(offsets), max(1, width), "")


def _acronym(token: str) -> _Entry:
    return _Entry((token.lower(),), (0,), 1, "")


def _stands_out(tokens: Sequence[str], place: int) -> bool:
    """Tell whether the words around are not all capitals, so that capitals mean a name."""
    near = [*tokens[max(0, place - _NEIGHBOURS) : place], *tokens[place + 1 :][:_NEIGHBOURS]]
    words = [token for token in near if token.upper() != token.lower()]
    return not words or not all(word.isupper() for word in words)


def _long_entries(token: str) -> Iterable[_Entry]:
    """Return what a run of any length gives; the longest are not worth remembering."""
    if len(token) <= _MAX_CACHED:
        return (_entry(token),)
    words = (_word(piece, names=False) for piece in _CONNECTOR.split(token) if piece)
    return (
        _Entry(tuple(found), tuple(range(len(found))), max(1, len(found)), "") for found in words
    )


def _names_something(token: str, pieces: list[str]) -> bool:
    """Tell whether a compound is an identifier or a split word rather than two words."""
    return (
        any(character.isdigit() or character == "_" for character in token)
        or len(pieces[0]) == 1
        or _CONNECTOR.search(token) is None
    )


def _word(piece: str, *, names: bool) -> list[str]:
    """Return the terms of one word; ``names`` tells that capitals make a name of it."""
    if not piece.isascii() and _UNSPACED.search(piece):
        return [term for run in _scripts(piece) for term in run]
    word = _folded(piece)[:MAX_TERM_CHARACTERS]
    if word in STOP_WORDS:
        return [word] if names and piece in _ACRONYMS else []
    if len(word) == 1 and not word.isalnum():
        return []
    return [stem(word) if word.isascii() and word.isalpha() else word]


def _scripts(word: str) -> list[list[str]]:
    """Split where a script without spaces meets another one; each part gives its terms."""
    runs: list[list[str]] = []
    position = 0
    for match in _UNSPACED.finditer(word):
        if match.start() > position:
            runs.append(_word(word[position : match.start()], names=True))
        signs = _CLUSTER.findall(match[0])
        runs.append(signs if len(signs) == 1 else [a + b for a, b in pairwise(signs)])
        position = match.end()
    if position < len(word):
        runs.append(_word(word[position:], names=True))
    return runs


def _folded(word: str) -> str:
    folded = word.casefold()
    if folded.isascii():
        return folded
    folded = _LATIN_MARK.sub("", unicodedata.normalize("NFD", folded))
    return unicodedata.normalize("NFC", folded)
