"""A tool dials a host that was named, at an address that was meant, and nothing else."""

import pytest

from vault.domain.errors import InvalidRequestError
from vault.orchestrate.kinds.destinations import Destinations
from vault.orchestrate.tool import RetryableToolError, ToolFailedError

INSIDE = {"api.test:8443": ["10.0.0.0/8", "fd00::/8"], "open.test:443": []}


def places(*addresses: str) -> Destinations:
    return Destinations(INSIDE, resolve=lambda *_: addresses)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://api.test:8443/v1/", "10.1.2.3"),
        ("https://API.test:8443", "fd00::1"),
        ("https://api.test:8443", "::ffff:10.1.2.3"),
        ("https://open.test", "93.184.216.34"),
    ],
)
def test_an_address_that_was_meant_is_pinned(url: str, address: str) -> None:
    found = places(address).find(url)
    assert found.address == address.removeprefix("::ffff:")
    assert (found.host, found.scheme) == (found.host.lower(), "https")
    assert found.prefix in {"", "/v1"}


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("https://api.test:8443", ["127.0.0.1"]),
        ("https://api.test:8443", ["10.1.2.3", "169.254.169.254"]),
        ("https://api.test:8443", ["::ffff:127.0.0.1"]),
        ("https://api.test:8443", []),
        ("https://open.test", ["10.1.2.3"]),
        ("https://open.test", ["127.0.0.1"]),
        ("https://open.test", ["169.254.169.254"]),
        ("https://open.test", ["224.0.0.1"]),
        ("https://open.test", ["fe80::1%eth0"]),
        ("https://open.test", ["0.0.0.0"]),  # noqa: S104 - an address of a name
        ("https://other.test", ["93.184.216.34"]),
        ("https://api.test", ["10.1.2.3"]),
    ],
)
def test_any_other_address_is_refused(url: str, addresses: list[str]) -> None:
    with pytest.raises(ToolFailedError, match="not allowed"):
        places(*addresses).find(url)


def test_a_name_that_does_not_resolve_may_do_so_later() -> None:
    def fail(host: str, port: int) -> list[str]:
        raise OSError(f"{host}:{port}")

    with pytest.raises(RetryableToolError, match="resolve"):
        Destinations(INSIDE, resolve=fail).find("https://api.test:8443")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://api.test:8443",
        "https://user:word@api.test:8443",
        "https://api.test:8443?x=1",
        "https://api.test:99999",
        "https://",
        "file:///etc/passwd",
        "https://api.test:8443#x",
        "https://127.1.test\\@api.test:8443",
        "http://api.test:8444",
        "http://open.test:443/",
    ],
)
def test_a_base_url_is_plain_and_allowed(url: str) -> None:
    if url == "http://open.test:443/":
        # Without networks it may be anywhere, and then it is TLS or nothing.
        assert Destinations({"open.test:443": ["8.8.8.0/24"]}, resolve=lambda *_: [])
    with pytest.raises(InvalidRequestError):
        Destinations({**INSIDE, "open.test:443": ["8.8.8.0/24"]}, resolve=lambda *_: []).check(url)


def test_a_private_network_may_be_reached_without_tls() -> None:
    places().check("http://api.test:8443")
    places().check("https://open.test")


def test_an_address_stands_for_itself() -> None:
    found = Destinations({"[::1]:80": ["::1/128"]}, resolve=lambda host, _: [host])
    assert found.find("http://[::1]/x").address == "::1"


@pytest.mark.parametrize(
    "allowed", [{"api": []}, {"a b:1": []}, {"a:0": []}, {"a:x": []}, {"a:1": ["10.0.0.1/8"]}]
)
def test_what_an_operator_names_is_checked(allowed: dict) -> None:
    with pytest.raises(InvalidRequestError):
        Destinations(allowed, resolve=lambda *_: [])
