"""Terms looked up in all parts of the index, and counted for one reader."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from vault.index.postings import Posted, Postings
from vault.index.spelling import near
from vault.index.views import View

_CACHED_TERMS = 4_096

Spread = tuple[Posted | None, ...]
"""The postings of one term in each part."""


class NearTerm(NamedTuple):
    """A term that is spelled almost like another.

    Attributes:
        term: as ``analyse`` gives it.
        slips: letters left out, put in, mistaken or swapped.
        frequency: visible chunks that hold it, at least 1.
    """

    term: str
    slips: int
    frequency: int


class Terms:
    """The terms of the parts of one version of the index.

    Args:
        parts: postings of consecutive runs of documents.
    """

    def __init__(self, parts: Sequence[Postings]) -> None:
        self._parts = parts
        self._spreads: dict[str, Spread] = {}

    def spreads(self, terms: Sequence[str]) -> list[Spread]:
        """Return the postings of each term in each part."""
        known = self._spreads
        new = [term for term in terms if term not in known]
        if not new:
            return [known[term] for term in terms]
        places = [part.terms.places(new) for part in self._parts]
        spreads = {
            term: tuple(
                part.at(found[position]) if found[position] >= 0 else None
                for part, found in zip(self._parts, places, strict=True)
            )
            for position, term in enumerate(new)
        }
        if len(known) + len(spreads) <= _CACHED_TERMS:
            known.update(spreads)
        return [spreads[term] if term in spreads else known[term] for term in terms]

    def posted(self, term: str) -> tuple[Posted, ...]:
        """Return the postings of ``term`` in the parts that have any."""
        return tuple(held for held in self.spreads([term])[0] if held is not None)

    def frequencies(self, terms: Iterable[str], view: View) -> dict[str, int]:
        """Return the visible document frequency of each term that has one, in the given order."""
        asked = list(dict.fromkeys(terms))
        known = view.frequencies
        new = [term for term in asked if term not in known]
        counted = {}
        for term, spread in zip(new, self.spreads(new), strict=True):
            counted[term] = sum(view.count(held.documents) for held in spread if held is not None)
        if len(known) + len(counted) <= _CACHED_TERMS:
            known.update(counted)
        found = ((term, known.get(term) or counted.get(term, 0)) for term in asked)
        return {term: frequency for term, frequency in found if frequency}

    def near(self, word: str, view: View) -> list[NearTerm]:
        """Return visible terms spelled almost like ``word``: fewest slips first, then commonest.

        A term that only hidden documents hold is looked at and left out, so it costs time
        like any neighbour in spelling, but never shows.
        """
        slips = {term: count for part in self._parts for term, count in near(word, part.terms)}
        counted = self.frequencies(slips, view)
        found = (NearTerm(term, slips[term], frequency) for term, frequency in counted.items())
        return sorted(found, key=lambda term: (term.slips, -term.frequency, term.term))
