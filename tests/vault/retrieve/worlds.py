"""Documents of many kinds in a real home, and hits that need none."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from models.base import Embedder
from vault.bootstrap import Vault
from vault.domain.documents import CharSpan, Chunk, ParsedDocument
from vault.domain.evidence import Passage, ScoreTerm, total
from vault.domain.labels import Classification, Label
from vault.domain.records import Governance
from vault.ingest.intake import Intake, access_label
from vault.ingest.prepared import Prepared, digest_of

NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Note:
    """A document to be kept; each text is one chunk."""

    texts: tuple[str, ...]
    title: str = ""
    readers: tuple[str, ...] = ("group:staff",)
    level: str = "internal"
    collection: str = "rules"
    source: str = "shelf"
    media_type: str = "text/plain"
    language: str = "en"
    owner: str = "olga"
    fresh_for: str | None = None
    modified_at: datetime = NOVEMBER

    def prepared(self, embedder: Embedder) -> Prepared:
        text = "\n".join(self.texts)
        starts = [text.index(piece) for piece in self.texts]
        access = access_label(
            collection=self.collection, classification=self.level, readers=self.readers
        )
        return Prepared(
            uri=f"test:{self.title}:{text}",
            version=None,
            digest=digest_of(text.encode()),
            modified_at=self.modified_at,
            intake=Intake(self.source, access, Governance(self.owner, fresh_for=self.fresh_for)),
            parsed=ParsedDocument(
                text, (), self.title, self.media_type, "plain", 1.0, language=self.language
            ),
            chunks=tuple(
                Chunk(place, CharSpan(start, start + len(piece)), piece)
                for place, (start, piece) in enumerate(zip(starts, self.texts, strict=True))
            ),
            vectors=embedder.embed(list(self.texts)),
        )


def keep(vault: Vault, *texts: str, **changes: object) -> str:
    """Keep a document of these chunks; return its id."""
    note = Note(texts, **changes)  # type: ignore[arg-type]
    stamp = vault.embedder.fingerprint
    return vault.keeper().keep(note.prepared(vault.embedder), stamp=stamp)


def texts_of(found: dict[str, object]) -> list[str]:
    """Return the texts of a search's hits."""
    return [hit["text"] for hit in found["hits"]]  # type: ignore[attr-defined, index]


@dataclass
class Numbered:
    """Makes passages with ids that count up."""

    next_id: int = 1
    made: list[Passage] = field(default_factory=list)

    def passage(self, text: str, score: float, *, document: str = "") -> Passage:
        chunk_id, self.next_id = self.next_id, self.next_id + 1
        terms = (ScoreTerm("dense", 1.0, score, score),)
        return Passage(
            chunk_id=chunk_id,
            document_id=document or f"d{chunk_id}",
            revision=f"r{chunk_id}",
            digest="",
            title="",
            uri="",
            span=CharSpan(0, len(text)),
            text=text,
            label=Label(Classification.INTERNAL),
            modified_at=NOVEMBER,
            fresh=True,
            score=total(terms),
            scores={"dense": score},
            terms=terms,
        )
