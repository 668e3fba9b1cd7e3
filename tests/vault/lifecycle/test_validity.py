"""An owner says for how long a text holds, and the ledger says when it ceased to."""

from datetime import timedelta

import pytest

from tests.vault.lifecycle.conftest import ANN, OLGA, Office
from vault.domain.errors import NotFoundError
from vault.domain.records import Governance, Validity
from vault.lifecycle import validity
from vault.lifecycle.validity import ValidityDesk

DAY = timedelta(days=1)


@pytest.fixture
def desk(office: Office) -> ValidityDesk:
    return ValidityDesk(
        office.store, journal=office.journal, policy=office.policy, now=office.clock
    )


def validity_of(office: Office, document_id: str) -> Validity:
    with office.store.read() as unit:
        kept = unit.documents.get(document_id)
    assert kept is not None
    return kept.document.validity


def test_the_owner_says_for_how_long(office: Office, desk: ValidityDesk) -> None:
    found = office.keep("a")
    said = Validity(office.clock() - DAY, office.clock() + DAY)
    assert desk.set(found, said, OLGA) == said
    assert validity_of(office, found) == said
    assert office.events(found)[-1] == "document.validity_set"
    desk.set(found, Validity(), OLGA)
    assert validity_of(office, found) == Validity()


def test_nobody_else_does(office: Office, desk: ValidityDesk) -> None:
    found = office.keep("a")
    with pytest.raises(NotFoundError):
        desk.set(found, Validity(None, office.clock()), ANN)
    assert validity_of(office, found) == Validity()


def test_an_erased_document_holds_for_no_time(office: Office, desk: ValidityDesk) -> None:
    found = office.keep("a")
    office.erasure.erase(found, OLGA, reason="request 4")
    with pytest.raises(NotFoundError):
        desk.set(found, Validity(), OLGA)


def test_the_earlier_of_two_ends_counts(office: Office, desk: ValidityDesk) -> None:
    found = office.keep("a")
    with office.store.write() as unit:
        unit.documents.govern(found, Governance("olga", valid_until="2026-12-01"))
    late = desk.set(found, Validity(None, office.clock() + 300 * DAY), OLGA)
    assert late.ends is not None
    assert late.ends.isoformat() == "2026-12-01T00:00:00+00:00"


def test_an_end_is_noted_once(
    office: Office, desk: ValidityDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validity, "AT_ONCE", 2)
    found = [office.keep(name) for name in "abc"]
    for document_id in found:
        desk.set(document_id, Validity(None, office.clock() + DAY), OLGA)
    assert desk.note_expired() == 0
    office.clock.forward(400 * DAY)
    assert (desk.note_expired(), desk.note_expired()) == (3, 0)
    assert [office.events(document_id)[-1] for document_id in found] == ["document.expired"] * 3
    desk.set(found[0], Validity(None, office.clock() + DAY), OLGA)
    office.clock.forward(DAY)
    assert desk.note_expired() == 1
