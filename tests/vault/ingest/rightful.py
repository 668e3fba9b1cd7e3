"""A vault that follows scripted sources, and what each person may read in it."""

from dataclasses import dataclass, field

import pytest

from connectors.base import AclSupport, Capabilities
from tests.conftest import Clock
from tests.vault.conftest import Plant
from tests.vault.ingest.scripted import ScriptedSource
from vault.domain.following import Following
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.records import Governance
from vault.ingest.identities import IdentityDesk
from vault.ingest.intake import Intake
from vault.ingest.report import ItemOutcome
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.policy.engine import DEFAULT_FOLDER, PolicyEngine
from vault.retrieve.permissions import Permissions
from vault.store.sources import SourceRecord

DIRECTORY = Capabilities(acl=AclSupport.MAPPED, principals=True, items=False)


@dataclass
class World:
    """One content source, one directory, and people to read."""

    plant: Plant
    clock: Clock
    desk: IdentityDesk
    shelf: ScriptedSource
    corp: ScriptedSource
    permissions: Permissions = field(
        default_factory=lambda: Permissions(PolicyEngine.from_folder(DEFAULT_FOLDER))
    )

    def add_sources(self, *readers: str, following: Following | None = None) -> None:
        access = AccessLabel("papers", Label(Classification.INTERNAL), frozenset(readers))
        rules = following or Following(identities=("corp",))
        with self.plant.store.write() as unit:
            label_id, _ = unit.labels.intern(access, now=self.clock())
            for name, said, items in (
                ("corp", Following(), False),
                ("shelf", rules, True),
            ):
                record = SourceRecord(
                    name,
                    "scripted",
                    {},
                    label_id,
                    Governance("olga"),
                    following=said,
                    native=items,
                    items=items,
                )
                unit.sources.add(record, now=self.clock())
        self.access = access

    def source(self, name: str) -> SourceRecord:
        with self.plant.store.read() as unit:
            found = unit.sources.get(name)
        assert found is not None
        return found

    def follow_people(self) -> None:
        self.desk.follow(self.corp, self.source("corp"))

    def sync(self, **options: bool) -> list[ItemOutcome]:
        intake = Intake("shelf", self.access, Governance("olga"), native=True)
        return list(self.plant.sync.follow(self.shelf, intake, **options))

    def readable(self, person: str) -> set[str]:
        """Return the items whose documents a person may read now."""
        with self.plant.store.read() as unit:
            principal = unit.principals.get(person)
            assert principal is not None
            visible = self.permissions.visible(unit, Subject(principal))
            held = unit.items.held("shelf")
        return {
            name
            for name, item in held.items()
            if item.live and item.access_label_id in visible.label_ids
        }

    def events(self) -> list[str]:
        with self.plant.store.read() as unit:
            entries = range(unit.ledger.size())
            return [str(unit.ledger.leaf(place)) for place in entries]


@pytest.fixture
def world(plant: Plant, clock: Clock) -> World:
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    journal = Journal(Ledger(origin="test.example/log", signer=signer), now=clock)
    with plant.store.write() as unit:
        for name in ("alice", "bob", "carol"):
            added = Principal(name, PrincipalKind.PERSON, Label(Classification.INTERNAL))
            unit.principals.add(added, name="", now=clock())
    desk = IdentityDesk(plant.store, journal=journal, now=clock)
    corp = ScriptedSource(clock, "corp", DIRECTORY)
    return World(plant, clock, desk, ScriptedSource(clock), corp)
