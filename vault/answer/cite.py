"""Citations: quotes that were found again, at their place, in the source."""

from typing import Protocol

from vault.answer.candidates import Candidate
from vault.domain.documents import CharSpan
from vault.domain.errors import NotFoundError
from vault.domain.evidence import Citation, Passage


class SpanReader(Protocol):
    """Reads stored text for the caller of this request."""

    def __call__(self, document_id: str, revision: str, span: CharSpan) -> str:
        """Return what ``span`` covers in the canonical text of a revision.

        Raises:
            NotFoundError: the revision is gone, or the caller may not read it any more.
        """
        ...


def cite(candidate: Candidate, *, n: int, read_span: SpanReader) -> Citation | None:
    """Return citation ``n`` of a sentence, or None when the source does not hold it there.

    The span counts code points of the revision's text, and the text read back must equal
    the quote code point for code point; an index out of step with the store, a revoked
    right and an erased document all end here.

    Source:
        W3C Web Annotation Data Model, text quote and text position selectors.
    """
    passage = candidate.passage
    start = passage.span.start + candidate.span.start
    span = CharSpan(start, start + len(candidate.text))
    within = candidate.span.start >= 0 and span.end <= passage.span.end
    if not (within and candidate.text and _reads(passage, span, candidate.text, read_span)):
        return None
    return Citation(n=n, passage=passage, span=span, quote=candidate.text)


def stands(passage: Passage, read_span: SpanReader) -> bool:
    """Tell whether the store still holds the whole passage for this caller."""
    return _reads(passage, passage.span, passage.text, read_span)


def _reads(passage: Passage, span: CharSpan, text: str, read_span: SpanReader) -> bool:
    try:
        return read_span(passage.document_id, passage.revision, span) == text
    except NotFoundError:
        return False
