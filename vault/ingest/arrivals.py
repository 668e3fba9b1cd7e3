"""Tells what is new from what is held already, reading no more bytes than needed."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from vault.domain.documents import DocumentState
from vault.domain.errors import VaultError
from vault.ingest.intake import Intake
from vault.ingest.keeper import Keeper
from vault.ingest.pipeline import Incoming, Pipeline
from vault.ingest.prepared import digest_of
from vault.ingest.report import ItemOutcome, ItemState
from vault.store.items import HeldItem
from vault.store.session import Store, UnitOfWork


@dataclass(frozen=True, slots=True)
class Bytes:
    """The content of one item as it was read.

    Attributes:
        version: the source's own token for the state that was read.
        facts: what else the source says about it.
    """

    content: bytes
    modified_at: datetime
    version: str | None = None
    media_type: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One item a source offers, its bytes not yet read.

    Attributes:
        version: the source's token for its state now; equal tokens mean equal bytes.
        read: reads the bytes; raises a VaultError when that cannot be done.
        known: what became of it before, if nothing has changed that could make a difference.
    """

    uri: str
    name: str
    version: str | None
    intake: Intake
    read: Callable[[], Bytes]
    known: ItemOutcome | None = None

    @property
    def item_id(self) -> str:
        """The source's own name of the item."""
        return self.intake.item_id or self.uri


class Reception:
    """Compares arrivals with what is held and sends only what changed to the pipeline.

    Args:
        store: the database.
        pipeline: takes items in.
        keeper: changes rights and rules of what is held.
    """

    def __init__(self, store: Store, *, pipeline: Pipeline, keeper: Keeper) -> None:
        self._store = store
        self._pipeline = pipeline
        self._keeper = keeper

    def receive(
        self,
        source_id: str,
        arrivals: Iterable[Arrival],
        *,
        vanished: Mapping[str, HeldItem] | None = None,
    ) -> Iterator[ItemOutcome]:
        """Yield what became of each arrival of one source.

        Args:
            source_id: the source.
            arrivals: what it offers.
            vanished: items it no longer has; one that arrives with the same bytes has moved.
        """
        with self._store.read() as unit:
            held = unit.items.held(source_id)
            labels = {label.digest: found for found, label in unit.labels.all().items()}
            moves = _Vanished(vanished or {}, unit)
        settled: deque[ItemOutcome] = deque()

        def changed() -> Iterator[Incoming]:
            for arrival in arrivals:
                met = self._meet(arrival, held.get(arrival.item_id), labels, moves)
                if isinstance(met, Incoming):
                    yield met
                else:
                    settled.append(met)

        for outcome in self._pipeline.run(changed()):
            while settled:
                yield settled.popleft()
            yield outcome
        yield from settled

    def _meet(
        self,
        arrival: Arrival,
        held: HeldItem | None,
        labels: Mapping[str, int],
        moves: "_Vanished",
    ) -> Incoming | ItemOutcome:
        if arrival.known is not None:
            return arrival.known
        if held is not None and not held.live:
            held = None
        if held is not None and arrival.version is not None and held.version == arrival.version:
            return self._settle(arrival, held, labels)
        try:
            found = arrival.read()
        except VaultError as problem:
            return self._pipeline.bury(
                arrival.uri, arrival.version, arrival.intake, problem, name=arrival.name
            )
        if held is not None and self._same_bytes(held, found.content):
            self._keeper.touch(held.document_id, version=found.version or arrival.version)
            return self._settle(arrival, held, labels)
        if held is None:
            moved = self._moved(arrival, found, labels, moves)
            if moved is not None:
                return moved
        return _incoming(arrival, found)

    def _moved(
        self, arrival: Arrival, found: Bytes, labels: Mapping[str, int], moves: "_Vanished"
    ) -> ItemOutcome | None:
        """Let a document that vanished elsewhere be this item, if its bytes are the same."""
        before = moves.take(digest_of(found.content))
        if before is None:
            return None
        version = found.version or arrival.version
        if not self._keeper.move(
            before.document_id, item_id=arrival.item_id, uri=arrival.uri, version=version
        ):
            return None
        outcome = self._settle(arrival, before, labels)
        return replace(outcome, state=ItemState.MOVED)

    def _settle(self, arrival: Arrival, held: HeldItem, labels: Mapping[str, int]) -> ItemOutcome:
        """Return the outcome for bytes that are held; rights and rules may still change."""
        intake = arrival.intake
        same = (
            labels.get(intake.access.digest) == held.access_label_id
            and intake.governance == held.governance
        )
        state = ItemState.UNCHANGED
        if not same and self._keeper.relabel(
            held.document_id, intake, version=arrival.version or held.version
        ):
            state = ItemState.RELABELLED
        return ItemOutcome(arrival.uri, state, document_id=held.document_id)

    def _same_bytes(self, held: HeldItem, content: bytes) -> bool:
        with self._store.read() as unit:
            kept = unit.documents.get(held.document_id)
        if kept is None or kept.document.state is DocumentState.ERASED:
            return False
        revision = kept.document.revision
        return revision is not None and revision.digest == digest_of(content)


class _Vanished:
    """Documents whose items are gone, by the digest of their bytes; each is found once."""

    def __init__(self, vanished: Mapping[str, HeldItem], unit: UnitOfWork) -> None:
        revisions = {found.revision_id: found for found in vanished.values() if found.revision_id}
        self._by_digest: dict[str, list[HeldItem]] = {}
        for revision_id, digest in unit.items.digests(revisions).items():
            self._by_digest.setdefault(digest, []).append(revisions[revision_id])

    def take(self, digest: str) -> HeldItem | None:
        """Return a document of these bytes and forget it, or None."""
        found = self._by_digest.get(digest)
        return found.pop(0) if found else None


def _incoming(arrival: Arrival, found: Bytes) -> Incoming:
    return Incoming(
        uri=arrival.uri,
        name=arrival.name,
        content=found.content,
        version=found.version or arrival.version,
        modified_at=found.modified_at,
        intake=arrival.intake,
        media_type=found.media_type,
        facts=found.facts,
    )
