"""A vault listens where it was told to, or says in one sentence why it cannot."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from vault.api.listeners import listen
from vault.domain.errors import InvalidRequestError

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of 127.0.0.1 that another program listens at."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def opened(stack: ExitStack, host: str, port: int) -> list[tuple[str, int]]:
    sockets = [stack.enter_context(found) for found in listen(host, port)]
    return [found.getsockname()[:2] for found in sockets]


def test_a_free_port_is_found_and_can_be_reached() -> None:
    with ExitStack() as stack:
        [(host, port)] = opened(stack, "127.0.0.1", 0)
        assert host == "127.0.0.1"
        with socket.create_connection((host, port), timeout=5):
            pass


def test_every_address_of_a_name_has_the_same_port() -> None:
    with ExitStack() as stack:
        places = opened(stack, "localhost", 0)
        assert "127.0.0.1" in {host for host, _ in places}
        assert len({port for _, port in places}) == 1


def test_a_taken_port_is_told_with_what_to_do(taken: int) -> None:
    with pytest.raises(InvalidRequestError, match=f"port {taken}: another program") as refused:
        listen("127.0.0.1", taken)
    assert "--port" in refused.value.detail


def test_a_port_can_be_taken_again_at_once() -> None:
    with ExitStack() as stack:
        [(_, port)] = opened(stack, "127.0.0.1", 0)
    with ExitStack() as stack:
        assert opened(stack, "127.0.0.1", port) == [("127.0.0.1", port)]


@pytest.mark.parametrize("host", ["192.0.2.7", "no.such.host.invalid", "a" * 300, "bad\0name"])
def test_a_place_that_is_not_here_is_refused(host: str) -> None:
    with pytest.raises(InvalidRequestError, match="cannot listen on"):
        listen(host, 0)


def test_what_was_opened_is_closed_when_a_later_address_fails(
    taken: int, recwarn: pytest.WarningsRecorder
) -> None:
    with pytest.raises(InvalidRequestError):
        listen("localhost", taken)
    assert not [found for found in recwarn if found.category is ResourceWarning]
