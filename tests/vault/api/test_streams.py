"""A stream ends its work when its reader leaves, and tells of a failure in its last event."""

import json

import anyio
import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from tests.vault.api.conftest import EVENTS, ScriptedAnswers
from vault.answer.service import StreamedEvent
from vault.api.app import create_app
from vault.api.streams import encode
from vault.bootstrap import Vault
from vault.domain.errors import ModelUnavailableError

STREAM = {"Accept": "text/event-stream"}


def events_of(text: str) -> list[tuple[str, dict[str, object]]]:
    blocks = text.removesuffix("\n\n").split("\n\n")
    pairs = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]
    return [(pair["event"], json.loads(pair["data"])) for pair in pairs]


def test_an_event_is_two_lines_whatever_its_text(answers: ScriptedAnswers) -> None:
    text = "first\nsecond\r\n\u2028data: third 🌴"
    form: dict[str, object] = {"text": text, "citations": [], "citation_details": []}
    event = encode(StreamedEvent("sentence", form))
    assert event.count("\n") == 3
    assert events_of(event) == [("sentence", form)]


def test_events_keep_their_order(client: TestClient, ana: dict[str, str]) -> None:
    response = client.post("/v1/answers", json={"question": "leave?"}, headers=ana | STREAM)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    assert events_of(response.text) == [(event.name, event.form) for event in EVENTS]


@pytest.mark.parametrize(
    ("failure", "slug"),
    [(ModelUnavailableError("gone"), "model-unavailable"), (KeyError("a secret"), "internal")],
)
def test_a_failure_under_way_is_the_last_event(
    client: TestClient,
    ana: dict[str, str],
    answers: ScriptedAnswers,
    failure: Exception,
    slug: str,
) -> None:
    answers.script = (*EVENTS[:2], failure)
    response = client.post("/v1/answers", json={"question": "leave?"}, headers=ana | STREAM)
    assert response.status_code == 200
    *_, (name, problem) = events_of(response.text)
    assert name == "error"
    assert problem["type"] == f"/problems/{slug}"
    assert "a secret" not in response.text
    assert answers.closed == 1


def test_a_form_that_is_not_what_was_promised_is_not_sent(
    client: TestClient, ana: dict[str, str], answers: ScriptedAnswers
) -> None:
    answers.script = (EVENTS[0], StreamedEvent("sentence", {"text": "leaked", "hidden": 1}))
    response = client.post("/v1/answers", json={"question": "leave?"}, headers=ana | STREAM)
    assert [name for name, _ in events_of(response.text)] == ["run", "error"]
    assert "leaked" not in response.text


def test_a_failure_before_the_first_event_is_an_ordinary_problem(
    client: TestClient, ana: dict[str, str], answers: ScriptedAnswers
) -> None:
    answers.script = (ModelUnavailableError("gone"),)
    response = client.post("/v1/answers", json={"question": "leave?"}, headers=ana | STREAM)
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"


def test_the_work_ends_when_the_reader_leaves(
    vault: Vault, ana: dict[str, str], answers: ScriptedAnswers
) -> None:
    answers.script = EVENTS[:1] + EVENTS[1:2] * 100_000
    app = create_app(vault)
    body = b'{"question": "leave?"}'
    headers = {
        "host": "127.0.0.1",
        "accept": "text/event-stream",
        "content-type": "application/json",
        "content-length": str(len(body)),
    } | {name.lower(): value for name, value in ana.items()}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/v1/answers",
        "raw_path": b"/v1/answers",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    sent: list[Message] = []

    async def ask() -> None:
        left = anyio.Event()
        waiting = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> Message:
            for message in waiting:
                return message
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)
            if len(sent) == 5:
                left.set()

        with anyio.fail_after(20):
            await app(scope, receive, send)

    anyio.run(ask)
    assert answers.closed == 1
    assert len(sent) < 1000
    with app.state.slots.hold("ana"):
        pass
