"""Which of the candidates are shown, in which order: copies folded, documents taking turns."""

from collections.abc import Sequence
from dataclasses import replace
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from vault.domain.evidence import Passage, ScoreTerm, total
from vault.retrieve.duplicates import Wording, alike, wording

FROM_ONE_DOCUMENT = 3
"""Hits from one document that come without a cost."""
DIVERSITY_WEIGHT = 0.15
"""What each further one of the same document costs, up to ``MOST_COSTS`` of them."""
MOST_COSTS = 4


class _Kept(NamedTuple):
    passage: Passage
    wording: Wording


def select(passages: Sequence[Passage], *, limit: int) -> list[Passage]:
    """Return the best ``limit`` passages by falling score, equal ones by chunk id.

    A passage with nearly the words of a better one is folded into it and counted there. Hits
    from one document beyond the third pay a little for each one before them, so that another
    document's near equal comes first; the cost is bounded and is a term of the score.

    Args:
        passages: candidates in any order; their scores are what their terms add up to.
        limit: at least 0.
    """
    waiting = [(_place(passage), passage) for passage in passages]
    heapify(waiting)
    shown: dict[str, int] = {}
    kept: list[_Kept] = []
    while waiting and len(kept) < limit:
        place, passage = heappop(waiting)
        costed = _costed(passage, shown)
        if _place(costed) > place:
            heappush(waiting, (_place(costed), passage))
        elif not _folded(words := wording(passage.text), kept):
            kept.append(_Kept(costed, words))
            shown[passage.document_id] = shown.get(passage.document_id, 0) + 1
    return [one.passage for one in kept]


def _folded(words: Wording, kept: list[_Kept]) -> bool:
    """Count a passage at a kept one with nearly its words; tell whether there is one."""
    twin = next((place for place, one in enumerate(kept) if alike(one.wording, words)), None)
    if twin is not None:
        first = kept[twin].passage
        kept[twin] = kept[twin]._replace(passage=replace(first, folded=first.folded + 1))
    return twin is not None


def _costed(passage: Passage, shown: dict[str, int]) -> Passage:
    further = min(MOST_COSTS, shown.get(passage.document_id, 0) - FROM_ONE_DOCUMENT + 1)
    if further <= 0:
        return passage
    terms = (*passage.terms, ScoreTerm("diversity", DIVERSITY_WEIGHT, -float(further)))
    return replace(passage, terms=terms, score=total(terms))


def _place(passage: Passage) -> tuple[float, int]:
    return -passage.score, passage.chunk_id
