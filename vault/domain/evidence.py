"""Passages offered as evidence, the citations found in them, and the answers they carry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vault.domain.documents import CharSpan
from vault.domain.labels import Label

SCORE_DIGITS = 6
"""Scores are rounded so that arithmetic noise cannot tell one vault from another."""


@dataclass(frozen=True, slots=True)
class ScoreTerm:
    """One addend of a score.

    Attributes:
        name: what it stands for, such as ``lexical`` or ``freshness``.
        weight: how much it counts.
        value: what it counts; weight times value is what it adds.
        raw: the measurement that ``value`` was made from, such as a cosine, where there is one.
    """

    name: str
    weight: float
    value: float
    raw: float | None = None

    @property
    def contribution(self) -> float:
        """What the term adds to the score, rounded so that the shown terms add up exactly."""
        return round(self.weight * self.value, SCORE_DIGITS)


def total(terms: Iterable[ScoreTerm]) -> float:
    """Return the score that ``terms`` make."""
    return round(sum(term.contribution for term in terms), SCORE_DIGITS)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A chunk beside a hit in the same revision, authorised like the hit itself."""

    span: CharSpan
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The chunks before and after a hit, in reading order."""

    before: tuple[Neighbour, ...] = ()
    after: tuple[Neighbour, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as retrieved for one subject, re-checked against the store.

    Attributes:
        chunk_id: row of the chunk; never leaves the vault.
        span: place of ``text`` in the revision's canonical text.
        digest: ``sha256:`` of the source's bytes.
        scores: what each search and each second reading measured, by name.
        fresh: whether the document's owner still counts it as fresh.
        superseded_by: id of the document that replaces it, where that may be seen.
        terms: every addend of the score; they add up to it.
        folded: passages with nearly the same words that were left out for this one.
        surroundings: the chunks around it, where they were asked for.
        owner: id of the principal answerable for the document.
        verified_at: when its text was last known to hold.
        valid_until: first moment at which it no longer holds, where that is known.
    """

    chunk_id: int
    document_id: str
    revision: str
    digest: str
    title: str
    uri: str
    span: CharSpan
    text: str
    label: Label
    modified_at: datetime
    fresh: bool
    page: int | None = None
    headings: tuple[str, ...] = ()
    superseded_by: str | None = None
    score: float = 0.0
    scores: Mapping[str, float] = field(default_factory=dict)
    terms: tuple[ScoreTerm, ...] = ()
    folded: int = 0
    surroundings: Surroundings | None = None
    owner: str = ""
    verified_at: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RetrievalSignals:
    """What the search itself says about how well the question is covered.

    All of it is counted on the caller's VisibleSet alone.

    Attributes:
        visible_chunks: number of chunks the subject may read.
        term_weights: inverse document frequency of each analysed question term.
        dense_top: best cosine similarities, highest first.
        lexical_top: best BM25 scores, highest first.
        dense_ids: chunk ids of ``dense_top``.
        lexical_ids: chunk ids of ``lexical_top``.
    """

    visible_chunks: int
    term_weights: Mapping[str, float]
    dense_top: tuple[float, ...]
    lexical_top: tuple[float, ...]
    dense_ids: tuple[int, ...]
    lexical_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Passages for one question, best first, with the signals of the search.

    Attributes:
        question: the words that were searched.
        vector: the question's unit vector, so that nobody embeds it again; empty if unknown.
        made_by: fingerprint of the embedder that made the vector.
    """

    question: str
    passages: tuple[Passage, ...]
    signals: RetrievalSignals
    vector: tuple[float, ...] = ()
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact quote with the document, revision and place it was found at again.

    Source:
        W3C Web Annotation Data Model, text quote and text position selectors.
    """

    n: int
    passage: Passage
    span: CharSpan
    quote: str


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer and the numbers of the citations that carry it."""

    text: str
    citations: tuple[int, ...]


class AbstentionReason(StrEnum):
    """Why the vault chose not to answer."""

    NO_EVIDENCE = "no_evidence"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"
    CONFLICT = "conflict"
    STALE_EVIDENCE = "stale_evidence"
    MODEL_UNAVAILABLE = "model_unavailable"


@dataclass(frozen=True, slots=True)
class ModelUse:
    """The generator that helped with an answer; both empty when none did."""

    name: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost; joules are an estimate from processor seconds."""

    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    joules: float = 0.0
    energy_method: str = "estimated"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Numbers of citations that say different things about the same question."""

    citations: tuple[int, ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Sentences whose quotes were found again in the source, or an abstention.

    Attributes:
        short: the span of the first cited sentence that a generator picked, if any.
        related: passages shown instead of an answer when evidence is near but too weak.
        label: least label above every piece of evidence.
        note: one plain sentence for the reader, for instance that no generator is loaded.
    """

    question: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    label: Label
    reason: AbstentionReason | None = None
    short: str | None = None
    related: tuple[Passage, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    model: ModelUse = ModelUse()
    usage: Usage = Usage()
    confidence: float = 0.0
    note: str = ""

    @property
    def abstained(self) -> bool:
        """Whether this is a deliberate non-answer."""
        return self.reason is not None

    @property
    def text(self) -> str:
        """The answer as one string with its citation numbers in brackets."""
        return " ".join(
            sentence.text + "".join(f" [{n}]" for n in sentence.citations)
            for sentence in self.sentences
        )
