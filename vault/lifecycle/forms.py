"""The public JSON shape of a document, as every edge gives it out."""

from datetime import datetime

from vault.domain.documents import Revision
from vault.domain.records import is_fresh
from vault.retrieve.forms import label_form, moment_form
from vault.store.documents import KeptDocument

COVERAGE_DIGITS = 4


def document_form(kept: KeptDocument, *, now: datetime) -> dict[str, object]:
    """Return a document, the rules it is kept under and its current revision.

    Who else may read it is not part of it.

    Args:
        kept: the document as its reader may see it.
        now: the moment at which it is fresh or is not.
    """
    found, rules = kept.document, kept.document.governance
    return {
        "document_id": found.id,
        "title": found.title,
        "uri": found.uri,
        "source": found.source_id,
        "media_type": found.media_type,
        "state": found.state.value,
        "collection": found.access.collection,
        "label": label_form(found.access.label),
        "owner": rules.owner,
        "retention": rules.retention,
        "review_every": rules.review_every,
        "fresh_for": rules.fresh_for,
        "record_class": rules.record_class,
        "valid_from": _moment(found.validity.starts),
        "valid_until": _moment(found.validity.ends),
        "expired": found.validity.expired(now),
        "captured_at": moment_form(found.captured_at),
        "modified_at": moment_form(found.modified_at),
        "verified_at": None if found.verified_at is None else moment_form(found.verified_at),
        "fresh": is_fresh(rules, modified_at=found.confirmed_at, now=now),
        "superseded_by": found.superseded_by,
        "revision": None if found.revision is None else revision_form(found.revision),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment_form(moment)


def revision_form(revision: Revision) -> dict[str, object]:
    """Return one immutable state of a document, without its text."""
    return {
        "revision": revision.id,
        "number": revision.number,
        "digest": revision.digest,
        "text_digest": revision.text_digest,
        "captured_at": moment_form(revision.captured_at),
        "modified_at": moment_form(revision.modified_at),
        "characters": revision.characters,
        "chunks": revision.chunk_count,
        "pages": revision.pages,
        "language": revision.language,
        "engine": revision.engine,
        "coverage": round(revision.coverage, COVERAGE_DIGITS),
    }
