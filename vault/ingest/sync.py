"""Follows one source: changed rights hold first, new content comes in, what is gone goes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.base import Connector
from connectors.errors import SourceUnavailableError
from connectors.facts import Cursor, Failure, Item, Tombstone
from vault.domain.errors import SourceUnreachableError
from vault.ingest.arrivals import Arrival, Reception
from vault.ingest.cursors import CursorTrail
from vault.ingest.intake import Intake, SeenRights
from vault.ingest.keeper import Keeper
from vault.ingest.letters import outcome_of, waits
from vault.ingest.offers import again, offer, refusal
from vault.ingest.pace import Pace
from vault.ingest.report import ItemOutcome, ItemState
from vault.ingest.survey import Survey, Surveyor, nobody
from vault.store.items import HeldItem
from vault.store.session import Store
from vault.store.sources import DeadLetter, SourceRecord

MASS_DELETION_LEAST = 10
"""More items than this, and a larger share than allowed, vanish only when a person says so."""


@dataclass(slots=True)
class _Round:
    """One time that a source is followed."""

    connector: Connector
    source: SourceRecord
    intake: Intake
    survey: Survey
    letters: dict[str, DeadLetter]
    trail: CursorTrail
    pace: Pace
    offered: set[str]

    def arrival(self, item: Item, *, known: ItemOutcome | None = None) -> Arrival:
        """Return one item as the source offers it now, under its own rights."""
        self.offered.add(item.id)
        self.trail.offer(item.uri)
        intake = self.survey.intake(item.id, self.intake)
        return offer(self.connector, item, intake, pace=self.pace, known=known)


class SourceSync:
    """Brings the documents of one source up to date.

    Args:
        store: the database.
        reception: takes items in.
        keeper: takes documents out.
        surveyor: looks a source over, its rights first.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        *,
        reception: Reception,
        keeper: Keeper,
        surveyor: Surveyor,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._reception = reception
        self._keeper = keeper
        self._surveyor = surveyor
        self._now = now

    def take_in(self, connector: Connector, intake: Intake) -> Iterator[ItemOutcome]:
        """Yield what became of every item that the connector lists; nothing is deleted.

        Readers are those of the intake, whatever the source says.

        Raises:
            SourceUnreachableError: the listing could not go on.
        """
        self._check(intake)
        arrivals = (
            offer(connector, found, replace(intake, item_id=found.id))
            if isinstance(found, Item)
            else refusal(found, intake)
            for found in connector.scan(None)
            if isinstance(found, Item | Failure)
        )
        try:
            yield from self._reception.receive(intake.source_id, arrivals)
        except SourceUnavailableError as error:
            raise SourceUnreachableError(str(error)) from error

    def follow(
        self, connector: Connector, intake: Intake, *, accept_deletions: bool = False
    ) -> Iterator[ItemOutcome]:
        """Yield what became of every item, and remember how far this got.

        Rights that changed at the source hold before any content is read; deletions come last.

        Args:
            connector: the source.
            intake: rights and rules of its documents; where the source has rights of its own,
                the readers are the most that may read.
            accept_deletions: let many items vanish at once.

        Raises:
            SourceUnreachableError: a listing was not complete, or too much is gone at once;
                nothing is deleted then.
        """
        self._check(intake)
        source = self._source(intake)
        survey = self._surveyor.survey(connector, source, intake)
        yield from survey.relabelled
        self._store_rights_time(survey, source)
        turn = self._turn(connector, source, intake, survey)
        yield from self._contents(turn)
        yield from self._deletions(turn, accepted=accept_deletions)
        with self._store.write() as unit:
            unit.sources.note(source.id, synced_at=self._now(), failures=0, problem=None)
            if survey.native:
                unit.sources.note(source.id, rights_at=survey.at)
            for letter in turn.letters.values():
                if letter.item_id is not None and letter.item_id not in survey.listed:
                    unit.sources.unbury(source.id, letter.uri)

    def replay(
        self, connector: Connector, intake: Intake, *, uri: str | None = None
    ) -> Iterator[ItemOutcome]:
        """Yield what became of the items in a source's dead letters, tried again now.

        Args:
            connector: the source.
            intake: rights and rules of its documents.
            uri: the one item to try; None tries all.

        Raises:
            SourceUnreachableError: a listing was not complete.
        """
        self._check(intake)
        source = self._source(intake)
        survey = self._surveyor.survey(connector, source, intake)
        turn = self._turn(connector, source, intake, survey)
        letters = [letter for letter in turn.letters.values() if uri is None or letter.uri == uri]
        arrivals = (turn.arrival(again(letter, fresh=True)) for letter in letters if letter.item_id)
        yield from survey.relabelled
        yield from self._reception.receive(source.id, arrivals)

    def _turn(
        self, connector: Connector, source: SourceRecord, intake: Intake, survey: Survey
    ) -> _Round:
        with self._store.read() as unit:
            letters = {found.uri: found for found in unit.sources.dead_letters(source.id)}
        pace = Pace(source.following.per_minute)
        return _Round(
            connector, source, intake, survey, letters, CursorTrail(), pace, offered=set()
        )

    def _contents(self, turn: _Round) -> Iterator[ItemOutcome]:
        source_id, survey = turn.source.id, turn.survey
        outcomes = self._reception.receive(
            source_id, self._arrivals(turn), vanished=dict(survey.gone)
        )
        try:
            for outcome in outcomes:
                if outcome.state is ItemState.MOVED:
                    _forget(survey.gone, outcome.document_id)
                turn.trail.settle(outcome.uri)
                self._save(turn)
                yield outcome
        except SourceUnavailableError as error:
            raise SourceUnreachableError(str(error)) from error
        self._save(turn)

    def _save(self, turn: _Round) -> None:
        """Save the furthest cursor before which everything is settled."""
        cursor = turn.trail.good()
        if cursor is not None:
            with self._store.write() as unit:
                unit.sources.note(turn.source.id, cursor=cursor)

    def _arrivals(self, turn: _Round) -> Iterator[Arrival]:
        cursor = None if turn.source.cursor is None else Cursor(turn.source.cursor)
        for found in turn.connector.scan(cursor):
            if isinstance(found, Item):
                turn.survey.gone.pop(found.id, None)
                yield turn.arrival(found, known=self._known(turn, found))
            elif isinstance(found, Failure):
                turn.trail.offer(found.id)
                yield refusal(found, turn.survey.intake(found.id, turn.intake))
            elif isinstance(found, Tombstone):
                self._bury_held(turn, found)
            else:
                turn.trail.reach(found.value)
        for letter in turn.letters.values():
            due = letter.retry_at is not None and letter.retry_at <= self._now()
            if due and letter.item_id is not None and letter.item_id not in turn.offered:
                yield turn.arrival(again(letter, fresh=False))

    def _known(self, turn: _Round, item: Item) -> ItemOutcome | None:
        letter = turn.letters.get(item.uri)
        if letter is None or not waits(letter, version=item.version, now=self._now()):
            return None
        return outcome_of(letter)

    def _bury_held(self, turn: _Round, found: Tombstone) -> None:
        held = turn.survey.held.get(found.id)
        if held is not None and held.live and found.id not in turn.survey.listed:
            turn.survey.gone.setdefault(found.id, held)

    def _deletions(self, turn: _Round, *, accepted: bool) -> Iterator[ItemOutcome]:
        gone = turn.survey.gone
        self._brake(turn, accepted=accepted)
        for name, held in sorted(gone.items()):
            removed = self._keeper.remove(held.document_id, reason="gone from its source")
            if not removed and turn.survey.native:
                self._close(turn, name, held)
            state = ItemState.DELETED if removed else ItemState.HELD
            yield ItemOutcome(held.uri, state, document_id=held.document_id)

    def _close(self, turn: _Round, name: str, held: HeldItem) -> None:
        """Let nobody read what a hold keeps: the source no longer says who may."""
        seen = SeenRights(None, None, turn.survey.at)
        access = nobody(turn.intake.access)
        intake = replace(turn.survey.intake(name, turn.intake), access=access, seen=seen)
        self._keeper.relabel_all([(held.document_id, replace(intake, governance=held.governance))])

    def _brake(self, turn: _Round, *, accepted: bool) -> None:
        gone = len(turn.survey.gone)
        live = sum(1 for item in turn.survey.held.values() if item.live)
        most = turn.source.following.most_gone
        if accepted or gone <= MASS_DELETION_LEAST or gone <= live * most:
            return
        raise SourceUnreachableError(
            f"{gone} of {live} items are gone from source {turn.source.id!r}; nothing was "
            "deleted. If that is right, sync again with --accept-deletions"
        )

    def _store_rights_time(self, survey: Survey, source: SourceRecord) -> None:
        # What vanished and is not settled yet has rights that nobody saw, so time goes on for it.
        if survey.native and not survey.gone:
            with self._store.write() as unit:
                unit.sources.note(source.id, rights_at=survey.at)

    def _source(self, intake: Intake) -> SourceRecord:
        with self._store.read() as unit:
            found = unit.sources.get(intake.source_id)
        return found or SourceRecord(intake.source_id, "", {}, 0, intake.governance)

    def _check(self, intake: Intake) -> None:
        with self._store.read() as unit:
            intake.check(unit)


def _forget(gone: dict[str, HeldItem], document_id: str | None) -> None:
    for name in [name for name, held in gone.items() if held.document_id == document_id]:
        del gone[name]
