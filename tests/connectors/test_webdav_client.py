"""A client asks one server alone, waits while it is busy, and takes no more than it wants."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from connectors.endpoints import Endpoint, Pace, Patience
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.remote_tree import FolderUnreadableError
from connectors.webdav_client import Account, WebdavClient

Handler = Callable[[httpx2.Request], httpx2.Response]


@pytest.fixture
def password(tmp_path: Path) -> Path:
    (tmp_path / "password").write_text("open sesame\n")
    return tmp_path / "password"


@pytest.fixture
def client_for(password: Path) -> Iterator[Callable[..., WebdavClient]]:
    made: list[WebdavClient] = []

    def build(handler: Handler, *, ca_file: Path | None = None) -> WebdavClient:
        made.append(
            WebdavClient(
                Endpoint("nas", 443, tls=True),
                Account("scribe", password, ca_file, 5),
                pace=Pace(),
                patience=Patience(attempts=2, sleep=lambda _: None),
                transport=httpx2.MockTransport(handler),
            )
        )
        return made[-1]

    yield build
    for client in made:
        client.close()


def row(path: str) -> str:
    return f"<D:response><D:href>{path}</D:href></D:response>"


def answer(*paths: str) -> httpx2.Response:
    rows = "".join(map(row, paths))
    body = f'<D:multistatus xmlns:D="DAV:">{rows}</D:multistatus>'.encode()
    return httpx2.Response(207, content=iter([body]))


def test_a_folder_is_asked_for_with_the_password(client_for: Callable[..., WebdavClient]) -> None:
    asked: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return answer("/dav/", "/dav/a.txt")

    assert [each.path for each in client_for(handle).list_folder(b"/dav")] == [b"/dav/a.txt"]
    [request] = asked
    assert (request.method, request.headers["depth"]) == ("PROPFIND", "1")
    assert str(request.url) == "https://nas/dav/"
    assert request.headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        (("/other/",), "another folder"),
        (("/dav/", "/dav/hr/leave.md"), "elsewhere"),
        (("/dav/", "/secret.txt"), "elsewhere"),
        (("/dav/", "/dav/.."), "elsewhere"),
    ],
)
def test_a_listing_of_elsewhere_is_refused(
    client_for: Callable[..., WebdavClient], paths: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(FolderUnreadableError, match=reason):
        client_for(lambda _: answer(*paths)).list_folder(b"/dav")


def test_a_file_is_looked_at_alone(client_for: Callable[..., WebdavClient]) -> None:
    client = client_for(lambda _: answer("/dav/a.txt"))
    assert client.look(b"/dav/a.txt").path == b"/dav/a.txt"
    with pytest.raises(FolderUnreadableError, match="another file"):
        client.look(b"/dav/b.txt")


@pytest.mark.parametrize("status", [301, 302, 403, 404])
def test_a_redirect_or_a_refusal_ends_there(
    client_for: Callable[..., WebdavClient], status: int
) -> None:
    asked: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(status, headers={"location": "https://evil/"})

    with pytest.raises(FolderUnreadableError, match=str(status)):
        client_for(handle).read(b"/dav/a.txt", max_bytes=9)
    assert asked == ["https://nas/dav/a.txt"]


def test_a_refused_sign_in_is_told_and_not_tried_again(
    client_for: Callable[..., WebdavClient],
) -> None:
    asked: list[int] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        asked.append(1)
        return httpx2.Response(401)

    with pytest.raises(SourceUnavailableError, match="refuses the sign-in"):
        client_for(handle).read(b"/dav/a.txt", max_bytes=9)
    assert asked == [1]


def test_a_busy_server_is_asked_again(client_for: Callable[..., WebdavClient]) -> None:
    answers = iter([httpx2.Response(503), httpx2.Response(200, content=iter([b"done"]))])
    assert client_for(lambda _: next(answers)).read(b"/dav/a.txt", max_bytes=9) == b"done"


def test_a_server_that_stays_away_is_an_outage(client_for: Callable[..., WebdavClient]) -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    with pytest.raises(SourceUnavailableError, match="ConnectError"):
        client_for(handle).list_folder(b"/dav")


def test_no_more_is_read_than_wanted(
    client_for: Callable[..., WebdavClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []

    def blocks() -> Iterator[bytes]:
        for number in range(100):
            sent.append(number)
            yield b"x" * 10

    client = client_for(lambda _: httpx2.Response(200, content=blocks()))
    with pytest.raises(SourceRejectedError, match="larger than 25"):
        client.read(b"/dav/a.txt", max_bytes=25)
    assert len(sent) == 3
    monkeypatch.setattr("connectors.webdav_client._LISTING_BYTES", 25)
    with pytest.raises(FolderUnreadableError, match="too large"):
        client.list_folder(b"/dav")


def test_an_encoding_nobody_asked_for_is_refused(client_for: Callable[..., WebdavClient]) -> None:
    client = client_for(lambda _: httpx2.Response(200, headers={"content-encoding": "gzip"}))
    with pytest.raises(SourceUnavailableError, match="plainly"):
        client.read(b"/dav/a.txt", max_bytes=9)


def test_another_server_is_another_place(client_for: Callable[..., WebdavClient]) -> None:
    client = client_for(lambda _: answer())
    assert client.path_of(client.url_of(b"/a b\xff")) == b"/a b\xff"
    for url in ("https://nas:444/a", "https://nas", "http://nas:443/a", "https://nas:443.evil/a"):
        with pytest.raises(SourceRejectedError, match="another server"):
            client.path_of(url)


def test_certificates_that_cannot_be_read_are_an_outage(
    client_for: Callable[..., WebdavClient], tmp_path: Path
) -> None:
    for content in (None, "no certificate"):
        if content is not None:
            (tmp_path / "ca.pem").write_text(content)
        with pytest.raises(SourceUnavailableError, match="ca_file"):
            client_for(lambda _: answer(), ca_file=tmp_path / "ca.pem").list_folder(b"/dav")
