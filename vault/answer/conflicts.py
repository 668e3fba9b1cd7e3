"""Sources that contradict each other about the question, told side by side and never blended."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vault.answer.candidates import Candidate
from vault.answer.wording import number_form, wording
from vault.answer.words import MONTHS
from vault.domain.evidence import Conflict
from vault.index.analysis import analyse

NEAR = 0.30
"""A sentence scoring further than this below the best one is not about the question."""

SHARED_TERMS = 0.5
"""Least Jaccard overlap of terms, numbers aside, of two sentences about one thing."""

SHARED_WHEN_NEGATED = 0.7
"""The same where only a negation differs."""

SAME_COVERAGE = 0.2
"""Most difference in how much of the question two opposing sentences cover."""

_QUANTITY = re.compile(
    r"(?P<money>[£$€¥]|\b(?:GBP|USD|EUR|CHF)\s?)?\s?"
    r"(?P<number>(?<![\w.,-])\d+(?:[.,]\d+)*)"
    r"[\s-]?(?P<unit>%|[£$€¥]|°|[^\W\d_]+)?"
)


@dataclass(frozen=True, slots=True)
class _Claim:
    terms: frozenset[str]
    names: frozenset[str]
    negated: bool
    quantities: Mapping[str, frozenset[str]]


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
        same_quantities = one.quantities == other.quantities
        negated = overlap >= SHARED_WHEN_NEGATED and same_quantities
        return "One source denies what the other states." if negated else ""
    if overlap < SHARED_TERMS:
        return ""
    differing = [
        unit
        for unit in sorted(one.quantities.keys() & other.quantities.keys())
        if one.quantities[unit] != other.quantities[unit]
    ]
    if len(differing) != 1 or one.quantities[differing[0]] & other.quantities[differing[0]]:
        return ""
    first, second = (sorted(claim.quantities[differing[0]]) for claim in (one, other))
    unit = f" ({differing[0]})" if differing[0] else ""
    return f"The sources give different values{unit}: {', '.join(first)} and {', '.join(second)}."


def _claim(text: str) -> _Claim:
    words = wording(text)
    plain = _QUANTITY.sub(lambda match: f" {match['unit'] or ''} ", text)
    return _Claim(frozenset(analyse(plain)), words.names, words.negated, _quantities(text))


def _quantities(text: str) -> dict[str, frozenset[str]]:
    """Return the numbers of ``text`` by what they count."""
    found: dict[str, set[str]] = {}
    for match in _QUANTITY.finditer(text):
        found.setdefault(_unit(match), set()).add(number_form(match["number"]))
    return {unit: frozenset(numbers) for unit, numbers in found.items()}


def _unit(match: re.Match[str]) -> str:
    if match["money"]:
        return match["money"].strip()
    unit = (match["unit"] or "").casefold()
    if unit in MONTHS:
        return "date"
    if re.fullmatch(r"(?:1[89]|20|21)\d\d", match["number"]):
        return "year"
    return (analyse(unit) or [unit if unit in "%£$€¥°" else ""])[0]
