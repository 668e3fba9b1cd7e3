"""What goes over the wire: requests with bounds, and answers exactly as they are promised."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

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


class QuestionIn(Form):
    """A question in plain words."""

    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)


def _whole(value: object) -> object:
    # To JSON Schema 10.0 is an integer; to a strict integer field it is not.
    return int(value) if isinstance(value, float) and value.is_integer() else value


class SearchIn(Form):
    """What to look for, and how many passages at most."""

    query: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    limit: Annotated[int, Field(ge=1, le=MOST_HITS, strict=True), BeforeValidator(_whole)] = 10


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


class HitOut(PassageOut):
    """A passage that was found, with every term of its score."""

    text: str
    headings: list[str]
    score: float
    scores: dict[str, float]


class SearchOut(Form):
    """The passages found for one search, best first."""

    query: str
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


class AnswerOut(Form):
    """Verified sentences with their citations, or an abstention with its reason."""

    answer_id: str
    question: str
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
