"""One unit of work: every repository over one transaction, committed at the edge."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.store.blobs import Blobs
from vault.store.changes import Changes
from vault.store.chunks import Chunks
from vault.store.content import Content
from vault.store.database import Database
from vault.store.documents import Documents
from vault.store.filters import FilterQueries
from vault.store.findings import Findings
from vault.store.freshness import Freshness
from vault.store.holds import Holds
from vault.store.keys import KeyRing
from vault.store.labels import Labels
from vault.store.ledger_entries import LedgerRows
from vault.store.principals import Principals
from vault.store.requests import Requests
from vault.store.retention import Retention
from vault.store.revisions import Revisions
from vault.store.runs import Runs
from vault.store.schema import home_fact
from vault.store.sources import Sources
from vault.store.vectors import Vectors

RIGHTS_EPOCH = "rights_epoch"


class UnitOfWork:
    """The repositories of one transaction."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self.principals = Principals(connection)
        self.labels = Labels(connection)
        self.sources = Sources(connection)
        self.documents = Documents(connection)
        self.chunks = Chunks(connection)
        self.revisions = Revisions(connection, self.chunks)
        self.filters = FilterQueries(connection)
        self.blobs = Blobs(connection, keys)
        self.vectors = Vectors(connection, self.blobs, facts=self)
        self.content = Content(self.documents, self.blobs, self.vectors)
        self.changes = Changes(connection)
        self.runs = Runs(connection)
        self.holds = Holds(connection)
        self.retention = Retention(connection)
        self.freshness = Freshness(connection)
        self.findings = Findings(connection)
        self.requests = Requests(connection)
        self.ledger = LedgerRows(connection)

    def ledger_about(self, subject_id: str) -> LedgerRows:
        """Return the ledger's rows; what is appended can be found by ``subject_id``."""
        return LedgerRows(self._connection, subject_id=subject_id)

    def fact(self, name: str) -> str | None:
        """Return one fact about the home itself, or None."""
        return self._connection.execute(
            select(home_fact.c.value).where(home_fact.c.name == name)
        ).scalar()

    def set_fact(self, name: str, value: str) -> None:
        """Set one fact about the home itself."""
        self._connection.execute(
            upsert(home_fact)
            .values(name=name, value=value)
            .on_conflict_do_update(index_elements=["name"], set_={"value": value})
        )

    def epoch(self) -> int:
        """Return the rights epoch: it grows with every change to who may read what."""
        return int(self.fact(RIGHTS_EPOCH) or 0)

    def raise_epoch(self) -> None:
        """Make every VisibleSet computed before this transaction out of date."""
        self.set_fact(RIGHTS_EPOCH, str(self.epoch() + 1))


class Store:
    """Opens units of work on the vault's database.

    Args:
        database: the vault's database.
        keys: data keys of documents and runs.
    """

    def __init__(self, database: Database, *, keys: KeyRing) -> None:
        self.database = database
        self.keys = keys

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """Open a unit of work that commits at the end of the block, or not at all."""
        with self.database.transaction(write=True) as connection:
            yield UnitOfWork(connection, self.keys)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """Open a consistent view that changes nothing."""
        with self.database.transaction(write=False) as connection:
            yield UnitOfWork(connection, self.keys)

    def close(self) -> None:
        """Close every connection."""
        self.database.close()
