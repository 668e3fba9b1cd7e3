"""What every service stands on is built once, and only over a whole home."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Clock
from vault.bootstrap import Vault
from vault.bootstrap.foundations import ORIGIN, Foundations, utc_now
from vault.domain.errors import HomeUnavailableError
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import Classification, Label
from vault.settings import Settings
from vault.store.home import Home, open_keys


@pytest.fixture
def foundations(tmp_path: Path, clock: Clock) -> Iterator[Foundations]:
    Vault.create(tmp_path / "home").close()
    home = Home(tmp_path / "home")
    found = Foundations(home, Settings(), open_keys(home, passphrase=None), now=clock)
    yield found
    found.close()


def test_time_is_told_in_utc() -> None:
    offset = utc_now().utcoffset()
    assert offset is not None
    assert offset.total_seconds() == 0


@pytest.mark.parametrize(
    "name", ["policy", "signer", "ledger", "journal", "runs", "authenticator", "permissions"]
)
def test_each_service_is_built_once(foundations: Foundations, name: str) -> None:
    assert getattr(foundations, name) is getattr(foundations, name)


def test_the_ledger_bears_the_name_that_the_home_was_given(foundations: Foundations) -> None:
    with foundations.store.read() as unit:
        assert unit.fact(ORIGIN) == foundations.ledger.origin == foundations.signer.key.name


def test_a_home_without_a_ledger_is_not_signed_for(foundations: Foundations) -> None:
    with foundations.store.write() as unit:
        unit._connection.exec_driver_sql("DELETE FROM home_fact WHERE name = ?", (ORIGIN,))
    with pytest.raises(HomeUnavailableError, match="it has no ledger"):
        _ = foundations.signer


def test_every_service_lives_by_the_clock_it_was_given(
    foundations: Foundations, clock: Clock
) -> None:
    ann = Principal("ann", PrincipalKind.PERSON, Label(Classification.PUBLIC))
    with foundations.store.write() as unit:
        unit.principals.add(ann, name="", now=clock())
        foundations.journal.note(unit, "home.seen", subject=None, about="home", facts={})
    run = foundations.runs.begin(
        "search", foundations.authenticator.subject("ann"), "leave", facts={}
    )
    with foundations.store.read() as unit:
        record = unit.runs.get(run.id)
        events = [unit.ledger.leaf(place) for place in range(unit.ledger.size())]
    assert record is not None
    assert record.started_at == clock()
    assert all(b"2026-11-22T09:00:00Z" in event for event in events[1:])
