"""Whether a free sentence says only what its quotes say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from vault.answer.vectors import SentenceVectors, Vectors
from vault.answer.wording import Wording, wording, words_in
from vault.domain.evidence import Citation

CONTAINED = 0.85
"""Least share of a sentence's terms that its quotes hold."""

LIKENESS = 0.55
"""Least cosine of a sentence and the nearest of its quotes."""

ENTAILED = 0.5
"""Least score of an entailment model, where one is installed."""

Entailment = Callable[[str, str], float]
"""Maps a quote and a sentence to the chance, 0 to 1, that the quote implies the sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Quote:
    """A verified citation as the check reads it."""

    citation: Citation
    wording: Wording
    words: frozenset[str]
    vector: Vectors


class SupportCheck:
    """Finds the quotes that carry a sentence, or refuses it.

    The rules see words, not meaning: they catch foreign terms, numbers, names and a turned
    negation, and cannot see swapped roles. So the quotes are always shown beside it.

    Args:
        citations: verified citations the sentence may rest on.
        vectors: where vectors come from.
        entails: optional entailment model.
    """

    def __init__(
        self,
        citations: Sequence[Citation],
        vectors: SentenceVectors,
        *,
        entails: Entailment | None = None,
    ) -> None:
        self._vectors = vectors
        self._entails = entails
        rows = vectors.sentences([citation.quote for citation in citations])
        self._quotes = [
            Quote(one, wording(one.quote), words_in(one.quote), row)
            for one, row in zip(citations, rows, strict=True)
        ]

    def carriers(self, sentence: str) -> tuple[int, ...]:
        """Return the numbers of the fewest quotes that carry ``sentence``; empty refuses it."""
        claim = wording(sentence)
        if not claim.terms:
            return ()
        chosen = self._covering(claim)
        held = frozenset[str]().union(*(quote.wording.terms for quote in chosen))
        if len(claim.terms & held) < CONTAINED * len(claim.terms) or not claim.opening <= held:
            return ()
        if not _within(claim, chosen) or not self._means(sentence, chosen):
            return ()
        return tuple(sorted(quote.citation.n for quote in chosen))

    def _covering(self, claim: Wording) -> list[Quote]:
        """Return quotes that add terms of the claim, greedily, most helpful first."""
        chosen: list[Quote] = []
        missing = set(claim.terms)
        rest = list(self._quotes)
        while rest and missing:
            best = max(rest, key=lambda quote: len(missing & quote.wording.terms))
            if not missing & best.wording.terms:
                break
            chosen.append(best)
            rest.remove(best)
            missing -= best.wording.terms
        return chosen

    def _means(self, sentence: str, chosen: Sequence[Quote]) -> bool:
        row = self._vectors.sentences([sentence])[0]
        if max(float(np.dot(quote.vector, row)) for quote in chosen) < LIKENESS:
            return False
        if self._entails is None:
            return True
        together = " ".join(quote.citation.quote for quote in chosen)
        return self._entails(together, sentence) >= ENTAILED


def _within(claim: Wording, chosen: Sequence[Quote]) -> bool:
    """Tell whether the claim's numbers and names stand in the quotes, and its negation in each."""
    numbers = frozenset[str]().union(*(quote.wording.numbers for quote in chosen))
    words = frozenset[str]().union(*(quote.words for quote in chosen))
    alike = all(quote.wording.negated is claim.negated for quote in chosen)
    return claim.numbers <= numbers and claim.names <= words and alike
