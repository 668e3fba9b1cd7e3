"""Configured sources: added once, followed again and again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from connectors.base import Connector, Health
from connectors.errors import ConnectorConfigError
from vault.domain.errors import InvalidRequestError, NotFoundError, SourceUnreachableError
from vault.domain.labels import AccessLabel
from vault.ingest.intake import Intake
from vault.ingest.report import ItemOutcome
from vault.ingest.sync import SourceSync
from vault.ledger.journal import Journal
from vault.store.session import Store
from vault.store.sources import SourceRecord

Connect = Callable[[str, str, Mapping[str, str]], Connector]
"""Builds a connector from its kind, the source's id and its settings."""


class Sources:
    """Adds and follows sources.

    Args:
        store: the database.
        journal: the ledger.
        connect: builds connectors.
        sync: follows one source.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        *,
        journal: Journal,
        connect: Connect,
        sync: Callable[[], SourceSync],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._journal = journal
        self._connect = connect
        self._sync = sync
        self._now = now

    def add(self, kind: str, settings: Mapping[str, str], intake: Intake) -> Health:
        """Add a source after looking whether it can be read; return what was found.

        Raises:
            InvalidRequestError: the name is taken, a setting is wrong or a reader unknown.
            SourceUnreachableError: the source does not answer; nothing was added.
        """
        connector = self._connector(kind, intake.source_id, settings)
        health = connector.check()
        if not health.ok:
            raise SourceUnreachableError(health.detail)
        now = self._now()
        with self._store.write() as unit:
            intake.check(unit)
            if unit.sources.get(intake.source_id) is not None:
                raise InvalidRequestError(f"source {intake.source_id!r} exists already")
            label_id, new = unit.labels.intern(intake.access, now=now)
            if new:
                unit.raise_epoch()
            record = SourceRecord(intake.source_id, kind, settings, label_id, intake.governance)
            unit.sources.add(record, now=now)
            self._journal.note(
                unit,
                "source.added",
                subject=None,
                about=intake.source_id,
                facts={
                    "source": intake.source_id,
                    "connector": kind,
                    "label": intake.access.digest,
                    "owner": intake.governance.owner,
                },
            )
        return health

    def sync(self, name: str, *, accept_deletions: bool = False) -> Iterator[ItemOutcome]:
        """Yield what became of every item of a source.

        Raises:
            NotFoundError: there is no such source.
            SourceUnreachableError: it could not be read in full; nothing was deleted.
        """
        record, access = self.one(name)
        connector = self._connector(record.connector, record.id, record.config)
        intake = Intake(record.id, access, record.governance)
        yield from self._sync().follow(connector, intake, accept_deletions=accept_deletions)

    def all(self) -> Sequence[SourceRecord]:
        """Return every source by name."""
        with self._store.read() as unit:
            return unit.sources.all()

    def described(self) -> Sequence[tuple[SourceRecord, AccessLabel]]:
        """Return every source with the label its documents get."""
        with self._store.read() as unit:
            labels = unit.labels.all()
            return [(found, labels[found.access_label_id]) for found in unit.sources.all()]

    def one(self, name: str) -> tuple[SourceRecord, AccessLabel]:
        """Return one source with the label its documents get.

        Raises:
            NotFoundError: there is no such source.
        """
        for found, label in self.described():
            if found.id == name:
                return found, label
        raise NotFoundError(f"there is no source {name!r}")

    def _connector(self, kind: str, source_id: str, settings: Mapping[str, str]) -> Connector:
        try:
            return self._connect(kind, source_id, settings)
        except ConnectorConfigError as error:
            raise InvalidRequestError(str(error)) from error
