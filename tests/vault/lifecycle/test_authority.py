"""What is not a subject's to decide over does not exist for it."""

import pytest

from tests.vault.lifecycle.conftest import ANN, OLGA, Office
from vault.domain.errors import NotFoundError
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.lifecycle.authority import ABSENT, governed


def test_the_owner_and_the_operator_decide_and_nobody_else(office: Office) -> None:
    found = office.keep("a")
    agent = Principal("helper", PrincipalKind.AGENT, OLGA.actor.clearance)
    with office.store.read() as unit:
        for subject in (OLGA, None):
            assert governed(unit, office.policy, found, subject).document.id == found
        for subject in (ANN, Subject(agent, OLGA.actor), Subject(agent)):
            with pytest.raises(NotFoundError, match=ABSENT):
                governed(unit, office.policy, found, subject)
        with pytest.raises(NotFoundError, match=ABSENT):
            governed(unit, office.policy, "no-such", None)


def test_an_erased_document_is_nobodys(office: Office) -> None:
    found = office.keep("a")
    office.erasure.erase(found, None, reason="request 4")
    with office.store.read() as unit, pytest.raises(NotFoundError, match=ABSENT):
        governed(unit, office.policy, found, None)
