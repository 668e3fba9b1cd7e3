"""What is stale is listed for its owner, and only the owner's word makes it fresh again."""

from datetime import timedelta

import pytest

from tests.vault.lifecycle.conftest import ANN, OLGA, Office
from vault.domain.errors import NotFoundError
from vault.domain.records import Governance
from vault.lifecycle.freshness import FreshnessDesk
from vault.store.runs import RunRecord

DAY = timedelta(days=1)


@pytest.fixture
def desk(office: Office) -> FreshnessDesk:
    return FreshnessDesk(
        office.store, journal=office.journal, policy=office.policy, now=office.clock
    )


def govern(office: Office, document_id: str, governance: Governance) -> None:
    with office.store.write() as unit:
        unit.documents.govern(document_id, governance)
        unit.retention.schedule([document_id])


def fresh(office: Office, document_id: str) -> bool:
    with office.store.read() as unit:
        kept = unit.documents.get(document_id)
    assert kept is not None
    return office.clock() - kept.document.confirmed_at <= 30 * DAY


def test_the_owners_word_makes_a_stale_document_fresh(office: Office, desk: FreshnessDesk) -> None:
    found = office.keep("a")
    govern(office, found, Governance("olga", fresh_for="30d"))
    assert desk.report(OLGA) == []
    office.clock.forward(31 * DAY)
    assert [one.document_id for one in desk.report(OLGA)] == [found]
    assert not fresh(office, found)
    desk.attest(found, OLGA)
    office.clock.forward(30 * DAY)
    assert (desk.report(OLGA), fresh(office, found)) == ([], True)
    assert office.events(found)[-1] == "document.attested"


def test_a_review_is_due_though_the_text_counts_as_fresh(
    office: Office, desk: FreshnessDesk
) -> None:
    found = office.keep("a")
    govern(office, found, Governance("olga", review_every="10d", fresh_for="9y"))
    office.clock.forward(11 * DAY)
    [listed] = desk.report(None)
    assert (listed.document_id, listed.cited) == (found, 0)
    desk.attest(found, OLGA)
    assert desk.report(None) == []


def test_an_owner_sees_its_own_and_the_most_cited_come_first(
    office: Office, desk: FreshnessDesk
) -> None:
    quiet, cited, other = (office.keep(name) for name in ("quiet", "cited", "other"))
    for document_id, owner in ((quiet, "olga"), (cited, "olga"), (other, "otto")):
        govern(office, document_id, Governance(owner, fresh_for="30d"))
    with office.store.write() as unit:
        key = office.store.keys.new(collection="runs", now=office.clock())
        unit.runs.start(
            RunRecord("run-1", "answer", "ann", None, 1, "running", key[0], office.clock())
        )
        unit.runs.end("run-1", state="succeeded", now=office.clock(), evidence=[cited])
    office.clock.forward(31 * DAY)
    assert [(one.document_id, one.cited) for one in desk.report(OLGA)] == [(cited, 1), (quiet, 0)]
    assert len(desk.report(None)) == 3
    assert len(desk.report(None, limit=1)) == 1


def test_only_the_owner_attests(office: Office, desk: FreshnessDesk) -> None:
    found = office.keep("a")
    with pytest.raises(NotFoundError):
        desk.attest(found, ANN)
    office.erasure.erase(found, OLGA, reason="request 4")
    with pytest.raises(NotFoundError):
        desk.attest(found, OLGA)


def test_the_owners_word_does_not_reach_a_later_text(office: Office, desk: FreshnessDesk) -> None:
    found = office.keep("a")
    desk.attest(found, OLGA)
    with office.store.write() as unit:
        kept = unit.documents.get(found)
    assert kept is not None
    assert kept.document.verified_at is not None
    office.keep("a", text="Another text.")
    with office.store.read() as unit:
        kept = unit.documents.get(found)
    assert kept is not None
    assert kept.document.verified_at is None
