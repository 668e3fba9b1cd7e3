"""A records office over a real store: documents, people, and every desk that governs them."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import pytest

from tests.conftest import Clock
from tests.vault.conftest import Plant
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import Classification, Label
from vault.domain.records import Governance
from vault.ingest.arrivals import Arrival, Bytes
from vault.ingest.intake import Intake
from vault.ledger.events import LoggedEvent
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.lifecycle.dispositions import Dispositions
from vault.lifecycle.erasure import Erasure
from vault.lifecycle.holds import HoldDesk
from vault.lifecycle.quarantine import Quarantine
from vault.lifecycle.requests import RequestDesk
from vault.lifecycle.schedules import Schedules
from vault.lifecycle.transfer import Transfer
from vault.policy.engine import DEFAULT_FOLDER, PolicyEngine
from vault.store.session import Store

ORIGIN = "test.example/log"


def person(name: str, *groups: str) -> Subject:
    clearance = Label(Classification.INTERNAL)
    return Subject(Principal(name, PrincipalKind.PERSON, clearance, frozenset(groups)))


OLGA = person("olga", "everyone")
ANN = person("ann", "staff", "everyone")
RUTH, ROBIN = person("ruth", "records"), person("robin", "records")


@dataclass
class Office:
    """Everything records are governed with."""

    plant: Plant
    clock: Clock
    purges: int = 0

    @property
    def store(self) -> Store:
        return self.plant.store

    @cached_property
    def signer(self) -> Signer:
        return Signer.from_seed(b"s" * 32, name=ORIGIN)

    @cached_property
    def journal(self) -> Journal:
        return Journal(Ledger(origin=ORIGIN, signer=self.signer), now=self.clock)

    @cached_property
    def policy(self) -> PolicyEngine:
        return PolicyEngine.from_folder(DEFAULT_FOLDER)

    @cached_property
    def holds(self) -> HoldDesk:
        return HoldDesk(self.store, journal=self.journal, policy=self.policy, now=self.clock)

    @cached_property
    def requests(self) -> RequestDesk:
        return RequestDesk(self.store, journal=self.journal, policy=self.policy, now=self.clock)

    @cached_property
    def erasure(self) -> Erasure:
        return Erasure(
            self.store,
            journal=self.journal,
            signer=self.signer,
            policy=self.policy,
            purge=self._purge,
            now=self.clock,
        )

    @cached_property
    def schedules(self) -> Schedules:
        return Schedules(
            self.store, journal=self.journal, policy=self.policy, requests=self.requests
        )

    @cached_property
    def quarantine(self) -> Quarantine:
        return Quarantine(
            self.store,
            journal=self.journal,
            policy=self.policy,
            requests=self.requests,
            now=self.clock,
        )

    @cached_property
    def transfer(self) -> Transfer:
        return Transfer(self.store, signer=self.signer, now=self.clock)

    @cached_property
    def dispositions(self) -> Dispositions:
        return Dispositions(
            self.store,
            requests=self.requests,
            erasure=self.erasure,
            transfer=self.transfer,
            now=self.clock,
        )

    def keep(
        self,
        name: str,
        *,
        retention: str | None = None,
        kind: str | None = None,
        text: str = "",
    ) -> str:
        """Take a document in; return its id."""

        def read() -> Bytes:
            moment: datetime = self.clock()
            return Bytes((text or f"The text of {name}.").encode(), moment)

        access = self.plant.intake().access
        intake = Intake("shelf", access, Governance("olga", retention, record_class=kind))
        arrival = Arrival(f"file:///{name}", name, None, intake, read)
        [outcome] = self.plant.reception.receive("shelf", [arrival])
        assert outcome.document_id is not None, outcome.reason
        return outcome.document_id

    def events(self, about: str) -> list[str]:
        """Return the types of the ledger's entries about a document, hold or request."""
        with self.store.read() as unit:
            rows = unit.ledger_about(about)
            return [LoggedEvent.parse(rows.leaf(at)).type for at in rows.of_subject(about)]

    def state(self, document_id: str) -> str:
        """Return the state of a document."""
        with self.store.read() as unit:
            kept = unit.documents.get(document_id)
        assert kept is not None
        return kept.document.state.value

    def _purge(self) -> None:
        self.purges += 1


@pytest.fixture
def office(plant: Plant, clock: Clock) -> Office:
    return Office(plant, clock)
