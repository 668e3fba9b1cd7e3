"""Sources that contradict each other about the question, told side by side and never blended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vault.answer.candidates import Candidate
from vault.answer.quantities import quantities, without_quantities
from vault.answer.wording import wording
from vault.domain.evidence import Conflict

NEAR = 0.30
"""A sentence scoring further than this below the best one is not about the question."""

SHARED_TERMS = 0.5
"""Least Jaccard overlap of terms, numbers aside, of two sentences about one thing."""

SHARED_WHEN_NEGATED = 0.7
"""The same where only a negation differs."""

SAME_COVERAGE = 0.2
"""Most difference in how much of the question two opposing sentences cover."""


@dataclass(frozen=True, slots=True)
class _Claim:
    terms: frozenset[str]
    names: frozenset[str]
    negated: bool
    numbers: Mapping[str, Mapping[str, str]]


def opponents(
    best: Candidate, ranked: Sequence[Candidate], *, limit: int = 1
) -> tuple[Candidate, ...]:
    """Return up to ``limit`` sentences of other documents that contradict ``best``."""
    near = (one for one in ranked if best.score - one.score <= NEAR)
    found = [one for one in near if explain(best, one)]
    return tuple(found[:limit])


def conflicts(cited: Sequence[tuple[int, Candidate]]) -> tuple[Conflict, ...]:
    """Return each pair of cited sentences that contradict each other.

    Args:
        cited: citation numbers and their sentences.
    """
    found = []
    for position, (n, one) in enumerate(cited):
        for m, other in cited[position + 1 :]:
            explanation = explain(one, other)
            if explanation:
                found.append(Conflict((n, m), explanation))
    return tuple(found)


def explain(one: Candidate, other: Candidate) -> str:
    """Return in a sentence how two sentences contradict each other, or an empty string.

    They must stand in different current documents, cover the same part of the question,
    share most of their terms and name the same names. Then either exactly one kind of
    quantity has other values, or only a negation tells them apart.
    """
    if one.passage.document_id == other.passage.document_id:
        return ""
    if one.passage.superseded_by or other.passage.superseded_by:
        return ""
    if one.terms != other.terms and abs(one.coverage - other.coverage) > SAME_COVERAGE:
        return ""
    return _difference(_claim(one.text), _claim(other.text))


def _difference(one: _Claim, other: _Claim) -> str:
    if one.names - other.names and other.names - one.names:
        return ""
    overlap = len(one.terms & other.terms) / max(1, len(one.terms | other.terms))
    if one.negated != other.negated:
        same_numbers = _values(one) == _values(other)
        negated = overlap >= SHARED_WHEN_NEGATED and same_numbers
        return "One source denies what the other states." if negated else ""
    if overlap < SHARED_TERMS:
        return ""
    differing = [
        unit
        for unit in sorted(one.numbers.keys() & other.numbers.keys())
        if one.numbers[unit].keys() != other.numbers[unit].keys()
    ]
    if len(differing) != 1:
        return ""
    first, second = (claim.numbers[differing[0]] for claim in (one, other))
    if first.keys() & second.keys():
        return ""
    one_says, other_says = (
        ", ".join(values[key] for key in sorted(values)) for values in (first, second)
    )
    return f"The sources give different values: {one_says} and {other_says}."


def _values(claim: _Claim) -> dict[str, frozenset[str]]:
    return {unit: frozenset(values) for unit, values in claim.numbers.items()}


def _claim(text: str) -> _Claim:
    words = wording(text)
    numbers: dict[str, dict[str, str]] = {}
    for quantity in quantities(text):
        numbers.setdefault(quantity.kind, {})[quantity.value] = quantity.text
    terms = wording(without_quantities(text)).terms
    return _Claim(terms, words.names, words.negated, numbers)
