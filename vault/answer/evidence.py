"""The choice of the few sentences that together answer a question."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from vault.answer.candidates import Candidate
from vault.answer.wording import wording

MAX_SENTENCES = 3
"""Most sentences of one answer."""

CLOSE = 0.1
"""A further sentence this close to the best one's score is shown beside it."""

HELPFUL = 0.30
"""A further sentence that covers new question terms may score this much below the best."""

ENOUGH = 0.75
"""Coverage of the question from which one sentence needs no continuation."""

NEW_SHARE = 0.15
"""Share of the question's term weight that counts as covering something new."""

ALIKE = 0.92
"""Cosine from which two sentences of the same numbers, names and negation say the same."""

_NOT_WORD = re.compile(r"[\W_]+")


def choose(
    ranked: Sequence[Candidate], weights: Mapping[str, float], *, limit: int = MAX_SENTENCES
) -> tuple[Candidate, ...]:
    """Return one to ``limit`` sentences, best first, none saying what another says.

    The first is the best current one. Where it leaves much of the question uncovered, the
    sentence that goes on from it in the same paragraph follows. A further one is taken when
    it covers question terms that are still uncovered or scores almost as well; of two that
    score alike, the one from a document not yet quoted comes first.

    Args:
        ranked: scored sentences, best first.
        weights: weight of every question term.
        limit: most sentences.
    """
    kept = fold(current(ranked))
    if not kept:
        return ()
    chosen = [kept[0]]
    rest = list(kept[1:])
    following = _continuation(kept[0], rest)
    if following is not None and limit > 1 and kept[0].coverage < ENOUGH:
        chosen.append(following)
        rest.remove(following)
    while rest and len(chosen) < limit:
        fitting = [one for one in rest if _adds(one, chosen, weights)]
        if not fitting:
            break
        best = min(fitting, key=lambda one: _order(one, chosen))
        chosen.append(best)
        rest.remove(best)
    return tuple(chosen)


def current(ranked: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return ``ranked`` without sentences whose replacing document is here as well."""
    here = {one.passage.document_id for one in ranked}
    return tuple(one for one in ranked if one.passage.superseded_by not in here)


def fold(ranked: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return ``ranked`` with each group of sentences that say the same reduced to one.

    The one kept is not superseded, fresh and latest, in this order of importance; it takes
    the place of the group's best.
    """
    groups: list[list[Candidate]] = []
    for one in ranked:
        group = next((group for group in groups if same(group[0], one)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return tuple(min(group, key=_age) for group in groups)


def same(first: Candidate, second: Candidate) -> bool:
    """Tell whether two sentences say the same.

    Likeness of vectors alone is not enough: "5 days" and "10 days" are very much alike.
    """
    if _plain(first.text) == _plain(second.text):
        return True
    if float(np.dot(first.vector, second.vector)) < ALIKE:
        return False
    one, other = wording(first.text), wording(second.text)
    return (one.numbers, one.names, one.negated) == (other.numbers, other.names, other.negated)


def _continuation(best: Candidate, rest: Sequence[Candidate]) -> Candidate | None:
    """Return the sentence that follows the best one in its paragraph, if there is one."""
    after = [
        one
        for one in rest
        if one.passage.chunk_id == best.passage.chunk_id and one.span.start >= best.span.end
    ]
    if not after:
        return None
    nearest = min(after, key=lambda one: one.span.start)
    between = best.passage.text[best.span.end : nearest.span.start]
    return None if between.strip() or "\n" in between else nearest


def _adds(one: Candidate, chosen: Sequence[Candidate], weights: Mapping[str, float]) -> bool:
    distance = chosen[0].score - one.score
    if distance <= CLOSE:
        return True
    covered = frozenset[str]().union(*(earlier.terms for earlier in chosen))
    new = sum(weights[term] for term in one.terms - covered)
    return distance <= HELPFUL and new >= NEW_SHARE * sum(weights.values())


def _order(one: Candidate, chosen: Sequence[Candidate]) -> float:
    quoted = {earlier.passage.document_id for earlier in chosen}
    return -one.score + CLOSE / 2 * (one.passage.document_id in quoted)


def _age(one: Candidate) -> tuple[bool, bool, float]:
    passage = one.passage
    return passage.superseded_by is not None, not passage.fresh, -passage.modified_at.timestamp()


def _plain(text: str) -> str:
    return _NOT_WORD.sub(" ", text.casefold()).strip()
