"""An operation says where each argument travels, and none travels where it must not."""

import pytest

from vault.domain.errors import InvalidRequestError
from vault.orchestrate.kinds.operations import Operation

GOOD = {
    "base_url": "https://api.test",
    "method": "post",
    "path": "/items/{n}/parts",
    "places": {"n": "path", "q": "query", "X-Trace": "header", "body": "body"},
    "secret": "token",
    "secret_prefix": "Bearer ",
    "key_header": "Idempotency-Key",
}


def test_an_operation_is_read_as_it_is_written() -> None:
    found = Operation.parse(GOOD)
    assert (found.method, found.secret_header, found.prefix) == ("POST", "Authorization", "Bearer ")


@pytest.mark.parametrize(
    "change",
    [
        {"method": "CONNECT"},
        {"path": "items"},
        {"path": "/items/../admin", "places": {}},
        {"path": "/items?x=1", "places": {}},
        {"path": "/items/{other}/parts"},
        {"places": {"n": "path", "q": "cookie"}},
        {"places": {"n": "path", "Host": "header"}},
        {"places": {"n": "path", "authorization": "header"}},
        {"places": {"n": "path", "a b": "header"}},
        {"key_header": "a:b"},
        {"secret_header": "x\r\n"},
        {"proxy": "http://x"},
    ],
)
def test_what_breaks_out_is_refused(change: dict) -> None:
    with pytest.raises(InvalidRequestError):
        Operation.parse(GOOD | change)
