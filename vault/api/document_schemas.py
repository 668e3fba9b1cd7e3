"""Documents, revisions and sources as they go over the wire."""

from datetime import datetime
from typing import Self

from pydantic import Field

from vault.api.schemas import Form, LabelOut, Moment
from vault.domain.documents import Revision
from vault.lifecycle.forms import document_form, revision_form
from vault.lifecycle.pages import LONGEST_PLACE, MOST_ON_A_PAGE, PLACE_PATTERN
from vault.store.documents import KeptDocument


class RevisionOut(Form):
    """One immutable state of a document; digests are of the bytes and of the text in UTF-8."""

    revision: str
    number: int = Field(ge=1)
    digest: str
    text_digest: str
    captured_at: Moment
    modified_at: Moment
    characters: int
    chunks: int
    pages: int | None
    language: str
    engine: str
    coverage: float

    @classmethod
    def of(cls, revision: Revision) -> Self:
        """Return a revision as JSON."""
        return cls.model_validate(revision_form(revision))


class DocumentsQuery(Form):
    """How many documents to list at most, and after which earlier page."""

    limit: int = Field(default=MOST_ON_A_PAGE, ge=1, le=MOST_ON_A_PAGE)
    after: str | None = Field(default=None, pattern=PLACE_PATTERN, max_length=LONGEST_PLACE)


class TextQuery(Form):
    """Which revision is meant; the current one by default."""

    revision: str | None = Field(default=None, max_length=128)


class DocumentOut(Form):
    """One document, the rules it is kept under and its current revision."""

    document_id: str
    title: str
    uri: str
    source: str
    media_type: str
    state: str
    collection: str
    label: LabelOut
    owner: str
    retention: str | None
    review_every: str | None
    fresh_for: str | None
    record_class: str | None
    valid_from: Moment | None
    valid_until: Moment | None
    expired: bool
    captured_at: Moment
    modified_at: Moment
    verified_at: Moment | None
    fresh: bool
    superseded_by: str | None
    revision: RevisionOut | None

    @classmethod
    def of(cls, kept: KeptDocument, *, now: datetime) -> Self:
        """Return a document, as its reader may see it, as JSON."""
        return cls.model_validate(document_form(kept, now=now))


class DocumentsOut(Form):
    """Documents a reader may read, by title; ``next`` is the ``after`` of the page to come."""

    documents: list[DocumentOut]
    next: str | None


class RevisionsOut(Form):
    """Every revision of a document, oldest first."""

    document_id: str
    revisions: list[RevisionOut]


class SourceOut(Form):
    """A source, as its owner sees it."""

    name: str
    connector: str
    owner: str
    retention: str | None
    review_every: str | None
    fresh_for: str | None
    synced_at: Moment | None
    dead_letters: int


class SourcesOut(Form):
    """The sources that a principal owns."""

    sources: list[SourceOut]
