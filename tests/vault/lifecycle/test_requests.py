"""What takes two persons takes two persons, on exactly what the second one looked at."""

from datetime import timedelta

import pytest

from tests.vault.lifecycle.conftest import ANN, ROBIN, RUTH, Office
from vault.domain.errors import AccessDeniedError, InvalidRequestError, NotFoundError
from vault.domain.identity import Subject
from vault.domain.requests import Request, Verdict
from vault.lifecycle.requests import DISPOSITION, LIFETIME

BODY: dict[str, object] = {"records": [{"document_id": "x", "disposition": "destroy"}]}


def decide(office: Office, made: Request, subject: Subject, digest: str | None = None) -> None:
    with office.store.write() as unit:
        office.requests.decide(
            unit, made.id, Verdict.GRANTED, digest=digest or made.digest, subject=subject
        )


def test_nobody_approves_their_own_request(office: Office) -> None:
    made = office.requests.ask(DISPOSITION, BODY, RUTH)
    with pytest.raises(AccessDeniedError):
        decide(office, made, RUTH)
    decide(office, made, ROBIN)
    kept = office.requests.get(made.id)
    assert (kept.verdict, kept.decided_by) == (Verdict.GRANTED, "user:robin")
    assert office.events(made.id) == ["request.made", "request.granted"]


def test_a_person_asking_through_an_agent_does_not_approve_it_either(office: Office) -> None:
    made = office.requests.ask(DISPOSITION, BODY, RUTH)
    with pytest.raises(AccessDeniedError):
        decide(office, made, Subject(ROBIN.actor, RUTH.actor))


def test_a_request_is_decided_once(office: Office) -> None:
    made = office.requests.ask(DISPOSITION, BODY, RUTH)
    decide(office, made, ROBIN)
    with pytest.raises(InvalidRequestError, match="granted before"):
        decide(office, made, ROBIN)


def test_silence_is_a_refusal(office: Office) -> None:
    made = office.requests.ask(DISPOSITION, BODY, RUTH)
    office.clock.forward(LIFETIME - timedelta(seconds=1))
    assert [one.id for one in office.requests.waiting(DISPOSITION, ROBIN)] == [made.id]
    office.clock.forward(timedelta(seconds=1))
    with pytest.raises(InvalidRequestError, match="expired"):
        decide(office, made, ROBIN)


def test_a_verdict_is_bound_to_what_was_shown(office: Office) -> None:
    made = office.requests.ask(DISPOSITION, BODY, RUTH)
    with pytest.raises(InvalidRequestError, match="not the one"):
        decide(office, made, ROBIN, digest="sha256:" + "0" * 64)
    assert office.requests.get(made.id).verdict is None


def test_who_keeps_no_records_neither_asks_nor_looks(office: Office) -> None:
    with pytest.raises(AccessDeniedError):
        office.requests.ask(DISPOSITION, BODY, ANN)
    with pytest.raises(AccessDeniedError):
        office.requests.waiting(DISPOSITION, ANN)
    with pytest.raises(AccessDeniedError):
        office.requests.ask("a kind no rule speaks of", BODY, RUTH)
    with pytest.raises(NotFoundError):
        office.requests.get("no-such")
