"""A directory changes who there is, and never what anyone is cleared for."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import Clock
from vault.authenticate import Authenticator
from vault.domain.errors import InvalidRequestError, NotFoundError, UnauthenticatedError
from vault.domain.identity import Principal, PrincipalKind, Scope, Subject
from vault.domain.labels import Classification, Label
from vault.domain.provisioning import NameTakenError, PersonForm
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.lifecycle.provisioning import Provisioning
from vault.store.session import Store

IDP = Subject(Principal("idp", PrincipalKind.SERVICE, Label(Classification.PUBLIC)))


@pytest.fixture
def provisioning(store: Store, clock: Clock) -> Provisioning:
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    journal = Journal(Ledger(origin="test.example/log", signer=signer), now=clock)
    cleared = Label(Classification.PUBLIC)
    return Provisioning(store, journal=journal, clearance=cleared, now=clock)


def state(store: Store) -> tuple[int, int]:
    with store.read() as unit:
        return unit.epoch(), unit.ledger.size()


def last_event(store: Store) -> dict[str, object]:
    with store.read() as unit:
        found: dict[str, object] = json.loads(unit.ledger.leaf(unit.ledger.size() - 1))
    return found


def allow(_: object) -> None:
    return None


def test_a_new_person_has_the_least_clearance_and_no_compartment(
    store: Store, provisioning: Provisioning
) -> None:
    added = provisioning.add_person(PersonForm("ann@x.org", " Ann "), IDP)
    assert (added.id, added.form.user_name, added.form.display_name) == (
        "ann@x.org",
        "ann@x.org",
        "Ann",
    )
    with store.read() as unit:
        found = unit.principals.get(added.id)
    assert found == Principal(
        "ann@x.org", PrincipalKind.PERSON, Label(Classification.PUBLIC), frozenset({"everyone"})
    )


def test_every_change_raises_the_epoch_and_is_in_the_ledger(
    store: Store, provisioning: Provisioning
) -> None:
    before = state(store)
    provisioning.add_person(PersonForm("ann"), IDP)
    after = state(store)
    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)
    event = last_event(store)
    assert (event["type"], event["actor"]) == ("person.provisioned", "user:idp")
    assert event["facts"] == {"principal": "ann", "active": True, "tokens_ended": 0}
    provisioning.change_person("ann", lambda person: person.form, IDP)
    assert state(store) == after


def test_a_person_who_may_not_sign_in_any_more_loses_every_token_at_once(
    store: Store, clock: Clock, provisioning: Provisioning
) -> None:
    provisioning.add_person(PersonForm("ann"), IDP)
    authenticator = Authenticator(store, now=clock)
    token, _ = authenticator.issue(
        "ann", scopes=frozenset({Scope.DOCUMENT_READ}), ttl=timedelta(hours=1)
    )
    provisioning.change_person("ann", _set(active=False), IDP)
    with pytest.raises(UnauthenticatedError):
        authenticator.authenticate(token)
    provisioning.change_person("ann", _set(active=True), IDP)
    with pytest.raises(UnauthenticatedError):
        authenticator.authenticate(token)
    with store.read() as unit:
        assert unit.principals.get("ann") is not None


def test_a_change_keeps_the_id_and_the_clearance_an_operator_gave(
    store: Store, clock: Clock, provisioning: Provisioning
) -> None:
    secret = Label(Classification.SECRET, frozenset({"deal"}))
    with store.write() as unit:
        unit.principals.add(Principal("ann", PrincipalKind.PERSON, secret), name="A", now=clock())
    clock.forward(timedelta(days=1))
    changed = provisioning.change_person("ann", _set(user_name="ann.b", external_id="7"), IDP)
    assert (changed.id, changed.form.user_name) == ("ann", "ann.b")
    assert changed.modified_at - changed.created_at == timedelta(days=1)
    with store.read() as unit:
        found = unit.principals.get("ann")
    assert found is not None
    assert found.clearance == secret


def test_a_sign_in_name_is_held_by_one_person_whatever_its_case(
    provisioning: Provisioning,
) -> None:
    provisioning.add_person(PersonForm("ann"), IDP)
    provisioning.add_person(PersonForm("bo"), IDP)
    with pytest.raises(NameTakenError):
        provisioning.add_person(PersonForm("ANN"), IDP)
    with pytest.raises(NameTakenError):
        provisioning.change_person("bo", _set(user_name="Ann"), IDP)
    assert provisioning.change_person("ann", _set(user_name="Ann"), IDP).form.user_name == "Ann"


def test_a_person_who_is_gone_is_not_found_and_the_id_is_not_given_again(
    store: Store, clock: Clock, provisioning: Provisioning
) -> None:
    provisioning.add_person(PersonForm("ann"), IDP)
    with store.write() as unit:
        unit.principals.add_group("staff", now=clock())
        unit.principals.add_member("staff", "user:ann")
    assert provisioning.person("ann").groups == ("staff",)
    assert provisioning.persons()[0].groups == ("staff",)
    provisioning.remove_person("ann", IDP, allow=allow)
    assert last_event(store)["type"] == "person.removed"
    with pytest.raises(NotFoundError):
        provisioning.person("ann")
    with store.read() as unit:
        assert unit.provisioned.members("staff") == []
        assert unit.principals.get("ann") is None
    assert provisioning.add_person(PersonForm("ann"), IDP).id == "ann-2"


def test_a_removal_that_is_not_allowed_changes_nothing(
    store: Store, provisioning: Provisioning
) -> None:
    provisioning.add_person(PersonForm("ann"), IDP)

    def refuse(_: object) -> None:
        raise InvalidRequestError("changed")

    before = state(store)
    with pytest.raises(InvalidRequestError):
        provisioning.remove_person("ann", IDP, allow=refuse)
    assert state(store) == before
    assert provisioning.person("ann").form.active


def test_an_agent_is_no_person_of_a_directory(
    store: Store, clock: Clock, provisioning: Provisioning
) -> None:
    agent = Principal("bot", PrincipalKind.AGENT, Label(Classification.SECRET))
    with store.write() as unit:
        unit.principals.add(agent, name="Bot", now=clock())
    with pytest.raises(NotFoundError):
        provisioning.change_person("bot", _set(active=False), IDP)
    assert provisioning.add_person(PersonForm("bot"), IDP).id == "bot-2"


def test_a_name_of_another_form_is_refused(provisioning: Provisioning) -> None:
    with pytest.raises(InvalidRequestError, match="sign-in name"):
        provisioning.add_person(PersonForm(" "), IDP)


def _set(**changes: object) -> Callable[..., PersonForm]:
    return lambda person: replace(person.form, **changes)
