"""A level that screening raised is lowered by two persons, for one text, and by nothing else."""

import pytest

from tests.vault.lifecycle.conftest import ANN, OLGA, ROBIN, RUTH, Office, person
from vault.domain.errors import AccessDeniedError, InvalidRequestError, NotFoundError
from vault.domain.labels import Classification
from vault.lifecycle.lowering import LoweringDesk

CARD = "The sample card 4111 1111 1111 1111 is printed on the poster."


@pytest.fixture
def desk(office: Office) -> LoweringDesk:
    return LoweringDesk(
        office.store,
        journal=office.journal,
        policy=office.policy,
        requests=office.requests,
        now=office.clock,
    )


def level(office: Office, document_id: str) -> str:
    with office.store.read() as unit:
        kept = unit.documents.get(document_id)
    assert kept is not None
    return kept.document.access.label.classification.word


def relabelled(office: Office) -> int:
    with office.store.read() as unit:
        return sum(one.kind == "relabel" for one in unit.changes.since(0, limit=100))


def test_two_persons_lower_it_and_the_index_follows(office: Office, desk: LoweringDesk) -> None:
    found = office.keep("poster", text=CARD)
    assert level(office, found) == "confidential"
    made = desk.ask(found, Classification.INTERNAL, OLGA)
    with office.store.read() as unit:
        epoch = unit.epoch()
    assert desk.grant(made.id, digest=made.digest, subject=ROBIN) == found
    assert level(office, found) == "internal"
    assert relabelled(office) == 1
    assert office.events(found)[-1] == "document.lowered"
    with office.store.read() as unit:
        assert unit.epoch() > epoch


def test_it_stays_lowered_for_that_text_alone(office: Office, desk: LoweringDesk) -> None:
    found = office.keep("poster", text=CARD)
    made = desk.ask(found, Classification.INTERNAL, OLGA)
    desk.grant(made.id, digest=made.digest, subject=ROBIN)
    assert not office.plant.keeper.relabel(found, office.plant.intake(), version="2")
    assert level(office, found) == "internal"
    office.keep("poster", text=CARD + " So is 5500 0000 0000 0004.")
    assert level(office, found) == "confidential"


def test_nobody_lowers_alone(office: Office, desk: LoweringDesk) -> None:
    found = office.keep("poster", text=CARD)
    keeper = person("olga", "records")
    made = desk.ask(found, Classification.INTERNAL, keeper)
    for subject in (keeper, OLGA, ANN):
        with pytest.raises(AccessDeniedError):
            desk.grant(made.id, digest=made.digest, subject=subject)
    assert level(office, found) == "confidential"


def test_only_its_owner_asks(office: Office, desk: LoweringDesk) -> None:
    found = office.keep("poster", text=CARD)
    for subject in (ANN, RUTH):
        with pytest.raises(NotFoundError):
            desk.ask(found, Classification.INTERNAL, subject)


def test_what_was_not_raised_is_not_lowered_and_nothing_is_raised_here(
    office: Office, desk: LoweringDesk
) -> None:
    plain = office.keep("plain", text="Nothing to see.")
    with pytest.raises(InvalidRequestError, match="raised no level"):
        desk.ask(plain, Classification.PUBLIC, OLGA)
    found = office.keep("poster", text=CARD)
    for to in (Classification.CONFIDENTIAL, Classification.SECRET):
        with pytest.raises(InvalidRequestError, match="only to one below"):
            desk.ask(found, to, OLGA)


def test_a_verdict_is_about_the_text_that_was_asked_for(office: Office, desk: LoweringDesk) -> None:
    found = office.keep("poster", text=CARD)
    made = desk.ask(found, Classification.INTERNAL, OLGA)
    office.keep("poster", text=CARD + " Now.")
    with pytest.raises(InvalidRequestError, match="has changed"):
        desk.grant(made.id, digest=made.digest, subject=ROBIN)
    assert level(office, found) == "confidential"


def test_a_refused_level_stays(office: Office, desk: LoweringDesk) -> None:
    found = office.keep("poster", text=CARD)
    made = desk.ask(found, Classification.INTERNAL, OLGA)
    desk.refuse(made.id, digest=made.digest, subject=RUTH)
    assert level(office, found) == "confidential"
    with pytest.raises(InvalidRequestError):
        desk.grant(made.id, digest=made.digest, subject=ROBIN)


def test_an_attachment_keeps_what_its_own_text_needs(office: Office, desk: LoweringDesk) -> None:
    parent = office.keep("poster", text=CARD)
    child = office.keep("inside", text="TLP:RED")
    with office.store.write() as unit:
        unit.documents.change(child, parent_id=parent)
    made = desk.ask(parent, Classification.INTERNAL, OLGA)
    desk.grant(made.id, digest=made.digest, subject=ROBIN)
    office.plant.keeper.relabel(parent, office.plant.intake("user:olga"), version="3")
    assert (level(office, parent), level(office, child)) == ("internal", "secret")
