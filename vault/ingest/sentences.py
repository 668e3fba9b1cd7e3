"""Cuts text into spans of sentences, lines, words or characters, trimmed of white space."""

import re
from collections.abc import Iterator

from vault.domain.documents import CharSpan, ElementKind

_SENTENCE_END = re.compile(
    r"[.!?\u2026][\"'\u201d\u2019)\]]*\s+|[\u3002\uff01\uff1f][\u300d\u300f\u201d]?\s*|\n\s*\n\s*"
)
_LINE_END = re.compile(r"\n")
_WORD = re.compile(r"\S+")
_BY_LINE = frozenset({ElementKind.TABLE, ElementKind.CODE, ElementKind.HEADER})


def sentence_spans(text: str, span: CharSpan, kind: ElementKind) -> Iterator[CharSpan]:
    """Yield the sentences of ``span`` in ``text``, or its lines where lines are the unit."""
    ends = _LINE_END if kind in _BY_LINE else _SENTENCE_END
    start = span.start
    for match in ends.finditer(text, span.start, span.end):
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, span.end)


def word_spans(text: str, span: CharSpan) -> Iterator[CharSpan]:
    """Yield the stretches between white space in ``span``."""
    for match in _WORD.finditer(text, span.start, span.end):
        yield CharSpan(match.start(), match.end())


def slices(span: CharSpan, size: int) -> Iterator[CharSpan]:
    """Yield consecutive spans of at most ``size`` characters."""
    for start in range(span.start, span.end, size):
        yield CharSpan(start, min(span.end, start + size))


def _trimmed(text: str, start: int, end: int) -> Iterator[CharSpan]:
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    last = start + len(piece.rstrip())
    if first < last:
        yield CharSpan(first, last)
