"""Configured sources: added once, followed again and again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from connectors.base import AclSupport, Capabilities, Connector, Health
from connectors.errors import ConnectorConfigError
from vault.domain.errors import InvalidRequestError, NotFoundError, SourceUnreachableError
from vault.domain.following import Following
from vault.domain.labels import AccessLabel
from vault.ingest.identities import IdentityDesk, PeopleReport
from vault.ingest.intake import Intake
from vault.ingest.report import ItemOutcome
from vault.ingest.sync import SourceSync
from vault.ingest.turns import Turns
from vault.ledger.journal import Journal
from vault.store.session import Store, UnitOfWork
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
        identities: follows the people and groups of one.
        turns: keeps two processes from following one source at once.
        now: the clock.
    """

    def __init__(  # noqa: PLR0913 - the composition root names every part once
        self,
        store: Store,
        *,
        journal: Journal,
        connect: Connect,
        sync: Callable[[], SourceSync],
        identities: Callable[[], IdentityDesk],
        turns: Turns,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._journal = journal
        self._connect = connect
        self._sync = sync
        self._identities = identities
        self._turns = turns
        self._now = now

    def capabilities(self, kind: str, source_id: str, settings: Mapping[str, str]) -> Capabilities:
        """Return what a connector with these settings can do; the source is not asked.

        Raises:
            InvalidRequestError: a setting is wrong.
        """
        return self._connector(kind, source_id, settings).capabilities

    def add(
        self,
        kind: str,
        settings: Mapping[str, str],
        intake: Intake,
        following: Following | None = None,
    ) -> Health:
        """Add a source after looking whether it can be read; return what was found.

        Args:
            kind: kind of connector.
            settings: its settings as text.
            intake: rights and rules of its documents. Where the source has rights of its own,
                the readers are the most that may read; none sets no bound.
            following: when and how it is followed.

        Raises:
            InvalidRequestError: the name is taken, a setting is wrong or a reader unknown.
            SourceUnreachableError: the source does not answer; nothing was added.
        """
        connector = self._connector(kind, intake.source_id, settings)
        health = connector.check()
        if not health.ok:
            raise SourceUnreachableError(health.detail)
        now, can = self._now(), connector.capabilities
        native = can.acl is AclSupport.NATIVE
        rules = following or Following()
        with self._store.write() as unit:
            if can.items:
                intake.with_changes(native=native).check(unit)
            if unit.sources.get(intake.source_id) is not None:
                raise InvalidRequestError(f"source {intake.source_id!r} exists already")
            _check_following(unit, rules)
            label_id, new = unit.labels.intern(intake.access, now=now)
            if new:
                unit.raise_epoch()
            record = SourceRecord(
                intake.source_id,
                kind,
                settings,
                label_id,
                intake.governance,
                following=rules,
                native=native,
                items=can.items,
            )
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
            InvalidRequestError: it lists no items, only people.
            SourceUnreachableError: it could not be read in full; nothing was deleted.
        """
        record, intake, connector = self._ready(name)
        if not record.items:
            raise InvalidRequestError(
                f"source {name!r} only knows people; follow it with strongroom identity sync"
            )
        with self._noting(record):
            yield from self._sync().follow(connector, intake, accept_deletions=accept_deletions)

    def replay(self, name: str, *, uri: str | None = None) -> Iterator[ItemOutcome]:
        """Yield what became of the items in a source's dead letters, tried again now.

        Raises:
            NotFoundError: there is no such source, or no letter about ``uri``.
            SourceUnreachableError: it could not be listed.
        """
        record, intake, connector = self._ready(name)
        with self._store.read() as unit:
            if uri is not None and unit.sources.letter(name, uri) is None:
                raise NotFoundError(f"source {name!r} has no dead letter about {uri!r}")
        with self._noting(record):
            yield from self._sync().replay(connector, intake, uri=uri)

    def follow_people(self, name: str) -> PeopleReport:
        """Bring the people and groups of a source up to date; return what that changed.

        Raises:
            NotFoundError: there is no such source.
            InvalidRequestError: it knows neither people nor groups.
            SourceUnreachableError: the listing was not complete; nothing was changed.
        """
        record, _, connector = self._ready(name)
        if not connector.capabilities.principals:
            raise InvalidRequestError(f"source {name!r} knows neither people nor groups")
        with self._noting(record):
            return self._identities().follow(connector, record)

    def of_people(self) -> Sequence[SourceRecord]:
        """Return the sources that know people and groups, by name."""
        return [
            found
            for found in self.all()
            if self._connector(found.connector, found.id, found.config).capabilities.principals
        ]

    def due(self) -> Sequence[SourceRecord]:
        """Return the sources whose time has come, directories of people first."""
        now = self._now()
        found = [one for one in self.all() if one.due_at is not None and one.due_at <= now]
        return sorted(found, key=lambda one: (one.items, one.due_at, one.id))

    def _ready(self, name: str) -> tuple[SourceRecord, Intake, Connector]:
        record, access = self.one(name)
        connector = self._connector(record.connector, record.id, record.config)
        intake = Intake(record.id, access, record.governance, native=record.native)
        return record, intake, connector

    @contextmanager
    def _noting(self, record: SourceRecord) -> Iterator[None]:
        """Remember that a source was tried, and why it failed if it did."""
        with self._store.write() as unit:
            unit.sources.note(record.id, tried_at=self._now())
        try:
            with self._turns.take(record.id):
                yield
        except SourceUnreachableError as error:
            with self._store.write() as unit:
                unit.sources.note(record.id, failures=record.failures + 1, problem=error.detail)
            raise

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


def _check_following(unit: UnitOfWork, rules: Following) -> None:
    for name in rules.identities:
        if unit.sources.get(name) is None:
            raise InvalidRequestError(f"there is no source {name!r} to look people up in")
    if rules.audience is not None and not unit.principals.knows(rules.audience):
        raise InvalidRequestError(f"unknown audience {rules.audience}")
