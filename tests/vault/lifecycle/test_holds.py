"""A hold stops every disposition, only those with authority place it, and nobody else hears why."""

import pytest

from tests.vault.lifecycle.conftest import ANN, OLGA, ROBIN, RUTH, Office
from vault.domain.errors import (
    AccessDeniedError,
    HoldInForceError,
    InvalidRequestError,
    NotFoundError,
)
from vault.domain.holds import HoldQuery
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import Classification, Label
from vault.lifecycle.holds import Matter

MATTER = Matter("Case 12", "District court", "Documents are evidence")


def test_what_is_held_is_not_erased_until_every_hold_is_released(office: Office) -> None:
    found = office.keep("a")
    first = office.holds.place(MATTER, document_ids=[found], subject=RUTH)
    second = office.holds.place(MATTER, query=HoldQuery(collection="papers"), subject=None)
    for hold in (first, second):
        with pytest.raises(HoldInForceError) as refused:
            office.erasure.erase(found, OLGA, reason="request 4")
        assert "Case 12" not in refused.value.detail
        office.holds.release(hold.id, reason="settled", subject=ROBIN)
    office.erasure.erase(found, OLGA, reason="request 4")
    assert office.state(found) == "erased"
    assert office.events(first.id) == ["hold.placed", "hold.released"]


def test_what_comes_in_later_and_fits_is_held_too(office: Office) -> None:
    hold = office.holds.place(MATTER, query=HoldQuery(title_contains="AUDIT"), subject=RUTH)
    fits, other = office.keep("audit-2026"), office.keep("menu")
    with office.store.read() as unit:
        assert [one.id for one in unit.holds.on(fits)] == [hold.id]
        assert not unit.holds.on(other)
    assert office.events(hold.id) == ["hold.placed", "hold.extended"]


def test_a_document_stays_held_when_it_no_longer_fits(office: Office) -> None:
    found = office.keep("audit-2026")
    office.holds.place(MATTER, query=HoldQuery(owner="olga"), subject=RUTH)
    with office.store.write() as unit:
        unit.documents.change(found, owner="otto")
    with pytest.raises(HoldInForceError):
        office.erasure.erase(found, None, reason="request 4")


def test_a_hold_beats_a_deletion_at_the_source_and_the_ledger_says_so_once(
    office: Office,
) -> None:
    found = office.keep("a")
    hold = office.holds.place(MATTER, document_ids=[found], subject=RUTH)
    assert not office.plant.keeper.remove(found, reason="gone from its source")
    assert not office.plant.keeper.remove(found, reason="gone from its source")
    assert office.state(found) == "current"
    assert office.events(found).count("document.deletion_withheld") == 1
    office.holds.release(hold.id, reason="settled", subject=RUTH)
    assert office.plant.keeper.remove(found, reason="gone from its source")
    assert office.state(found) == "deleted"


@pytest.mark.parametrize(
    "subject",
    [
        ANN,
        OLGA,
        Subject(
            Principal(
                "bot",
                PrincipalKind.AGENT,
                Label(Classification.INTERNAL),
                frozenset({"records"}),
            )
        ),
    ],
    ids=["a reader", "the owner", "an agent of the records group"],
)
def test_holds_are_for_people_who_keep_records(office: Office, subject: Subject) -> None:
    found = office.keep("a")
    hold = office.holds.place(MATTER, document_ids=[found], subject=RUTH)
    with pytest.raises(AccessDeniedError):
        office.holds.place(MATTER, document_ids=[found], subject=subject)
    with pytest.raises(AccessDeniedError):
        office.holds.release(hold.id, reason="settled", subject=subject)
    with pytest.raises(AccessDeniedError):
        office.holds.all(subject)


def test_a_hold_on_nothing_is_refused(office: Office) -> None:
    with pytest.raises(InvalidRequestError, match="documents or a query"):
        office.holds.place(MATTER, subject=RUTH)
    with pytest.raises(InvalidRequestError, match="at least one condition"):
        HoldQuery()
    with pytest.raises(NotFoundError, match="nothing was held"):
        office.holds.place(MATTER, document_ids=["no-such"], subject=RUTH)
    assert office.holds.all(RUTH) == []


def test_a_release_says_why_and_happens_once(office: Office) -> None:
    hold = office.holds.place(MATTER, document_ids=[office.keep("a")], subject=RUTH)
    with pytest.raises(InvalidRequestError, match="reason"):
        office.holds.release(hold.id, reason=" ", subject=RUTH)
    released = office.holds.release(hold.id, reason="settled", subject=ROBIN)
    assert (released.in_force, released.released_by) == (False, "user:robin")
    with pytest.raises(InvalidRequestError, match="before"):
        office.holds.release(hold.id, reason="settled", subject=RUTH)
    with pytest.raises(NotFoundError):
        office.holds.release("no-such", reason="settled", subject=RUTH)


def test_a_matter_says_case_authority_and_reason() -> None:
    for parts in (("", "court", "why"), ("case", " ", "why"), ("case", "court", "x" * 501)):
        with pytest.raises(InvalidRequestError):
            Matter(*parts)
