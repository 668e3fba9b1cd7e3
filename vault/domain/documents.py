"""Documents, their immutable revisions, and the pieces parsing and chunking make of them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vault.domain.labels import AccessLabel
from vault.domain.records import Governance, Validity, last_confirmed


@dataclass(frozen=True, slots=True, order=True)
class CharSpan:
    """A half-open range of code points in a revision's text.

    Source:
        W3C Web Annotation Data Model, text position selector.
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the text this span covers."""
        return text[self.start : self.end]


class ElementKind(StrEnum):
    """What a parser took a piece of text for."""

    TITLE = "title"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list-item"
    TABLE = "table"
    CODE = "code"
    HEADER = "header"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Element:
    """A typed piece a parser found, at its place in the canonical text.

    Attributes:
        kind: what the parser took it for.
        span: its place in the text.
        page: page, slide or sheet number from 1, where the format has one.
        headings: titles above it, outermost first.
        box: left, bottom, right, top in PDF points, where the format has them.
    """

    kind: ElementKind
    span: CharSpan
    page: int | None = None
    headings: tuple[str, ...] = ()
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """Canonical text of one revision with the elements it was joined from.

    Attributes:
        text: elements joined once; every span counts its code points.
        elements: in reading order, not overlapping.
        title: best title found, or empty.
        media_type: what the bytes are, not what their name claims.
        engine: parser that produced the text.
        coverage: share of a second engine's words that the text holds, 0 to 1.
        pages: number of pages, slides or sheets, where the format has them.
        language: ISO 639-1 code, or empty when the text is too short to tell.
        properties: what the file says about itself: ``author``, ``created_at``,
            ``modified_at`` (RFC 3339), ``language``, ``keywords``; it may be wrong.
    """

    text: str
    elements: tuple[Element, ...]
    title: str
    media_type: str
    engine: str
    coverage: float
    pages: int | None = None
    language: str = ""
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """Unit of indexing: a span of the text under one heading path, on one page or more.

    ``text`` is what the span covers; the headings are context for the embedder only.
    """

    ordinal: int
    span: CharSpan
    text: str
    headings: tuple[str, ...] = ()
    page: int | None = None


class DocumentState(StrEnum):
    """Where a document is in its life."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    QUARANTINED = "quarantined"
    DELETED = "deleted"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Revision:
    """One immutable state of a document.

    Attributes:
        id: random id.
        number: 1 for the first.
        digest: ``sha256:`` of the bytes the source gave.
        text_digest: ``sha256:`` of the canonical text in UTF-8.
    """

    id: str
    document_id: str
    number: int
    digest: str
    text_digest: str
    captured_at: datetime
    modified_at: datetime
    characters: int
    chunk_count: int
    engine: str
    coverage: float
    pages: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A thing with identity through time, and the rules it is kept under."""

    id: str
    source_id: str
    uri: str
    title: str
    media_type: str
    state: DocumentState
    access: AccessLabel
    governance: Governance
    captured_at: datetime
    modified_at: datetime
    revision: Revision | None = None
    superseded_by: str | None = None
    verified_at: datetime | None = None
    validity: Validity = field(default_factory=Validity)

    @property
    def confirmed_at(self) -> datetime:
        """When its text was last known to hold: its last change, or its owner's word."""
        return last_confirmed(self.modified_at, self.verified_at)
