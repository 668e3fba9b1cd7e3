"""A body above the limit is refused before it is read."""

from collections.abc import Iterator

import anyio
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from tests.vault.api.conftest import ScriptedSearches
from vault.api.body_limit import LARGEST_BODY, BodyLimit


def test_an_announced_size_above_the_limit_is_refused(
    client: TestClient, ana: dict[str, str], searches: ScriptedSearches
) -> None:
    body = b'{"query": "' + b"a" * LARGEST_BODY + b'"}'
    headers = ana | {"Content-Type": "application/json"}
    response = client.post("/v1/search", content=body, headers=headers)
    assert response.status_code == 413
    assert response.json()["type"] == "/problems/document-too-large"
    assert not searches.asked


def test_a_body_of_unknown_size_is_refused_once_it_is_too_large(
    client: TestClient, ana: dict[str, str], searches: ScriptedSearches
) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"query": "'
        for _ in range(LARGEST_BODY // 1000 + 1):
            yield b"a" * 1000
        yield b'"}'

    headers = ana | {"Content-Type": "application/json"}
    response = client.post("/v1/search", content=pieces(), headers=headers)
    assert response.status_code == 413
    assert not searches.asked


def test_nothing_of_an_announced_giant_is_read() -> None:
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("the application was asked")

    async def receive() -> Message:
        raise AssertionError("the body was read")

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "server": ("127.0.0.1", 80),
        "scheme": "http",
        "query_string": b"",
        "headers": [(b"content-length", b"999999999999")],
    }
    anyio.run(BodyLimit(app), scope, receive, send)
    assert sent[0]["status"] == 413


def test_a_long_question_below_the_limit_is_let_through(
    client: TestClient, ana: dict[str, str], searches: ScriptedSearches
) -> None:
    question = "a" * 100_000
    assert client.post("/v1/search", json={"query": question}, headers=ana).status_code == 200
    assert searches.asked == [(question, 10)]
