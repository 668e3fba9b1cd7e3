"""One unit of work: every repository over one transaction, committed at the edge."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.store.approvals import Approvals
from vault.store.assets import Assets
from vault.store.blobs import Blobs
from vault.store.changes import Changes
from vault.store.chunks import Chunks
from vault.store.content import Content
from vault.store.database import Database
from vault.store.description_schemas import DescriptionSchemas
from vault.store.documents import Documents
from vault.store.filters import FilterQueries
from vault.store.findings import Findings
from vault.store.floors import Floors
from vault.store.freshness import Freshness
from vault.store.holds import Holds
from vault.store.identities import Identities
from vault.store.items import Items
from vault.store.keys import KeyRing
from vault.store.labels import Labels
from vault.store.ledger_entries import LedgerRows
from vault.store.life import Life
from vault.store.postings import Postings
from vault.store.principals import Principals
from vault.store.provisioned import Provisioned
from vault.store.requests import Requests
from vault.store.retention import Retention
from vault.store.revisions import Revisions
from vault.store.run_artifacts import RunArtifacts
from vault.store.run_events import RunEvents
from vault.store.runs import Runs
from vault.store.schema import home_fact
from vault.store.source_rights import SourceRights
from vault.store.sources import Sources
from vault.store.tool_rates import ToolRates
from vault.store.twins import Twins
from vault.store.vectors import Vectors

RIGHTS_EPOCH = "rights_epoch"


class UnitOfWork:
    """The repositories of one transaction."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self.principals = Principals(connection)
        self.provisioned = Provisioned(connection)
        self.labels = Labels(connection)
        self.sources = Sources(connection)
        self.documents = Documents(connection)
        self.life = Life(connection)
        self.items = Items(connection)
        self.chunks = Chunks(connection)
        self.revisions = Revisions(connection, self.chunks)
        self.filters = FilterQueries(connection)
        self.blobs = Blobs(connection, keys)
        self.identities = Identities(connection)
        self.rights = SourceRights(connection, self.blobs)
        self.vectors = Vectors(connection, self.blobs, facts=self)
        self.content = Content(self.documents, self.blobs, self.vectors)
        self.changes = Changes(connection)
        self.runs = Runs(connection)
        self.assets = Assets(connection)
        self.run_events = RunEvents(connection)
        self.artifacts = RunArtifacts(connection, self.blobs)
        self.approvals = Approvals(connection)
        self.postings = Postings(connection)
        self.holds = Holds(connection)
        self.retention = Retention(connection)
        self.freshness = Freshness(connection)
        self.findings = Findings(connection)
        self.floors = Floors(connection)
        self.twins = Twins(connection)
        self.description_schemas = DescriptionSchemas(connection)
        self.requests = Requests(connection)
        self.tool_rates = ToolRates(connection)
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
