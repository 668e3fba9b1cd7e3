"""Text turned into the terms that the lexical index counts."""

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, pairwise

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


# Combining marks and vowel signs, which are parts of words but not of the class of letters.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0711\u0730-\u074a\u0900-\u0963\u0966-\u0dff\u0f18-\u0fbc\u1a17-\u1aff\u1b00-\u1bff"
)
_ASCII_TOKEN = re.compile(r"[a-zA-Z0-9_]+(?:[-./:,'][a-zA-Z0-9_]+)*", re.ASCII)
_TOKEN = re.compile(rf"[\w{_MARKS}]+(?:[-./:,'\u2019\u2010\u2011][\w{_MARKS}]+)*")
_CONNECTOR = re.compile(r"[-./:,'_\u2019\u2010\u2011]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_POSSESSIVE = re.compile(r"['\u2019]s$")
_NUMBER = re.compile(r"\d+(?:[.:]\d+)+")
_LATIN_MARK = re.compile(r"(?<=[A-Za-z])[\u0300-\u036f]+")
_SILENT_MARK = re.compile(r"[\u0640\u064b-\u0652\u0591-\u05bd\u00ad\u200b-\u200f\u2060\ufeff]")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf"
    r"\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def analyse(text: str) -> list[str]:
    """Return the terms of ``text`` in order, repeated as often as they occur.

    Words are case-folded, stripped of Latin accents and, in English, stemmed; function
    words are left out. A compound gives its parts, and when it names something
    (``CVE-2024-1234``, ``HR-204``, ``12.3``) also itself. Scripts without spaces give
    overlapping pairs of characters.

    Source:
        Unicode Standard Annex 15 (NFKC); Unicode Standard, section 5.18 (case folding).
    """
    if text.isascii():
        tokens = _ASCII_TOKEN.findall(text)
    else:
        tokens = _TOKEN.findall(_SILENT_MARK.sub("", unicodedata.normalize("NFKC", text)))
    if max(map(len, tokens), default=0) > _MAX_CACHED:
        return [term for token in tokens for term in _long_terms(token)]
    return list(chain.from_iterable(map(_terms_of, tokens)))


@lru_cache(maxsize=1 << 17)
def _terms_of(token: str) -> tuple[str, ...]:
    """Return the terms of one run of letters, digits and inner connectors."""
    token = _POSSESSIVE.sub("", token)
    pieces = [part for piece in _CONNECTOR.split(token) for part in _CAMEL.split(piece) if part]
    terms = [term for piece in pieces for term in _word(piece)]
    if len(pieces) > 1 and _names_something(token, pieces):
        whole = token if _NUMBER.fullmatch(token) else "".join(pieces)
        terms.append(_folded(whole)[:MAX_TERM_CHARACTERS])
    return tuple(sys.intern(term) for term in terms)


def _long_terms(token: str) -> Iterable[str]:
    """Return the terms of a run of any length; the longest are not worth remembering."""
    if len(token) <= _MAX_CACHED:
        return _terms_of(token)
    return (term for piece in _CONNECTOR.split(token) if piece for term in _word(piece))


def _names_something(token: str, pieces: list[str]) -> bool:
    """Tell whether a compound is an identifier or a split word rather than two words."""
    return (
        any(character.isdigit() or character == "_" for character in token)
        or len(pieces[0]) == 1
        or _CONNECTOR.search(token) is None
    )


def _word(piece: str) -> list[str]:
    word = _folded(piece)
    if _UNSPACED.search(word):
        return [term for run in _scripts(word) for term in run]
    word = word[:MAX_TERM_CHARACTERS]
    if word in STOP_WORDS or (len(word) == 1 and not word.isalnum()):
        return []
    return [stem(word) if word.isascii() and word.isalpha() else word]


def _scripts(word: str) -> list[list[str]]:
    """Split where a script without spaces meets another one; each part gives its terms."""
    runs: list[list[str]] = []
    position = 0
    for match in _UNSPACED.finditer(word):
        if match.start() > position:
            runs.append(_word(word[position : match.start()]))
        run = match[0]
        runs.append([run] if len(run) == 1 else [a + b for a, b in pairwise(run)])
        position = match.end()
    if position < len(word):
        runs.append(_word(word[position:]))
    return runs


def _folded(word: str) -> str:
    folded = word.casefold()
    if folded.isascii():
        return folded
    folded = _LATIN_MARK.sub("", unicodedata.normalize("NFD", folded))
    return unicodedata.normalize("NFC", folded)
