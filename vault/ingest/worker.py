"""Follows whatever is due, again and again: people and groups first, then documents."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from vault.domain.errors import VaultError
from vault.ingest.identities import PeopleReport
from vault.ingest.report import IngestReport, ItemState
from vault.ingest.sources import Sources
from vault.store.sources import SourceRecord

LOGGER = logging.getLogger(__name__)
LONGEST_PAUSE_SECONDS = 60.0
"""A source that is added or changed is noticed after this time at the latest."""
SHORTEST_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One source that was followed, or could not be."""

    source_id: str
    people: PeopleReport | None = None
    items: IngestReport | None = None
    problem: VaultError | None = None

    @property
    def changed(self) -> bool:
        """Whether the index has something to catch up with."""
        outcomes = [] if self.items is None else self.items.outcomes
        return any(found.state is not ItemState.UNCHANGED for found in outcomes)


class Worker:
    """Follows sources when their time has come.

    Args:
        sources: the configured sources.
        refresh: brings the index up to what was taken in.
        now: the clock.
        withheld: names the sources whose rights are too old to count; each is logged.
    """

    def __init__(
        self,
        sources: Sources,
        *,
        refresh: Callable[[], None],
        now: Callable[[], datetime],
        withheld: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._sources = sources
        self._refresh = refresh
        self._now = now
        self._withheld = withheld

    def follow_due(self) -> Iterator[Turn]:
        """Yield what became of each source that is due; one that fails stops no other."""
        for record in self._sources.due():
            turn = self.follow(record)
            _log(turn)
            if turn.changed:
                self._refresh()
            yield turn
        for name in self._withheld():
            LOGGER.warning("source_withheld", extra={"source": name})

    def follow(self, record: SourceRecord, *, accept_deletions: bool = False) -> Turn:
        """Follow one source now: its people if it knows any, then its items if it has any."""
        people, report = None, IngestReport()
        try:
            if record.items:
                outcomes = self._sources.sync(record.id, accept_deletions=accept_deletions)
                report.outcomes.extend(outcomes)
            else:
                people = self._sources.follow_people(record.id)
        except VaultError as problem:
            return Turn(record.id, people, report, problem)
        return Turn(record.id, people, report)

    def run(self, stop: Event) -> None:
        """Follow what is due until ``stop`` is set."""
        while not stop.is_set():
            for _ in self.follow_due():
                if stop.is_set():
                    return
            stop.wait(self.pause_seconds())

    def pause_seconds(self) -> float:
        """Return how long there is nothing to do, as far as is known."""
        times = [found.due_at for found in self._sources.all()]
        now = self._now()
        waits = [(time - now).total_seconds() for time in times if time is not None]
        return min([LONGEST_PAUSE_SECONDS, *(max(SHORTEST_PAUSE_SECONDS, each) for each in waits)])


def _log(turn: Turn) -> None:
    if turn.problem is not None:
        LOGGER.warning(
            "source_not_followed", extra={"source": turn.source_id, "problem": turn.problem.slug}
        )
        return
    counts = turn.items.form() if turn.items is not None else {}
    counts.pop("documents", None)
    LOGGER.info("source_followed", extra={"source": turn.source_id, **counts})
