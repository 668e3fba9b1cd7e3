"""A request goes to an address that was checked, carries no more than it must, and ends."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from connectors.endpoints import Patience
from connectors.errors import SourceUnavailableError
from connectors.web_client import Manners, WebClient
from connectors.web_urls import WebAddress
from tests.connectors.servers.website import Reply, Website, dialling, serving

PRIVATE = ("10.0.0.0/8", "fd00::/8")


@pytest.fixture
def socket_file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "s"


@pytest.fixture
def site(socket_file: Path) -> Iterator[Website]:
    with serving(Website(), socket_file=socket_file) as running:
        yield running


def client(socket_file: Path, *addresses: str, **manners: object) -> WebClient:
    return WebClient(
        Manners(**({"networks": PRIVATE, "per_second": 0} | manners)),
        lookup=lambda _host, _port: list(addresses or ("10.0.0.7",)),
        dial=dialling(socket_file),
        patience=Patience(attempts=1),
    )


def test_a_request_is_plain(site: Website, socket_file: Path) -> None:
    site.pages["/a?b"] = Reply(b"x")
    asking = client(socket_file)
    for _ in range(2):
        answer = asking.get("http://h.example:81/a?b", max_bytes=10, headers={"If-None-Match": "1"})
    asking.close()
    assert (answer.status, answer.body) == (200, b"x")
    _, _, headers = site.asked[-1]
    assert headers["Host"] == "h.example:81"
    assert headers["User-Agent"] == "strongroom"
    assert headers["Accept-Encoding"] == "identity"
    assert headers["If-None-Match"] == "1"
    assert not {"Cookie", "Authorization", "Referer"} & headers.keys()


def test_a_move_is_told_and_not_followed(site: Website, socket_file: Path) -> None:
    site.pages["/a"] = Reply(status=302, headers={"Location": "/b"})
    assert client(socket_file).get("http://h/a", max_bytes=10).status == 302
    assert site.paths() == ["/a"]


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",), ("169.254.169.254",), ("93.184.216.34",), ("::1",), ("::ffff:127.0.0.1",),
        ("10.0.0.7", "127.0.0.1"), ("0.0.0.0",),  # noqa: S104 - an address to refuse
    ],
)  # fmt: skip
def test_an_address_outside_the_allowed_networks_is_not_dialled(
    site: Website, socket_file: Path, addresses: tuple[str, ...]
) -> None:
    with pytest.raises(SourceUnavailableError, match="outside the allowed networks"):
        client(socket_file, *addresses).get("http://h/a", max_bytes=10)
    assert site.asked == []


@pytest.mark.parametrize("address", ["10.9.9.9", "::ffff:10.0.0.1", "fd00::5"])
def test_an_address_inside_the_allowed_networks_is_dialled(
    site: Website, socket_file: Path, address: str
) -> None:
    assert client(socket_file, address).get("http://h/a", max_bytes=100).status == 404


def test_a_host_is_looked_up_once_whatever_it_comes_to_mean(
    site: Website, socket_file: Path
) -> None:
    answers = iter([["10.0.0.7"], ["127.0.0.1"]])
    dialled = []
    dial = dialling(socket_file)

    def noting(address: WebAddress, where: str) -> urllib3.HTTPConnectionPool:
        dialled.append(where)
        return dial(address, where)

    asking = WebClient(
        Manners(networks=PRIVATE, per_second=0),
        lookup=lambda _host, _port: next(answers),
        dial=noting,
    )
    for _ in range(3):
        asking.get("http://h/a", max_bytes=100)
    assert dialled == ["10.0.0.7"]


def test_a_host_without_an_address_is_an_outage(socket_file: Path) -> None:
    asking = WebClient(Manners(networks=PRIVATE), lookup=lambda _host, _port: [])
    with pytest.raises(SourceUnavailableError, match="no address"):
        asking.get("http://h/a", max_bytes=10)


def test_credentials_are_not_sent_in_the_clear(
    site: Website, socket_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("Bearer open-sesame")
    asking = client(socket_file, authorization_file=tmp_path / "secret")
    asking.get("http://h/a", max_bytes=100)
    assert "Authorization" not in site.asked[-1][2]
    asking.get("https://h/a", max_bytes=100)
    assert site.asked[-1][2]["Authorization"] == "Bearer open-sesame"


def test_an_answer_that_is_too_large_is_not_read_to_its_end(
    site: Website, socket_file: Path
) -> None:
    site.pages["/a"] = Reply(b"x" * 300_000)
    answer = client(socket_file).get("http://h/a", max_bytes=1000)
    assert (answer.body, answer.refused) == (None, "the page is larger than 1000 bytes")
    assert client(socket_file).get("http://h/a", max_bytes=300_000).body == b"x" * 300_000


def test_an_answer_that_takes_too_long_is_an_outage(site: Website, socket_file: Path) -> None:
    site.pages["/a"] = Reply(b"x" * 300_000)
    with pytest.raises(SourceUnavailableError, match="too long"):
        client(socket_file, page_seconds=0).get("http://h/a", max_bytes=10**6)


def test_a_server_that_cannot_be_reached_is_tried_again_and_then_an_outage(
    socket_file: Path,
) -> None:
    waits: list[float] = []
    asking = WebClient(
        Manners(networks=PRIVATE, per_second=0),
        lookup=lambda _host, _port: ["10.0.0.7"],
        dial=dialling(socket_file),
        patience=Patience(attempts=3, sleep=waits.append),
    )
    with pytest.raises(SourceUnavailableError, match="a request to 'h' failed"):
        asking.get("http://h/a", max_bytes=10)
    assert len(waits) == 2


def test_connections_go_to_the_address_and_speak_for_the_name(tmp_path: Path) -> None:
    asking = WebClient(
        Manners(networks=PRIVATE, ca_file=tmp_path / "ca.pem"), lookup=lambda _h, _p: ["10.0.0.7"]
    )
    plain = asking._pool(WebAddress("http", "h.example", 80, "/"))
    sealed = asking._pool(WebAddress("https", "h.example", 443, "/"))
    assert isinstance(sealed, urllib3.HTTPSConnectionPool)
    assert {plain.host, sealed.host} == {"10.0.0.7"}
    assert sealed.assert_hostname == "h.example"
    assert sealed.conn_kw["server_hostname"] == "h.example"
    assert sealed.cert_reqs == "CERT_REQUIRED"
    asking.close()
