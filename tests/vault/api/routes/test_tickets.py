"""The tracker answers those whom a ticket concerns, once for each key."""

import pytest
from starlette.testclient import TestClient

from tests.vault.api.conftest import TokenFor
from vault.bootstrap import Vault
from vault.domain.identity import Scope
from vault.domain.labels import Classification, Label

BODY = {"title": "Door", "body": "It is broken.", "queue": "board"}
BOTH = (Scope.TICKET_READ, Scope.TICKET_WRITE)


@pytest.fixture
def ana(token_for: TokenFor) -> dict[str, str]:
    return token_for("ana", *BOTH)


def make(client: TestClient, ana: dict[str, str], key: str, **change: object) -> dict:
    headers = ana | {"Idempotency-Key": key}
    response = client.post("/v1/tickets", json=BODY | change, headers=headers)
    assert response.status_code == 200, response.text
    return response.json()


def test_the_same_key_makes_one_ticket(client: TestClient, ana: dict[str, str]) -> None:
    first = make(client, ana, "key-of-the-door")
    assert make(client, ana, "key-of-the-door") == first
    headers = ana | {"Idempotency-Key": "key-of-the-door"}
    other = client.post("/v1/tickets", json=BODY | {"title": "Window"}, headers=headers)
    assert (other.status_code, other.json()["type"]) == (409, "/problems/revision-conflict")
    assert client.post("/v1/tickets", json=BODY, headers=ana).status_code == 422


def test_a_ticket_is_for_its_queue_and_its_reporter(
    client: TestClient, ana: dict[str, str], token_for: TokenFor
) -> None:
    made = make(client, ana, "key-of-the-queue")
    olga, bo = token_for("olga", *BOTH), token_for("bo", *BOTH)
    path = f"/v1/tickets/{made['number']}"
    assert client.get(path, headers=olga).json() == made | {"remarks": []}
    assert client.get(path, headers=bo).status_code == 404
    assert client.get("/v1/tickets", headers=bo).json() == {"tickets": []}
    listed = client.get("/v1/tickets?limit=1", headers=olga).json()["tickets"]
    assert [one["number"] for one in listed] == [made["number"]]
    below = client.get(f"/v1/tickets?before={made['number']}", headers=olga).json()["tickets"]
    assert made["number"] not in [one["number"] for one in below]


def test_a_ticket_is_worked_on(
    client: TestClient, ana: dict[str, str], token_for: TokenFor
) -> None:
    path = f"/v1/tickets/{make(client, ana, 'key-of-the-work')['number']}"
    olga = token_for("olga", *BOTH)
    said = client.post(f"{path}/remarks", json={"text": "Seen."}, headers=olga).json()
    assert [one["by"] for one in said["remarks"]] == ["olga"]
    move = {"state": "closed", "changes": 0}
    assert client.post(f"{path}/state", json=move, headers=olga).json()["state"] == "closed"
    again = client.post(f"{path}/state", json={"state": "open", "changes": 0}, headers=ana)
    assert again.status_code == 409
    reading = token_for("ana", Scope.TICKET_READ)
    assert client.post(f"{path}/state", json=move, headers=reading).status_code == 403


def test_a_notice_is_shown_to_its_receiver(
    client: TestClient, vault: Vault, token_for: TokenFor
) -> None:
    label = Label(Classification.PUBLIC)
    vault.tickets.notify(
        "bo", "Look.", vault.authenticator.subject("ana"), key="k" * 9, label=label
    )
    (found,) = client.get("/v1/notices", headers=token_for("bo", *BOTH)).json()["notices"]
    assert (found["text"], found["made_by"]) == ("Look.", "ana")
    assert client.get("/v1/notices", headers=token_for("ana", *BOTH)).json() == {"notices": []}
