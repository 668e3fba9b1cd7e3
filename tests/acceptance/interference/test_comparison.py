"""The comparison forgives random ids and the time of sending, and nothing else."""

import uuid
from dataclasses import replace

import pytest

from tests.acceptance.interference.asking import Members
from tests.acceptance.interference.naming import Names
from tests.acceptance.interference.pair import differing
from tests.acceptance.interference.wire import Reply, Request, parse

SENT = (
    b"HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 09:00:00 GMT\r\nX-Id: %s\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"
)


def reply(found: object, *parts: bytes) -> Reply:
    made = parse(SENT.replace(b"%s", str(found).encode()))
    return Names().settled(replace(made, parts=parts) if parts else made)


def test_random_ids_and_the_moment_of_sending_are_forgiven() -> None:
    one, two = reply(uuid.uuid4()), reply(uuid.uuid4())
    assert differing(one, two) is None
    assert differing(reply(uuid.uuid4().hex), reply(uuid.uuid4().hex)) is None
    assert dict(one.headers)["Date"] == "a moment"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("17", "18"),
        ("00000000-0000-8000-8000-000000000001", "00000000-0000-8000-8000-000000000002"),
        (uuid.uuid1(), uuid.uuid1()),
        (uuid.uuid4(), "none"),
    ],
)
def test_an_id_that_does_not_say_it_is_random_is_compared(one: object, two: object) -> None:
    assert differing(reply(one), reply(two)) is not None


def test_the_bounds_of_chunks_are_compared() -> None:
    assert parse(SENT).parts == (b"one", b"two", b"")
    assert differing(reply("1", b"one", b"two"), reply("1", b"onet", b"wo")) is not None


def test_the_same_id_twice_is_not_two_ids() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    one = reply("1", f"{first} {first}".encode())
    two = reply("1", f"{first} {second}".encode())
    assert differing(one, two) is not None


def test_a_name_stands_for_each_vaults_own_id() -> None:
    names, found = Names(), str(uuid.uuid4())
    named = names.text(found)
    assert named != found
    assert names.actual(Request("GET", f"/v1/runs/{named}/proof")).path.split("/")[3] == found


def test_a_member_that_no_value_is_known_for_is_noticed() -> None:
    schemas = {"SearchIn": {"properties": {"surprise": {"type": "string"}}}}
    with pytest.raises(AssertionError, match="surprise"):
        Members({"components": {"schemas": schemas}}).of("SearchIn")
