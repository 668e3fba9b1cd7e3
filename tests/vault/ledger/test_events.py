"""An entry holds ids, digests and counts; it never holds what they stand for."""

import json
from collections.abc import Callable

import pytest

from vault.domain.errors import LedgerIntegrityError
from vault.ledger.events import MAX_FACT_CHARACTERS, LoggedEvent, check_event

Event = Callable[..., dict[str, object]]
LONG = "x" * (MAX_FACT_CHARACTERS + 1)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"a": LONG}, id="text"),
        pytest.param({"a": ["b", LONG]}, id="text in a list"),
        pytest.param({"a": {"b": ("c", LONG)}}, id="text further in"),
        pytest.param({LONG: 1}, id="a name"),
    ],
)
def test_long_text_is_taken_for_content_and_refused(event: Event, facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="commit to it"):
        check_event({"v": 1, **event(), "facts": facts})


def test_text_as_long_as_an_identifier_is_a_fact(event: Event) -> None:
    check_event({"v": 1, **event(1, digest=LONG[:-1], score=0.5, missing=None)})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"v": 2}, id="another version"),
        pytest.param({"v": True}, id="a version that is no number"),
        pytest.param({"type": None}, id="no type"),
        pytest.param({"time": 0}, id="time as a number"),
        pytest.param({"facts": []}, id="facts without names"),
        pytest.param({"text": "hello"}, id="unknown member"),
    ],
)
def test_a_malformed_event_is_neither_written_nor_read(
    event: Event, change: dict[str, object]
) -> None:
    malformed = {"v": 1, **event(), **change}
    with pytest.raises(ValueError, match="event"):
        check_event(malformed)
    with pytest.raises(LedgerIntegrityError):
        LoggedEvent.parse(json.dumps(malformed).encode())


def test_an_event_without_an_actor_is_neither_written_nor_read(event: Event) -> None:
    nobody = {"v": 1, **event()}
    del nobody["actor"]
    with pytest.raises(ValueError, match="actor"):
        check_event(nobody)
    with pytest.raises(LedgerIntegrityError, match="actor"):
        LoggedEvent.parse(json.dumps(nobody).encode())


def test_an_event_is_read_back(event: Event) -> None:
    body = json.dumps({"v": 1, **event(3), "on_behalf_of": None}).encode()
    assert LoggedEvent.parse(body) == LoggedEvent(
        type="answer.given",
        id="event-3",
        time="2026-01-02T03:04:05Z",
        actor="user:robin",
        facts={"count": 3},
        run_id="run-1",
    )
