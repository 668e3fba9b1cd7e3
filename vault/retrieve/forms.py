"""The public JSON shape of a passage, as every edge gives it out."""

from datetime import UTC, datetime

from vault.domain.documents import CharSpan
from vault.domain.evidence import Passage
from vault.domain.labels import Label

SCORE_DIGITS = 6
"""Scores are rounded so that arithmetic noise cannot tell one vault from another."""


def moment_form(moment: datetime) -> str:
    """Return a time as RFC 3339 text in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def label_form(label: Label) -> dict[str, object]:
    """Return a label as JSON."""
    return {
        "classification": label.classification.word,
        "compartments": sorted(label.compartments),
    }


def span_form(span: CharSpan) -> dict[str, int]:
    """Return a span as JSON, counted in code points of the revision's text."""
    return {"start": span.start, "end": span.end}


def passage_form(passage: Passage) -> dict[str, object]:
    """Return what a caller may know of a passage, without its text and scores."""
    return {
        "document_id": passage.document_id,
        "title": passage.title,
        "uri": passage.uri,
        "revision": passage.revision,
        "page": passage.page,
        "label": label_form(passage.label),
        "modified_at": moment_form(passage.modified_at),
        "fresh": passage.fresh,
        "superseded_by": passage.superseded_by,
    }


def hit_form(passage: Passage) -> dict[str, object]:
    """Return a passage as a search hit."""
    return passage_form(passage) | {
        "span": span_form(passage.span),
        "text": passage.text,
        "headings": list(passage.headings),
        "score": round(passage.score, SCORE_DIGITS),
        "scores": {
            name: round(value, SCORE_DIGITS) for name, value in sorted(passage.scores.items())
        },
    }
