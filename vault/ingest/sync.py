"""Follows one source through its connector: what is new comes in, what is gone goes out."""

from collections.abc import Callable, Iterator
from datetime import datetime

from connectors.base import Connector
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item, Tombstone
from vault.domain.errors import SourceUnreachableError, UnsupportedDocumentError, VaultError
from vault.ingest.arrivals import Arrival, Bytes, Reception
from vault.ingest.intake import Intake
from vault.ingest.keeper import Keeper
from vault.ingest.report import ItemOutcome, ItemState
from vault.store.documents import LIVE
from vault.store.session import Store

MASS_DELETION_SHARE = 0.2
MASS_DELETION_LEAST = 10
"""More items than this, and a larger share than that, vanish only when a person says so."""


class SourceSync:
    """Brings the documents of one source up to date.

    Args:
        store: the database.
        reception: takes items in.
        keeper: takes documents out.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        *,
        reception: Reception,
        keeper: Keeper,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._reception = reception
        self._keeper = keeper
        self._now = now

    def take_in(
        self, connector: Connector, intake: Intake, *, cursor: str | None = None
    ) -> Iterator[ItemOutcome]:
        """Yield what became of every item that the connector lists; nothing is deleted.

        Raises:
            SourceUnreachableError: the listing could not go on.
        """
        self._check(intake)
        arrivals = self._arrivals(connector, intake, None if cursor is None else Cursor(cursor))
        try:
            yield from self._reception.receive(intake.source_id, arrivals)
        except SourceUnavailableError as error:
            raise SourceUnreachableError(str(error)) from error

    def follow(
        self, connector: Connector, intake: Intake, *, accept_deletions: bool = False
    ) -> Iterator[ItemOutcome]:
        """Yield what became of every item, deletions last, and remember how far this got.

        Args:
            connector: the source.
            intake: rights and rules of its documents.
            accept_deletions: let many items vanish at once.

        Raises:
            SourceUnreachableError: a listing was not complete, or too much is gone at once;
                nothing is deleted then.
        """
        source_id = intake.source_id
        with self._store.read() as unit:
            source = unit.sources.get(source_id)
        cursor = None if source is None else source.cursor
        yield from self.take_in(connector, intake, cursor=cursor)
        gone = self._gone(connector, source_id, cursor)
        self._brake(source_id, len(gone), accepted=accept_deletions)
        for uri, document_id in gone:
            gone_too = self._keeper.remove(document_id, reason="gone from its source")
            state = ItemState.DELETED if gone_too else ItemState.HELD
            yield ItemOutcome(uri, state, document_id=document_id)
        with self._store.write() as unit:
            unit.sources.synced(source_id, cursor=self._last_cursor, now=self._now())

    _last_cursor: str | None = None

    def _check(self, intake: Intake) -> None:
        with self._store.read() as unit:
            intake.check(unit)

    def _arrivals(
        self, connector: Connector, intake: Intake, cursor: Cursor | None
    ) -> Iterator[Arrival]:
        for found in connector.scan(cursor):
            if isinstance(found, Item):
                yield _arrival(connector, found, intake)
            elif isinstance(found, Failure):
                yield _failed(found, intake)
            elif isinstance(found, Tombstone):
                self._keeper.remove(
                    self._keeper.id_of(intake.source_id, found.id), reason="deleted at its source"
                )
            elif isinstance(found, Cursor):
                self._last_cursor = found.value

    def _gone(
        self, connector: Connector, source_id: str, cursor: str | None
    ) -> list[tuple[str, str]]:
        """Return uri and document id of what is held but not listed any more."""
        try:
            listed = {
                item.id for item in connector.list_ids(None if cursor is None else Cursor(cursor))
            }
        except SourceUnavailableError as error:
            raise SourceUnreachableError(f"{error}; nothing was deleted") from error
        with self._store.read() as unit:
            held = unit.documents.held(source_id)
        return sorted(
            (uri, item.document_id)
            for uri, item in held.items()
            if item.state.value in LIVE and uri not in listed
        )

    def _brake(self, source_id: str, gone: int, *, accepted: bool) -> None:
        with self._store.read() as unit:
            held = unit.documents.held(source_id).values()
        live = sum(1 for item in held if item.state.value in LIVE)
        if accepted or gone <= MASS_DELETION_LEAST or gone <= live * MASS_DELETION_SHARE:
            return
        raise SourceUnreachableError(
            f"{gone} of {live} items are gone from source {source_id!r}; nothing was deleted. "
            "If that is right, sync again with --accept-deletions"
        )


def _arrival(connector: Connector, item: Item, intake: Intake) -> Arrival:
    def read() -> Bytes:
        try:
            found = connector.open(item.id, item.version)
        except SourceUnavailableError as error:
            raise SourceUnreachableError(str(error)) from error
        except SourceRejectedError as error:
            raise UnsupportedDocumentError(str(error)) from error
        return Bytes(found.content, found.modified_at, found.version, found.media_type)

    return Arrival(item.uri, item.name, item.version, intake, read)


def _failed(failure: Failure, intake: Intake) -> Arrival:
    kind: type[VaultError] = SourceUnreachableError if failure.retry else UnsupportedDocumentError

    def read() -> Bytes:
        raise kind(failure.reason)

    return Arrival(failure.id, failure.id.rsplit("/", 1)[-1], None, intake, read)
