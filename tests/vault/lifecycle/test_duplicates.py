"""Copies are shown to those who answer for them, and nothing of what they may not see."""

from datetime import timedelta

import numpy as np
import pytest

from tests.vault.lifecycle.conftest import ANN, OLGA, Office, person
from vault.domain.identity import Subject
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.records import Governance
from vault.ingest.arrivals import Arrival, Bytes
from vault.ingest.intake import Intake
from vault.lifecycle.duplicates import Copies, DuplicateDesk, copies_form
from vault.retrieve.permissions import Permissions

HUGO = person("hugo", "board")
WORDS = [f"word{place}" for place in range(5_000)]
TEXT = " ".join(np.random.default_rng(1).choice(WORDS, size=200))
OTHER = " ".join(np.random.default_rng(2).choice(WORDS, size=200))


@pytest.fixture
def desk(office: Office) -> DuplicateDesk:
    with office.store.write() as unit:
        unit.labels.intern(_access("group:staff"), now=office.clock())
    return DuplicateDesk(office.store, policy=office.policy, permissions=Permissions(office.policy))


def _access(reader: str, level: Classification = Classification.INTERNAL) -> AccessLabel:
    return AccessLabel("papers", Label(level), frozenset({reader}))


def take(
    office: Office,
    name: str,
    text: str,
    *,
    owner: str = "olga",
    reader: str = "group:staff",
    level: Classification = Classification.INTERNAL,
) -> str:
    intake = Intake("shelf", _access(reader, level), Governance(owner))
    arrival = Arrival(
        f"file:///{name}", name, None, intake, lambda: Bytes(text.encode(), office.clock())
    )
    [outcome] = office.plant.reception.receive("shelf", [arrival])
    office.clock.forward(timedelta(seconds=1))
    return outcome.document_id or ""


def shown(copies: list[Copies]) -> list[list[str]]:
    return [[kept.document.id for kept in each.documents] for each in copies]


def report(desk: DuplicateDesk, subject: Subject | None) -> list[list[str]]:
    return shown(desk.report(subject))


def test_copies_are_shown_to_their_owner_and_to_the_operator(
    office: Office, desk: DuplicateDesk
) -> None:
    same = [take(office, name, TEXT) for name in ("a", "b")]
    near = take(office, "c", TEXT.replace(WORDS[0], "other") + " one more word")
    take(office, "d", OTHER)
    found = desk.report(OLGA)
    assert shown(found) == [same, [*same, near]]
    assert [(each.exact, each.spill) for each in found] == [(True, False), (False, False)]
    assert report(desk, None) == shown(found)
    assert report(desk, ANN) == []


def test_a_copy_that_the_owner_may_not_see_is_left_out(office: Office, desk: DuplicateDesk) -> None:
    own = take(office, "a", TEXT)
    hidden = take(office, "b", TEXT, owner="hugo", reader="group:board")
    assert report(desk, OLGA) == []
    assert report(desk, HUGO) == []
    assert report(desk, None) == [[own, hidden]]
    third = take(office, "c", TEXT)
    assert report(desk, OLGA) == [[own, third]]


def test_a_spill_is_told_to_each_side_without_the_other(
    office: Office, desk: DuplicateDesk
) -> None:
    low = take(office, "a", TEXT)
    high = take(office, "b", TEXT, owner="hugo", reader="group:board", level=Classification.SECRET)
    [mine], [theirs] = desk.report(OLGA), desk.report(HUGO)
    assert (shown([mine]), mine.spill) == ([[low]], True)
    assert (shown([theirs]), theirs.spill) == ([[high]], True)
    assert high not in str(copies_form(mine))
    assert "secret" not in str(copies_form(mine))
    [both] = desk.report(None)
    assert (shown([both]), both.spill) == ([[low, high]], True)
    assert report(desk, ANN) == []


def test_a_report_can_be_of_one_owner(office: Office, desk: DuplicateDesk) -> None:
    take(office, "a", TEXT)
    take(office, "b", TEXT)
    for name in ("c", "d"):
        take(office, name, OTHER, owner="ann")
    assert len(desk.report(None)) == 2
    [found] = desk.report(None, owner="ann")
    assert {kept.document.uri for kept in found.documents} == {"file:///c", "file:///d"}


def test_what_is_gone_is_no_copy(office: Office, desk: DuplicateDesk) -> None:
    take(office, "a", TEXT)
    office.plant.keeper.remove(take(office, "b", TEXT), reason="gone")
    assert report(desk, None) == []
