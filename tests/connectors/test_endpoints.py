"""A connector dials only hosts it may, with secrets from files, patiently and at its pace."""

from pathlib import Path

import pytest

from connectors.endpoints import (
    Endpoint,
    Pace,
    Patience,
    demand_host,
    host_is_allowed,
    host_is_loopback,
    parse_url,
    read_secret,
)
from connectors.errors import ConnectorConfigError, SourceUnavailableError


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "::ffff:10.1.2.3",
        "[fd00::1]",
        "::1",
        "files",
        "nas.lan",
        "A.Internal.",
    ],
)
def test_what_only_a_local_network_knows_is_allowed(host: str) -> None:
    assert host_is_allowed(host)


@pytest.mark.parametrize(
    "host",
    [
        "8.8.8.8",
        "2001:4860:4860::8888",
        "s3.amazonaws.com",
        "",
        "evil.lan.com",
        "169.254.169.254",
        "fe80::1",
        "224.0.0.1",
        "::",
        "::ffff:8.8.8.8",
        "134744072",
        "0x8080808",
        "8.8.2056",
        "010.8.8.8",
    ],
)
def test_a_public_host_has_to_be_named(host: str) -> None:
    assert not host_is_allowed(host)
    with pytest.raises(ConnectorConfigError):
        demand_host(host, allowed=(), kind="s3")


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("8.8.8.8", "8.8.8.0/24"),
        ("2001:db8:0:1::1", "2001:db8::/32"),
        ("files.example.org", "Files.Example.org"),
        ("a.example.org", "*.example.org"),
    ],
)
def test_a_host_that_is_named_is_allowed(host: str, allowed: str) -> None:
    assert demand_host(host, allowed=("not/a/network", allowed), kind="s3") == host


@pytest.mark.parametrize(
    ("host", "allowed"),
    [("8.8.9.8", "8.8.8.0/24"), ("example.org", "*.example.org"), ("b-a.org", "a.org")],
)
def test_a_name_beside_the_list_is_not_on_it(host: str, allowed: str) -> None:
    assert not host_is_allowed(host, (allowed,))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.8.0.1", True),
        ("[::1]", True),
        ("LOCALHOST", True),
        ("nas", False),
        ("10.0.0.1", False),
    ],
)
def test_this_machine_is_told_from_others(host: str, *, loopback: bool) -> None:
    assert host_is_loopback(host) is loopback


def test_a_url_is_taken_apart() -> None:
    endpoint, path = parse_url("https://[::1]/dav/a b/", allowed=(), kind="webdav")
    assert (endpoint, path) == (Endpoint("::1", 443, tls=True), "/dav/a b/")
    assert endpoint.origin == "https://[::1]:443"
    assert parse_url("http://NAS:81", allowed=(), kind="webdav")[0].origin == "http://nas:81"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://nas/", "must start with"),
        ("https://me:secret@nas/", "may not carry a password"),
        ("https://nas/?x=1", "may not carry a query"),
        ("https://nas:port/", "malformed"),
        ("https://", "needs a host"),
        ("https://example.org/", "allowed_hosts"),
    ],
)
def test_a_url_that_hides_something_is_refused(url: str, reason: str) -> None:
    with pytest.raises(ConnectorConfigError, match=reason) as caught:
        parse_url(url, allowed=(), kind="webdav")
    assert "secret" not in str(caught.value)


def test_a_secret_is_read_without_its_line_break(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(" open sesame \r\n")
    assert read_secret(tmp_path / "password") == " open sesame "


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe", b"x" * 70_000])
def test_a_secret_that_is_none_is_an_outage_and_is_not_told(
    tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "password").write_bytes(content)
    with pytest.raises(SourceUnavailableError, match="'password'") as caught:
        read_secret(tmp_path / "password")
    assert "xxx" not in str(caught.value)


def test_a_passing_error_is_waited_out_with_growing_pauses() -> None:
    waits: list[float] = []
    answers = iter([ConnectionResetError(), TimeoutError(), "done"])

    def ask() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    patience = Patience(attempts=3, pause_seconds=5, longest_seconds=8, sleep=waits.append)
    assert patience.call(ask, transient=(OSError,), what="listing") == "done"
    assert waits == [5, 8]


def test_an_error_that_stays_is_an_outage() -> None:
    def ask() -> str:
        raise ConnectionResetError("peer at 10.0.0.1")

    patience = Patience(attempts=2, sleep=lambda _: None)
    with pytest.raises(SourceUnavailableError, match="listing failed: ConnectionResetError"):
        patience.call(ask, transient=(OSError,), what="listing")


def test_an_error_that_cannot_pass_is_not_repeated() -> None:
    tries: list[int] = []

    def ask() -> str:
        tries.append(1)
        raise KeyError("x")

    with pytest.raises(KeyError):
        Patience(sleep=lambda _: None).call(ask, transient=(OSError,), what="listing")
    assert tries == [1]


def test_no_attempt_is_no_patience() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Patience(attempts=0).call(str, transient=(OSError,), what="listing")


def test_requests_keep_their_distance() -> None:
    moment, waits = [100.0], []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        moment[0] += seconds

    pace = Pace(4, clock=lambda: moment[0], sleep=sleep)
    for _ in range(3):
        pace.wait()
    moment[0] += 9
    pace.wait()
    assert waits == [0.25, 0.25]


def test_no_pace_waits_for_nothing() -> None:
    def sleep(seconds: float) -> None:
        raise AssertionError(seconds)

    pace = Pace(sleep=sleep)
    pace.wait()
    pace.wait()
