"""From bytes to kept documents: parse ahead, embed in batches, keep one by one."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from models.base import Embedder
from vault.domain.documents import Chunk, ParsedDocument
from vault.domain.errors import VaultError
from vault.ingest.assessment import Assessment, Assessor
from vault.ingest.chunk import chunk, embedding_text
from vault.ingest.duplicates import sketch
from vault.ingest.embedding import Embedded, embed_passages
from vault.ingest.intake import Intake
from vault.ingest.keeper import Keeper
from vault.ingest.letters import bury
from vault.ingest.parse.result import Attachment, Parsed
from vault.ingest.prepared import Prepared, digest_of
from vault.ingest.report import ItemOutcome, ItemState
from vault.ingest.screen.levels import SHIPPED, Levels, read_levels
from vault.ingest.screen.screening import screen
from vault.store.session import Store
from vault.store.vectors import EmbedderSwitchedError

CHUNKS_AT_ONCE = 96
"""Chunks embedded together: enough to sort by length, few enough that a kill loses little."""
MOST_WAITING = 2_000
"""Chunks that wait for others under their label, which bounds what is held in memory."""
DEEPEST_ATTACHMENT = 3


@dataclass(frozen=True, slots=True)
class Incoming:
    """One item whose bytes are here, on its way in.

    Attributes:
        parent_id: the document it was attached to, if any.
        depth: 0 for an item of the source, 1 for its attachments, and so on.
        facts: what else its source says about it.
    """

    uri: str
    name: str
    content: bytes
    version: str | None
    modified_at: datetime
    intake: Intake
    media_type: str | None = None
    parent_id: str | None = None
    depth: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)


class DocumentParser(Protocol):
    """Parses files in a sandbox, several ahead of the one that is asked for."""

    def parse_many(self, files: Iterable[Attachment]) -> Iterator[Parsed | VaultError]:
        """Yield the outcome of each file, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Cut:
    """A parsed item and its chunks, waiting for vectors; its rights are those assessed."""

    item: Incoming
    parsed: Parsed
    assessment: Assessment
    chunks: tuple[Chunk, ...]

    @property
    def document(self) -> ParsedDocument:
        """The parsed document."""
        return self.parsed.document

    def texts(self) -> list[str]:
        """Return what the embedder sees of each chunk."""
        title = self.item.intake.title or self.document.title
        return [embedding_text(piece, title) for piece in self.chunks]


class Pipeline:
    """Takes items in; each is kept whole or not at all, and a broken one stops no other.

    Args:
        store: where dead letters go.
        parser: the sandboxed parser.
        embedder: gives the loaded embedder; called only when something must be embedded.
        keeper: writes documents.
        now: the clock.
        levels: which finding in a text needs which level; the shipped rules by default.
        most_waiting: chunks that may wait for others under their label.
    """

    def __init__(  # noqa: PLR0913 - the composition root names every part once
        self,
        store: Store,
        *,
        parser: DocumentParser,
        embedder: Callable[[], Embedder],
        keeper: Keeper,
        now: Callable[[], datetime],
        levels: Levels | None = None,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._store = store
        self._parser = parser
        self._embedder = embedder
        self._keeper = keeper
        self._now = now
        self._assessor = Assessor(store, levels=levels or read_levels(SHIPPED))
        self._most_waiting = most_waiting

    def run(self, items: Iterable[Incoming]) -> Iterator[ItemOutcome]:
        """Yield what became of each item, soon after it is kept.

        Only chunks under one label are embedded together: a vector depends in its last bits on
        the batch it is made in, and so would a reader's scores on what lies beside its texts.
        """
        waiting: dict[str, list[Cut]] = {}
        for item, parsed in self._parsed(items):
            if isinstance(parsed, VaultError):
                yield self.bury(item.uri, item.version, item.intake, parsed, name=item.name)
                continue
            cut = self._cut(item, parsed)
            label = cut.item.intake.access.digest
            waiting.setdefault(label, []).append(cut)
            if _size(waiting[label]) >= CHUNKS_AT_ONCE:
                yield from self._keep(waiting.pop(label))
            elif sum(map(_size, waiting.values())) >= self._most_waiting:
                yield from self._keep(waiting.pop(next(iter(waiting))))
        for cuts in waiting.values():
            yield from self._keep(cuts)

    def _parsed(self, items: Iterable[Incoming]) -> Iterator[tuple[Incoming, Parsed | VaultError]]:
        ahead: deque[Incoming] = deque()

        def files() -> Iterator[Attachment]:
            for item in items:
                ahead.append(item)
                yield Attachment(item.name, item.content, item.media_type)

        for parsed in self._parser.parse_many(files()):
            yield ahead.popleft(), parsed

    def bury(
        self,
        uri: str,
        version: str | None,
        intake: Intake,
        problem: VaultError,
        *,
        name: str | None = None,
    ) -> ItemOutcome:
        """Set an item aside with its reason; an earlier revision of it stays as it was."""
        return bury(self._store, uri, intake, problem, version=version, now=self._now, name=name)

    def _cut(self, item: Incoming, parsed: Parsed) -> Cut:
        assessed = self._assessor.assess(
            item.uri,
            parsed.document,
            item.intake,
            modified_at=item.modified_at,
            facts=item.facts,
        )
        item = replace(item, intake=assessed.intake)
        embedder = self._embedder()
        chunks = chunk(
            parsed.document,
            title=item.intake.title or parsed.document.title,
            count_tokens=embedder.count_tokens,
            max_tokens=embedder.max_tokens,
        )
        return Cut(item, parsed, assessed, chunks)

    def _keep(self, cuts: list[Cut]) -> Iterator[ItemOutcome]:
        if not cuts:
            return
        embedded = embed_passages(self._embedder(), [text for cut in cuts for text in cut.texts()])
        start = 0
        for cut in cuts:
            end = start + len(cut.chunks)
            outcome = self._keep_one(cut, embedded.part(start, end))
            yield outcome
            yield from self._attached(cut, outcome.document_id)
            start = end

    def _keep_one(self, cut: Cut, embedded: Embedded) -> ItemOutcome:
        item = cut.item
        prepared = Prepared(
            uri=item.uri,
            version=item.version,
            digest=digest_of(item.content),
            modified_at=item.modified_at,
            intake=item.intake,
            parsed=cut.document,
            chunks=cut.chunks,
            vectors=embedded.rows,
            parent_id=item.parent_id,
            findings=(*screen(cut.document.text), *cut.assessment.misfits),
            description=cut.assessment.description,
            floor=cut.assessment.floor,
            sketch=sketch(cut.document.text),
        )
        try:
            kept_id = self._keeper.keep(prepared, stamp=embedded.stamp)
        except EmbedderSwitchedError:
            again = embed_passages(self._embedder(), cut.texts())
            kept_id = self._keeper.keep(replace(prepared, vectors=again.rows), stamp=again.stamp)
        suspicion = self._suspicion(kept_id) if prepared.findings else ""
        return ItemOutcome(
            item.uri,
            ItemState.QUARANTINED if suspicion else ItemState.INGESTED,
            document_id=kept_id,
            characters=len(cut.document.text),
            coverage=cut.document.coverage,
            reason="; ".join(filter(None, (suspicion, cut.assessment.note(), *cut.parsed.notes)))
            or None,
            chunks=len(cut.chunks),
        )

    def _suspicion(self, kept_id: str) -> str:
        """Return why a document is held back, for its owner; empty when it is not."""
        with self._store.read() as unit:
            found = unit.findings.of(kept_id)
        if not found:
            return ""
        rules = ", ".join(dict.fromkeys(f"{one.kind.value} ({one.rule})" for one in found))
        return f"held back: {rules}; see strongroom quarantine show {kept_id}"

    def _attached(self, cut: Cut, parent_id: str | None) -> Iterator[ItemOutcome]:
        """Take in the files inside an item, under its own rights."""
        item = cut.item
        if not cut.parsed.attachments or item.depth >= DEEPEST_ATTACHMENT:
            return
        yield from self.run(
            [
                _inside(item, attachment, parent_id, place)
                for place, attachment in enumerate(cut.parsed.attachments, start=1)
            ]
        )


def _size(cuts: Iterable[Cut]) -> int:
    return sum(len(cut.chunks) for cut in cuts)


def _inside(item: Incoming, attachment: Attachment, parent_id: str | None, place: int) -> Incoming:
    return Incoming(
        uri=f"{item.uri}#attachment-{place}",
        name=attachment.name,
        content=attachment.content,
        version=item.version,
        modified_at=item.modified_at,
        intake=item.intake.with_changes(title=attachment.name, item_id=None, seen=None),
        media_type=attachment.media_type,
        parent_id=parent_id,
        depth=item.depth + 1,
    )
