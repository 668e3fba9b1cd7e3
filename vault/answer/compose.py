"""The verified evidence of one answer: chosen, contradicted where it is, found again, numbered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vault.answer.candidates import Candidate
from vault.answer.cite import SpanReader, cite
from vault.answer.conflicts import conflicts, opponents
from vault.answer.evidence import choose, current
from vault.domain.evidence import AnswerSentence, Citation, Conflict
from vault.domain.labels import Label, join_all


@dataclass(frozen=True, slots=True)
class Composition:
    """Evidence that was found again in its source.

    Attributes:
        citations: numbered from 1, best first.
        conflicts: pairs of citations that contradict each other.
    """

    citations: tuple[Citation, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def label(self) -> Label:
        """Least label above every quoted passage."""
        return join_all(citation.passage.label for citation in self.citations)

    @property
    def stale(self) -> bool:
        """Whether no quoted passage is fresh."""
        return not any(citation.passage.fresh for citation in self.citations)

    @property
    def sentences(self) -> tuple[AnswerSentence, ...]:
        """The quotes themselves as sentences, each with its citation."""
        return tuple(AnswerSentence(one.quote, (one.n,)) for one in self.citations)


def compose(
    ranked: Sequence[Candidate],
    weights: Mapping[str, float],
    *,
    read_span: SpanReader,
    limit: int,
) -> Composition:
    """Return the evidence of an answer, empty when nothing could be found again.

    A sentence whose source no longer holds it is dropped, and the choice is made anew as
    if it had never been retrieved. A sentence that contradicts the best one is quoted too.

    Args:
        ranked: scored sentences, best first.
        weights: weight of every question term.
        read_span: reads the store for the caller.
        limit: most sentences, contradicting ones not counted.
    """
    left = list(ranked)
    while True:
        chosen = _chosen(left, weights, limit)
        cited = [cite(one, n=n, read_span=read_span) for n, one in enumerate(chosen, start=1)]
        lost = {id(one) for one, citation in zip(chosen, cited, strict=True) if citation is None}
        if not lost:
            found = tuple(citation for citation in cited if citation is not None)
            return Composition(found, conflicts(list(enumerate(chosen, start=1))))
        left = [one for one in left if id(one) not in lost]


def _chosen(
    ranked: Sequence[Candidate], weights: Mapping[str, float], limit: int
) -> tuple[Candidate, ...]:
    chosen = choose(ranked, weights, limit=limit)
    if not chosen:
        return ()
    against = opponents(chosen[0], current(ranked))
    first, rest = chosen[0], [one for one in chosen[1:] if one not in against]
    return (first, *against, *rest)
