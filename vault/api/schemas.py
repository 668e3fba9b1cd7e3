"""What goes over the wire: requests with bounds, and answers exactly as they are promised."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

LONGEST_QUESTION = 100_000
"""Characters; the home's own setting may be lower."""
MOST_HITS = 1000

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""RFC 3339 text in UTC."""


class Form(BaseModel):
    """A JSON object that has these members and no other."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldProblem(Form):
    """One part of a request that does not fit, by its place and never by its value.

    Source:
        RFC 9457, section 3 (the ``errors`` example); RFC 6901 for the pointer.
    """

    location: str
    pointer: str
    detail: str


class Problem(Form):
    """Problem details of a failure.

    Source:
        RFC 9457, section 3.1.
    """

    type: str
    title: str
    status: int
    detail: str | None = None
    instance: str | None = None
    errors: list[FieldProblem] | None = None
    request_id: str | None = None


class ProblemTypeOut(Form):
    """What one type of problem means."""

    type: str
    title: str
    status: int
    description: str


class ProblemTypesOut(Form):
    """Every type of problem this vault reports."""

    problems: list[ProblemTypeOut]


class HealthOut(Form):
    """Whether the vault lives, or is ready."""

    status: str


class LabelOut(Form):
    """Classification and compartments."""

    classification: str
    compartments: list[str]


class CredentialOut(Form):
    """What the presented credential stands for."""

    principal: str
    kind: str
    on_behalf_of: str | None
    clearance: LabelOut
    scopes: list[str]
    expires_at: Moment


class SpanOut(Form):
    """Half-open range of code points in a revision's text."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class LedgerPlaceOut(Form):
    """Where a run stands among the runs of whoever asked, counted from 0."""

    index: int
    size: int


class PassageOut(Form):
    """Where a passage comes from."""

    document_id: str
    title: str
    uri: str
    revision: str
    span: SpanOut
    page: int | None
    label: LabelOut
    modified_at: Moment
    fresh: bool
    superseded_by: str | None
    owner: str
    verified_at: Moment
    valid_until: Moment | None


class ScoreTermOut(Form):
    """One addend of a score; `weight` times `value` is its `contribution`.

    `raw` is the measurement that `value` was made from, such as a cosine, where there is one.
    """

    name: str
    weight: float
    value: float
    raw: float | None
    contribution: float


class ExplanationOut(Form):
    """How a score came about: the contributions add up to it."""

    found_by: list[str]
    terms: list[ScoreTermOut]


class NeighbourOut(Form):
    """A chunk beside a hit in the same revision."""

    span: SpanOut
    text: str
    page: int | None


class ContextOut(Form):
    """The chunks before and after a hit, in reading order."""

    before: list[NeighbourOut]
    after: list[NeighbourOut]


class HitOut(PassageOut):
    """A passage that was found.

    `scores` is what each search measured; `folded` counts passages with nearly the same words
    that were left out for this one. `explanation` and `context` are null unless asked for.
    """

    text: str
    headings: list[str]
    score: float
    scores: dict[str, float]
    folded: int
    explanation: ExplanationOut | None
    context: ContextOut | None


class UnderstoodOut(Form):
    """Filters that were read out of the words, and the words that were searched."""

    filters: dict[str, str | bool]
    words: str


class SpellingOut(Form):
    """A word that nothing readable holds, and the one it was taken for; both were searched."""

    from_: str = Field(alias="from")
    to: str


class UnderstandingOut(Form):
    """What was made of the words before they were searched; null or empty where nothing was."""

    understood: UnderstoodOut | None
    spelling: list[SpellingOut]
    rewritten: str | None


class SearchOut(UnderstandingOut):
    """The passages found for one search, best first."""

    query: str
    at: Moment | None
    hits: list[HitOut]
    run_id: str
    ledger: LedgerPlaceOut


class CitationOut(PassageOut):
    """An exact quote: ``text[span.start:span.end] == quote`` in the revision's text."""

    n: int = Field(ge=1)
    digest: str
    quote: str


class SentenceOut(Form):
    """One sentence of an answer with the numbers of its citations."""

    text: str
    citations: list[int]


class StreamedSentenceOut(SentenceOut):
    """One verified sentence as it is streamed, with the citations it needs."""

    citation_details: list[CitationOut]


class RunOut(Form):
    """The run that a stream belongs to."""

    run_id: str


class ConflictOut(Form):
    """Citations that say different things."""

    citations: list[int]
    explanation: str


class ModelOut(Form):
    """The generator that helped; both null when none did."""

    name: str | None
    digest: str | None


class UsageOut(Form):
    """What an answer cost; joules are an estimate."""

    input_tokens: int
    output_tokens: int
    seconds: float
    joules: float
    energy_method: str


class AnswerOut(UnderstandingOut):
    """Verified sentences with their citations, or an abstention with its reason."""

    answer_id: str
    question: str
    at: Moment | None
    abstained: bool
    reason: str | None
    text: str
    short: str | None
    sentences: list[SentenceOut]
    citations: list[CitationOut]
    related: list[HitOut]
    conflicts: list[ConflictOut]
    label: LabelOut
    confidence: float
    note: str
    model: ModelOut
    usage: UsageOut
    run_id: str
    ledger: LedgerPlaceOut
