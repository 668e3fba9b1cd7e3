"""A vault is served from a thread for the length of a block, and not longer."""

import threading
from http.client import HTTPConnection

import pytest

from vault.api.background import HOST, serving
from vault.bootstrap import Vault

pytestmark = pytest.mark.enable_socket


def answer(place: tuple[str, int], path: str) -> tuple[int, bytes]:
    connection = HTTPConnection(*place, timeout=20)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_it_answers_on_loopback_inside_the_block_alone(vault: Vault) -> None:
    with serving(vault) as place:
        assert place[0] == HOST == "127.0.0.1"
        assert answer(place, "/healthz") == (200, b'{"status":"alive"}')
        assert answer(place, "/v1/documents")[0] == 401
    with pytest.raises(OSError, match="refused"):
        answer(place, "/healthz")


def test_its_thread_ends_with_the_block_even_when_that_fails(vault: Vault) -> None:
    with pytest.raises(RuntimeError, match="the block fails"), serving(vault):
        raise RuntimeError("the block fails")
    assert "serving" not in {thread.name for thread in threading.enumerate()}


def test_two_can_be_served_side_by_side(vault: Vault) -> None:
    with serving(vault) as one, serving(vault) as other:
        assert one[1] != other[1]
        assert answer(one, "/healthz") == answer(other, "/healthz")
