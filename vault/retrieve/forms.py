"""The public JSON shape of a passage, as every edge gives it out."""

from datetime import UTC, datetime

from vault.domain.documents import CharSpan
from vault.domain.evidence import SCORE_DIGITS, Neighbour, Passage
from vault.domain.labels import Classification, Label
from vault.domain.questions import Filters, Understanding


def past_form(at: datetime | None) -> dict[str, object]:
    """Return which past state was asked about, as every response says it; null for now."""
    return {"at": None if at is None else moment_form(at)}


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
        "owner": passage.owner,
        "verified_at": moment_form(passage.verified_at or passage.modified_at),
        "valid_until": None if passage.valid_until is None else moment_form(passage.valid_until),
    }


def hit_form(passage: Passage, *, explain: bool = False) -> dict[str, object]:
    """Return a passage as a search hit; ``explain`` adds every term of its score."""
    return passage_form(passage) | {
        "span": span_form(passage.span),
        "text": passage.text,
        "headings": list(passage.headings),
        "score": round(passage.score, SCORE_DIGITS),
        "scores": {
            name: round(value, SCORE_DIGITS) for name, value in sorted(passage.scores.items())
        },
        "folded": passage.folded,
        "explanation": explanation_form(passage) if explain else None,
        "context": context_form(passage),
    }


def explanation_form(passage: Passage) -> dict[str, object]:
    """Return how a score came about: its terms, which add up to it, and who found the hit."""
    return {
        "found_by": [name for name in ("dense", "lexical") if name in passage.scores],
        "terms": [
            {
                "name": term.name,
                "weight": round(term.weight, SCORE_DIGITS),
                "value": round(term.value, SCORE_DIGITS),
                "raw": None if term.raw is None else round(term.raw, SCORE_DIGITS),
                "contribution": term.contribution,
            }
            for term in passage.terms
        ],
    }


def context_form(passage: Passage) -> dict[str, object] | None:
    """Return the chunks around a hit, or None where they were not asked for."""
    around = passage.surroundings
    if around is None:
        return None
    return {
        "before": [_neighbour_form(one) for one in around.before],
        "after": [_neighbour_form(one) for one in around.after],
    }


def filters_form(filters: Filters) -> dict[str, object]:
    """Return the filters that narrow anything."""
    return {name: _plain(value) for name, value in filters.given.items()}


def understanding_form(meant: Understanding) -> dict[str, object]:
    """Return what was made of a question's words; null where nothing was."""
    read = filters_form(meant.understood)
    return {
        "understood": {"filters": read, "words": meant.words} if read else None,
        "spelling": [{"from": one.word, "to": one.meant} for one in meant.spelling],
        "rewritten": meant.rewritten,
    }


def _neighbour_form(neighbour: Neighbour) -> dict[str, object]:
    return {
        "span": span_form(neighbour.span),
        "text": neighbour.text,
        "page": neighbour.page,
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return moment_form(value)
    return value.word if isinstance(value, Classification) else value
