"""Words that nothing visible holds, and the one visible word each was probably meant to be."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Protocol

from vault.index.analysis import analyse
from vault.index.terms import NearTerm

SHORTEST = 4
"""Letters below which a word has too many neighbours to tell what was meant."""
OFTEN = 2
"""Visible chunks that must hold a word before it is proposed."""


class Vocabulary(Protocol):
    """The terms of the chunks one subject may read; it knows of no others."""

    def frequency(self, term: str) -> int:
        """Return how many visible chunks hold ``term``."""
        ...

    def near(self, term: str) -> Sequence[NearTerm]:
        """Return the visible terms within a slip or two of ``term``."""
        ...


_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")


def misspelt(text: str, known: Container[str], vocabulary: Vocabulary) -> dict[str, str]:
    """Return, for each word of ``text`` that was misspelt, the term it was meant to be.

    A word counts as misspelt if no visible chunk holds it and exactly one visible term that
    several hold is nearest to it. Words with digits and words in capitals are left alone.

    Args:
        text: cleaned words.
        known: the terms of ``text`` that some visible chunk holds.
        vocabulary: the subject's own.
    """
    found = {}
    for word in dict.fromkeys(match[0] for match in _WORD.finditer(text)):
        terms = analyse(word)
        if len(terms) != 1 or terms[0] in known or len(word) < SHORTEST or word.isupper():
            continue
        near = _near(word.casefold(), terms[0], vocabulary)
        frequent = [term for term in near if term.frequency >= OFTEN]
        fewest = min((term.slips for term in frequent), default=0)
        meant = [term.term for term in frequent if term.slips == fewest]
        if len(meant) == 1:
            found[word] = meant[0]
    return found


def _near(word: str, term: str, vocabulary: Vocabulary) -> list[NearTerm]:
    """Return the terms near that of a word, and those of the words near the word itself.

    The endings of English words are cut off before they are compared, and a slip in an
    ending changes what is cut: so the word's own slips are undone too.
    """
    found = {one.term: one for one in vocabulary.near(term)}
    for variant in dict.fromkeys(_undone(word)):
        for other in analyse(variant)[:1]:
            if other not in found and (frequency := vocabulary.frequency(other)):
                found[other] = NearTerm(other, 1, frequency)
    return list(found.values())


def _undone(word: str) -> Iterator[str]:
    """Yield ``word`` without each letter but the first, and with each two of them swapped."""
    for place in range(1, len(word)):
        yield word[:place] + word[place + 1 :]
    for place in range(1, len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def written(term: str, texts: Sequence[str]) -> str | None:
    """Return the commonest word of ``texts`` whose term is ``term``, or None.

    The index keeps stems, people read words; so the word comes from passages that the
    subject may read.
    """
    counts: dict[str, int] = {}
    for text in texts:
        for match in _WORD.finditer(text):
            word = match[0].casefold()
            if analyse(word) == [term]:
                counts[word] = counts.get(word, 0) + 1
    return min(counts, key=lambda word: (-counts[word], word), default=None)


def corrected(text: str, changes: Mapping[str, str]) -> str:
    """Return ``text`` with every word that is a key of ``changes`` replaced by its value."""
    return _WORD.sub(lambda match: changes.get(match[0], match[0]), text)
