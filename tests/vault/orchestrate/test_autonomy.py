"""Autonomy is lost at once with whatever it was earned by."""

import pytest

from tests.vault.orchestrate.bureau import Bureau, charter
from vault.domain.autonomy import Autonomy
from vault.domain.charters import Charter
from vault.domain.identity import PrincipalKind
from vault.orchestrate.autonomy import Ladder


@pytest.fixture
def level(bureau: Bureau) -> object:
    version = bureau.usual(charter(autonomy="A5"), active=True)
    return lambda: bureau.agents.level(version)


def test_in_production_with_its_owners_an_agent_has_what_its_charter_says(level) -> None:
    assert (level().effective, level().lowered_by) == (Autonomy.A5, ())


@pytest.mark.parametrize(
    ("owner", "left"), [("olga", Autonomy.A1), ("bo", Autonomy.A2)], ids=["business", "technical"]
)
def test_without_an_owner_it_acts_no_more(
    bureau: Bureau, level, owner: str, left: Autonomy
) -> None:
    with bureau.store.write() as unit:
        found = unit.principals.get(owner)
        gone = type(found)(owner, PrincipalKind.SERVICE, found.clearance)
        unit.principals.add(gone, name="", now=bureau.clock())
    assert level().effective is left
    assert level().lowered_by == (("owners", left),)


def test_a_breaker_leaves_it_only_answering(bureau: Bureau, level) -> None:
    with bureau.store.write() as unit:
        unit.postings.open_breaker("helper", "unusual", now=bureau.clock())
    assert level().effective is Autonomy.A0
    bureau.agents.close_breaker("helper", bureau.subject("olga"))
    assert level().effective is Autonomy.A5


def test_a_suspended_agent_only_answers(bureau: Bureau, level) -> None:
    bureau.agents.suspend("helper", None, reason="incident")
    assert level().effective is Autonomy.A0


def test_a_pilot_acts_only_under_approval(bureau: Bureau) -> None:
    version = bureau.usual(charter(autonomy="A5"))
    assert bureau.agents.level(version).lowered_by == (("stage", Autonomy.A3),)


def test_a_further_gate_counts_like_every_other(bureau: Bureau, level) -> None:
    version = bureau.agents.history("helper")[0]
    ladder = Ladder({"boundary": lambda *_: Autonomy.A2})
    with bureau.store.read() as unit:
        found = ladder.level(unit, version, Charter.parse(version.body))
    assert found.lowered_by == (("boundary", Autonomy.A2),)
