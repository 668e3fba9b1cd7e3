"""Lines of a passage, joined into the blocks that sentences are looked for in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from vault.domain.documents import CharSpan

WRAPPED_LINE = 45
"""A line at least this long, in code points, was probably broken to fit a page."""

HEADING_LENGTH = 90
"""No line longer than this, in code points, is taken for a heading."""

STANDING_LENGTH = 70
"""The same for a line that only its place makes a heading."""

_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_ITEM = re.compile(
    r"(?:[-*+•‣▪◦●\u2013\u2014·]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]|[A-Z]\))\s+(?=\S)"
)
_RULE = re.compile(r"[\s|:=\-_*~+`#.]+|```.*|~~~.*")
_MARKED_HEADING = re.compile(r"#{1,6}\s+\S")
_NUMBERED_HEADING = re.compile(
    r"(?:\d+(?:\.\d+)+\.?|§+\s*\d+\w?|(?:section|chapter|part|article|annex|appendix|schedule)\s"
    r"+[\dA-Z]+[.:]?)\s+\S",
    re.IGNORECASE,
)
_UNDERLINE = re.compile(r"\s*([=\-~^])\1{2,}\s*")
_COLONS = (":", "\uff1a")
_ENDS = (".", "!", "?", "\u3002", "\uff01", "\uff1f", "\u0964", "\u061f")
_TERMINAL = (*_ENDS, ";", ",", *_COLONS)


class BlockKind(Enum):
    """What a block of lines is."""

    PROSE = auto()
    ITEM = auto()
    ROW = auto()
    HEADING = auto()
    COLUMNS = auto()
    RULE = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together.

    Attributes:
        span: place in the text, without list marks and outer white space.
        context: heading, table header or lead-in line that the block depends on.
    """

    kind: BlockKind
    span: CharSpan
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _RawLine:
    match: re.Match[str]
    words: str
    after_blank: bool


@dataclass(frozen=True, slots=True)
class _Line:
    kind: BlockKind
    span: CharSpan
    after_blank: bool


def blocks(text: str, headings: tuple[str, ...] = ()) -> Iterator[Block]:
    """Yield the blocks that hold sentences, in order, with the context of each."""
    heading, lead, header = "", "", ""
    for block in _merged(text, list(_lines(text, headings))):
        words = block.span.of(text)
        if block.kind is BlockKind.HEADING:
            heading, lead, header = words, "", ""
        elif block.kind is BlockKind.COLUMNS:
            header = words
        elif block.kind is BlockKind.ROW:
            yield replace(block, context=_present(heading, lead, header))
            header = header or words
        elif block.kind is not BlockKind.RULE:
            lead = lead if block.kind is BlockKind.ITEM else ""
            yield replace(block, context=_present(heading, lead))
            lead = words if words.endswith(_COLONS) else lead
            header = ""


def _present(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _merged(text: str, lines: list[_Line]) -> Iterator[Block]:
    """Join the lines that only the width of a page broke."""
    current: _Line | None = None
    for line in lines:
        if current is not None and _continues(text, current, line):
            current = replace(current, span=CharSpan(current.span.start, line.span.end))
            continue
        if current is not None:
            yield Block(current.kind, current.span)
        current = line
    if current is not None:
        yield Block(current.kind, current.span)


def _continues(text: str, before: _Line, line: _Line) -> bool:
    if line.kind is not BlockKind.PROSE or line.after_blank:
        return False
    if before.kind not in {BlockKind.PROSE, BlockKind.ITEM}:
        return False
    last = text.rfind("\n", before.span.start, before.span.end)
    width = before.span.end - max(last, before.span.start)
    if text[line.span.start].islower():
        return True
    return width >= WRAPPED_LINE and text[before.span.end - 1] not in _COLONS


def _lines(text: str, headings: tuple[str, ...]) -> Iterator[_Line]:
    known = {_folded(heading) for heading in headings}
    found = list(_raw_lines(text))
    for number, line in enumerate(found):
        kind = _kind(line, found[number - 1] if number else None, found[number + 1 :][:1], known)
        yield _Line(kind, _content(text, line.match, kind), line.after_blank)


def _raw_lines(text: str) -> Iterator[_RawLine]:
    end, blank = 0, True
    for match in _LINE.finditer(text):
        gap = text[end : match.start()].replace("\r\n", "\n")
        blank = blank or len(gap) > 1
        end = match.end()
        words = match.group().strip()
        if words:
            yield _RawLine(match, words, blank)
        blank = not words


def _kind(
    line: _RawLine, before: _RawLine | None, after: list[_RawLine], known: set[str]
) -> BlockKind:
    words, following = line.words, after[0] if after else None
    if _RULE.fullmatch(words):
        return BlockKind.RULE
    underline = following.words if following and not following.after_blank else ""
    if _is_heading(words, underline, known) or _stands_as_heading(line, before, following):
        return BlockKind.HEADING
    if _ITEM.match(words):
        return BlockKind.ITEM
    if _is_row(words):
        return BlockKind.COLUMNS if _names_columns(line, before, underline) else BlockKind.ROW
    return BlockKind.PROSE


def _names_columns(line: _RawLine, before: _RawLine | None, underline: str) -> bool:
    """Tell whether a row is the head of a table: above a rule, or first and without a number."""
    if "|" in underline and "-" in underline and _RULE.fullmatch(underline):
        return True
    first = line.after_blank or before is None or not _is_row(before.words)
    return first and _is_row(underline) and not any(map(str.isdigit, line.words))


def _is_row(words: str) -> bool:
    return " | " in words or words.count("|") > 1 or "\t" in words


def _is_heading(words: str, underline: str, known: set[str]) -> bool:
    if _MARKED_HEADING.match(words) or _folded(words) in known:
        return True
    if not _could_be_heading(words):
        return False
    if _UNDERLINE.fullmatch(underline) or _NUMBERED_HEADING.match(words):
        return True
    return words.isupper() and sum(map(str.isalpha, words)) > 3 and not any(map(str.isdigit, words))


def _stands_as_heading(line: _RawLine, before: _RawLine | None, following: _RawLine | None) -> bool:
    """Tell whether a line without marks stands where only a heading stands.

    It is short, alone, after a finished block, and above something that is longer. The items
    of a list without marks fail the last test or follow an unfinished line.
    """
    if not line.after_blank or following is None or not following.after_blank:
        return False
    if not _could_be_heading(line.words) or len(line.words) > STANDING_LENGTH:
        return False
    if not line.words[0].isupper() or len(following.words) <= len(line.words):
        return False
    finished = before is None or before.words.endswith(_ENDS) or " | " in before.words
    return finished and (following.words.endswith(_TERMINAL) or " | " in following.words)


def _could_be_heading(words: str) -> bool:
    marks = words.endswith(_TERMINAL) or "|" in words or "\t" in words
    return len(words) <= HEADING_LENGTH and not marks


def _content(text: str, match: re.Match[str], kind: BlockKind) -> CharSpan:
    start, end = match.span()
    outer = " \t|#" if kind is BlockKind.HEADING else " \t|"
    strip = "" if kind in {BlockKind.PROSE, BlockKind.ITEM} else outer
    while start < end and (text[start].isspace() or text[start] in strip):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in strip):
        end -= 1
    mark = _ITEM.match(text, start, end) if kind is BlockKind.ITEM else None
    return CharSpan(mark.end() if mark else start, end)


def _folded(words: str) -> str:
    return " ".join(words.strip(" #:").casefold().split())
