"""A store with people, and sessions over it."""

from datetime import timedelta

import pytest

from tests.conftest import Clock
from vault.authenticate import Authenticator
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import Classification, Label
from vault.federate.sealing import Sealing
from vault.federate.sessions import Sessions
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.store.session import Store

EIGHT_HOURS = timedelta(hours=8)


@pytest.fixture
def peopled(store: Store, clock: Clock) -> Store:
    """Ana and bo are persons, bot is an agent; board is inside the group of all owners."""
    with store.write() as unit:
        for name, kind in (
            ("ana", PrincipalKind.PERSON),
            ("bo", PrincipalKind.PERSON),
            ("bot", PrincipalKind.AGENT),
        ):
            added = Principal(name, kind, Label(Classification.INTERNAL))
            unit.principals.add(added, name=name.title(), now=clock())
        for group in ("staff", "board", "owners"):
            unit.principals.add_group(group, now=clock())
        unit.principals.add_member("staff", "user:ana")
        unit.principals.add_member("owners", "group:board")
    return store


@pytest.fixture
def sealing(clock: Clock) -> Sealing:
    return Sealing(b"k" * 32, now=clock)


@pytest.fixture
def sessions(peopled: Store, sealing: Sealing, clock: Clock) -> Sessions:
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    return Sessions(
        peopled,
        authenticator=Authenticator(peopled, now=clock),
        sealing=sealing,
        journal=Journal(Ledger(origin="test.example/log", signer=signer), now=clock),
        lasts=EIGHT_HOURS,
        now=clock,
    )
