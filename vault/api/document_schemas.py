"""Documents, revisions and sources as they go over the wire."""

from typing import Self

from pydantic import Field

from vault.api.schemas import Form, LabelOut, Moment
from vault.domain.documents import Revision
from vault.domain.labels import Label
from vault.retrieve.forms import moment_form
from vault.store.documents import KeptDocument

MOST_DOCUMENTS = 1000


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
        return cls(
            revision=revision.id,
            number=revision.number,
            digest=revision.digest,
            text_digest=revision.text_digest,
            captured_at=moment_form(revision.captured_at),
            modified_at=moment_form(revision.modified_at),
            characters=revision.characters,
            chunks=revision.chunk_count,
            pages=revision.pages,
            language=revision.language,
            engine=revision.engine,
            coverage=round(revision.coverage, 4),
        )


class DocumentsQuery(Form):
    """How many documents to list at most."""

    limit: int = Field(default=MOST_DOCUMENTS, ge=1, le=MOST_DOCUMENTS)


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
    captured_at: Moment
    modified_at: Moment
    fresh: bool
    superseded_by: str | None
    revision: RevisionOut | None

    @classmethod
    def of(cls, kept: KeptDocument, *, fresh: bool) -> Self:
        """Return a document, as its reader may see it, as JSON."""
        found = kept.document
        return cls(
            document_id=found.id,
            title=found.title,
            uri=found.uri,
            source=found.source_id,
            media_type=found.media_type,
            state=found.state.value,
            collection=found.access.collection,
            label=label_out(found.access.label),
            owner=found.governance.owner,
            retention=found.governance.retention,
            review_every=found.governance.review_every,
            fresh_for=found.governance.fresh_for,
            captured_at=moment_form(found.captured_at),
            modified_at=moment_form(found.modified_at),
            fresh=fresh,
            superseded_by=found.superseded_by,
            revision=None if found.revision is None else RevisionOut.of(found.revision),
        )


class DocumentsOut(Form):
    """The documents a reader may read, by title."""

    documents: list[DocumentOut]


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


def label_out(label: Label) -> LabelOut:
    """Return a label as JSON."""
    return LabelOut(
        classification=label.classification.word, compartments=sorted(label.compartments)
    )
