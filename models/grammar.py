"""Bounds on what a generator may write, free of any backend's notation."""

import re
import unicodedata
from dataclasses import dataclass

# White space, a character of a script that is written without it, or a run of anything else.
_RUN = re.compile(
    r"\s+|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
_BRACKETS_AND_QUOTES = frozenset({"Ps", "Pe", "Pi", "Pf"})
_STOPS = frozenset(".,;:!?\"'\u2026\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f")


@dataclass(frozen=True, slots=True)
class SpanGrammar:
    """Any run of whole words copied from one of ``texts``, character for character.

    The run may begin or end with white space or punctuation of the text.

    Raises:
        ValueError: there is no text to copy from.
    """

    texts: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.texts or not all(text.strip() for text in self.texts):
            raise ValueError("a span needs text to copy from")


@dataclass(frozen=True, slots=True)
class RegexGrammar:
    """Any text that ``pattern`` matches from beginning to end.

    The dialect is Rust's ``regex`` without anchors, look-around or back-references.
    """

    pattern: str


Grammar = SpanGrammar | RegexGrammar


def words(text: str) -> list[str]:
    """Return ``text`` cut into words, punctuation around words, and white space.

    Joined again the parts are the text. Punctuation inside a word stays inside: a span may
    be cut before ``3.50``, ``1,000`` or ``don't`` but never within one of them.
    """
    return [part for run in _RUN.findall(text) for part in _detach(run)]


def _detach(run: str) -> list[str]:
    first, last = 0, len(run)
    while first < last and _stands_apart(run[first]):
        first += 1
    while last > first and _stands_apart(run[last - 1]):
        last -= 1
    return [part for part in (*run[:first], run[first:last], *run[last:]) if part]


def _stands_apart(character: str) -> bool:
    return character in _STOPS or unicodedata.category(character) in _BRACKETS_AND_QUOTES
