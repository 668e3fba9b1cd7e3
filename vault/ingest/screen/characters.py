"""Characters that a person does not see, or takes for others."""

import re
import unicodedata
from collections.abc import Iterator

from vault.domain.documents import CharSpan
from vault.domain.findings import Finding, FindingKind

_TAGS = re.compile("[\U000e0000-\U000e007f]+")
"""Invisible copies of ASCII. A flag of a region ends in a few of them, after a black flag."""
_FLAG = "\U0001f3f4"
_OVERRIDES = re.compile("[\u202d\u202e]")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}")
_INVISIBLE = re.compile(
    "(?<=[A-Za-z])[\u200b\u200c\u200d\u2060\u2062-\u2064\ufeff\u00ad]+(?=[A-Za-z])"
)
_SOFT_HYPHEN = "\u00ad"
FEW_INVISIBLE = 3
"""A copied web page has one or two; a hidden message has one after nearly every letter."""
_WORD = re.compile(r"[^\W\d_]{3,}")
FEW_LOOKALIKES = 2
_LATIN, _FOREIGN = "LATIN", ("CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN")
_SCIENCE = frozenset("µμΩΔΣ∑αβγδεζηθκλξπσφχψω")
"""Letters that units and formulas put beside Latin ones."""


def hidden_text(text: str) -> Iterator[Finding]:
    """Yield runs of characters that show nothing and may carry a message."""
    if text.isascii():
        return
    for match in _TAGS.finditer(text):
        if text[match.start() - 1 : match.start()] != _FLAG:
            yield _hidden(match, "tag-characters")
    for name, rule in (("direction-override", _OVERRIDES), ("selector-run", _SELECTORS)):
        for match in rule.finditer(text):
            yield _hidden(match, name)
    found = [match for match in _INVISIBLE.finditer(text) if match[0] != _SOFT_HYPHEN]
    if len(found) > FEW_INVISIBLE:
        yield from (_hidden(match, "zero-width") for match in found)


def lookalikes(text: str) -> Iterator[Finding]:
    """Yield words in which letters of another script stand among Latin ones.

    Source:
        Unicode Technical Standard 39, section 5 (mixed-script detection).
    """
    if text.isascii():
        return
    found = [match for match in _WORD.finditer(text) if _mixed(match[0])]
    if len({match[0].casefold() for match in found}) >= FEW_LOOKALIKES:
        for match in found:
            yield Finding(FindingKind.LOOKALIKES, CharSpan(*match.span()), "mixed-script")


def _hidden(match: re.Match[str], rule: str) -> Finding:
    return Finding(FindingKind.HIDDEN_TEXT, CharSpan(*match.span()), rule)


def _mixed(word: str) -> bool:
    if word.isascii():
        return False
    scripts = {
        unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter not in _SCIENCE
    }
    return _LATIN in scripts and any(script in scripts for script in _FOREIGN)
