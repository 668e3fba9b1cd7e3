"""Tells whether two passages say nearly the same in nearly the same words."""

import re
from collections import Counter
from dataclasses import dataclass

NEAR = 0.9
"""Share of common words from which two passages may count as one."""
IN_ORDER = 0.8
"""Share of common runs of words from which they do; one word more or less breaks three runs."""
RUN = 3
"""Words of one run."""

_WORD = re.compile(r"\w+")
_DENYING = """
no not never none neither nor without cannot except unless
nicht kein keine keinen keinem keiner nie niemals ohne außer
ni nunca sin excepto salvo pas ne jamais sans sauf aucun aucune
"""
_DENIALS = frozenset(_DENYING.split())
"""Words that turn a sentence into its contrary."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one passage, prepared for comparison.

    Attributes:
        text: as it stands.
        words: in order, case-folded, without punctuation.
    """

    text: str
    words: tuple[str, ...]


def wording(text: str) -> Wording:
    """Return the words of ``text``."""
    return Wording(text, tuple(_WORD.findall(text.casefold())))


def alike(first: Wording, second: Wording) -> bool:
    """Tell whether two passages are copies but for details that change no statement.

    Their numbers, names and denials must be the same in the same order: "25 days" and
    "28 days" in one sentence are two statements, and a reader must see both.

    Source:
        Broder, "On the resemblance and containment of documents", 1997 (shingles); compared
        exactly here, because candidates are few.
    """
    if first.words == second.words:
        return True
    shorter, longer = sorted((len(first.words), len(second.words)))
    if shorter < RUN or shorter < NEAR * longer:
        return False
    common = (Counter(first.words) & Counter(second.words)).total()
    if common < NEAR * longer or _telling(first.text) != _telling(second.text):
        return False
    one, other = _runs(first.words), _runs(second.words)
    return len(one & other) >= IN_ORDER * len(one | other)


def _telling(text: str) -> list[str]:
    """Return numbers, names and denials, in order: what may not differ between copies."""
    return [word for word in _WORD.findall(text) if _tells(word)]


def _tells(word: str) -> bool:
    return word[0].isupper() or not word.isalpha() or word in _DENIALS


def _runs(words: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(words[start:] for start in range(RUN)), strict=False))
