"""Exact sentence spans of a passage, so that every sentence is a verbatim piece of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vault.answer.lines import Block, BlockKind, blocks
from vault.answer.words import BEFORE_ANY, BEFORE_NUMBER, MONTHS, STARTERS
from vault.domain.documents import CharSpan

MAX_SENTENCE = 600
"""Longest sentence in code points; longer ones are cut at a clause, a comma or a space."""

MIN_FRAGMENT = 8
"""Fragments of fewer letters and marks join a neighbour: "No." means nothing alone."""

MIN_ALPHANUMERIC = 3
"""Letters and digits below which a piece of text says nothing that could be cited."""

# Marks are written by number where they look like ASCII ones.
_WIDE_STOPS = "\u3002\uff01\uff1f\uff61"
_STOPS = "\u0964\u061f\u06d4"
_END = re.compile(
    r"[.!?…]+[\"'\u201d\u2019»)\]]*(?=\s)"  # Latin, Cyrillic, Greek: white space must follow
    rf"|[{_STOPS}]+(?=\s)"  # Devanagari and Arabic
    rf"|[{_WIDE_STOPS}]+[」』\u201d\u2019\uff09)]*"  # Chinese and Japanese: nothing need follow
)
_WIDE = r"(?=\s|[^\x00-\x7f])"
_CLAUSE = re.compile(rf"[;\uff1b]{_WIDE}|[,\uff0c\u3001]{_WIDE}|\s")
_OPENING = "\"'\u201c\u2018«(\\["
_WORD_BEFORE = re.compile(rf"[{_OPENING}]*([^\s{_OPENING}]*)\s?$")
_WORD_AFTER = re.compile(rf"\s+[{_OPENING}`]*(\w*)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one passage.

    Attributes:
        span: its place in the passage's own text, in code points.
        context: heading, table header, lead-in line or question before it, which it needs.
        asks: whether it is a question, which can be no evidence.
    """

    span: CharSpan
    context: tuple[str, ...] = ()
    asks: bool = False


def sentences(text: str, headings: tuple[str, ...] = ()) -> tuple[Sentence, ...]:
    """Return the sentences of ``text`` in order, not overlapping, without outer white space.

    A list item, a table row or a line that stands alone is a sentence. Headings are not:
    they become the context of what follows.

    Args:
        text: text of a passage.
        headings: heading path of the passage, to recognise its lines in the text.
    """
    found: list[Sentence] = []
    for block in blocks(text, headings):
        for span in _spans(text, block):
            asked = (found[-1].span.of(text),) if found and found[-1].asks else ()
            asks = span.of(text).endswith(("?", "\uff1f", "\u061f"))
            found.append(Sentence(span, block.context + asked, asks))
    return tuple(found)


def _spans(text: str, block: Block) -> Iterator[CharSpan]:
    pieces = [(block.span.start, block.span.end)]
    if block.kind is not BlockKind.ROW:
        pieces = _joined(text, list(_split(text, block.span)))
    for start, end in pieces:
        for piece in _shortened(text, start, end):
            if sum(map(str.isalnum, piece.of(text))) >= MIN_ALPHANUMERIC:
                yield piece


def _split(text: str, span: CharSpan) -> Iterator[tuple[int, int]]:
    start = span.start
    for match in _END.finditer(text, span.start, span.end):
        if match.end() < span.end and _ends_here(text, start, match):
            yield start, match.end()
            start = match.end()
    yield start, span.end


def _ends_here(text: str, start: int, match: re.Match[str]) -> bool:
    mark = match.group()
    if mark[0] in _WIDE_STOPS + _STOPS:
        return True
    after = _WORD_AFTER.match(text, match.end())
    following = after.group(1) if after else ""
    if following[:1].islower():
        return False
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    before = _WORD_BEFORE.search(text, start, match.start())
    return not _abbreviates(before.group(1) if before else "", following)


def _abbreviates(word: str, following: str) -> bool:
    """Tell whether the full stop after ``word`` belongs to the word."""
    lowered, next_word = word.casefold(), following.casefold()
    if lowered.isdecimal() and len(lowered) <= 2:
        return next_word in MONTHS
    if lowered in BEFORE_NUMBER and following[:1].isdecimal():
        return True
    initial = len(word) == 1 and word.isupper()
    dotted = "." in word.strip(".") and word.replace(".", "").isalpha()
    if initial or dotted:
        return next_word not in STARTERS
    return lowered in BEFORE_ANY


def _joined(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join fragments with what follows them, and a last fragment with what precedes it."""
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        fragment = bool(joined) and _is_fragment(text, *joined[-1])
        joined.append((joined.pop()[0] if fragment else start, end))
    if len(joined) > 1 and _is_fragment(text, *joined[-1]):
        _, end = joined.pop()
        joined[-1] = (joined[-1][0], end)
    return joined


def _is_fragment(text: str, start: int, end: int) -> bool:
    piece = text[start:end].strip()
    # One ideograph says about as much as three letters.
    return len(piece) + 2 * sum(mark >= "\u2e80" for mark in piece) < MIN_FRAGMENT


def _shortened(text: str, start: int, end: int) -> Iterator[CharSpan]:
    while end - start > MAX_SENTENCE:
        cut = _cut(text, start, start + MAX_SENTENCE)
        yield _trimmed(text, start, cut)
        start = cut
    yield _trimmed(text, start, end)


def _cut(text: str, start: int, limit: int) -> int:
    """Return where to cut before ``limit``: the last clause mark, comma or space past a third."""
    floor = start + MAX_SENTENCE // 3
    best: dict[int, int] = {}
    for match in _CLAUSE.finditer(text, floor, limit):
        best[_rank(match.group())] = match.end()
    if best:
        return best[min(best)]
    while limit > floor and text[limit - 1].isalnum() and text[limit].isdecimal():
        limit -= 1
    return limit


def _rank(mark: str) -> int:
    if mark in ";\uff1b":
        return 0
    return 2 if mark.isspace() else 1


def _trimmed(text: str, start: int, end: int) -> CharSpan:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return CharSpan(start, end)
