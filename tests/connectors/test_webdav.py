"""Files on a WebDAV server are followed as it shows them; what it hides is not deleted."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from connectors import registry
from connectors.endpoints import Patience
from connectors.errors import ConnectorConfigError, SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item
from connectors.webdav import WebdavConfig, WebdavConnector
from tests.connectors import contract
from tests.connectors.servers.webdav import PASSWORD, USER, app

URL = "https://nas/dav"


@pytest.fixture
def share(tmp_path: Path) -> Path:
    root = tmp_path / "share"
    (root / "hr").mkdir(parents=True)
    (root / "hr" / "leave.md").write_text("Thirty days.")
    (root / "notice.txt").write_text("Closed at noon.")
    (tmp_path / "password").write_text(PASSWORD)
    return root


class Connect:
    """Builds connectors to a server in this process and ends them with the test."""

    def __init__(self, share: Path) -> None:
        self.share = share
        self.made: list[WebdavConnector] = []

    def __call__(
        self, transport: httpx2.BaseTransport | None = None, **settings: object
    ) -> WebdavConnector:
        known = {
            "url": URL,
            "username": USER,
            "password_file": self.share.parent / "password",
        }
        self.made.append(
            WebdavConnector(
                source_id="dav",
                config=WebdavConfig(**known | settings),  # type: ignore[arg-type]
                patience=Patience(attempts=1),
                transport=transport or httpx2.WSGITransport(app(self.share)),
            )
        )
        return self.made[-1]


@pytest.fixture
def connect(share: Path) -> Iterator[Connect]:
    connect = Connect(share)
    yield connect
    for connector in connect.made:
        connector.close()


def items(connector: WebdavConnector) -> dict[str, Item]:
    return {fact.name: fact for fact in connector.scan(None) if isinstance(fact, Item)}


def test_it_keeps_the_contract(connect: Connect) -> None:
    contract.keeps_the_contract(connect())


def test_hidden_files_are_left_out_unless_asked_for(connect: Connect, share: Path) -> None:
    (share / ".env").write_text("x")
    assert set(items(connect())) == {"leave.md", "notice.txt"}
    assert set(items(connect(include_hidden=True))) == {".env", "leave.md", "notice.txt"}


def test_a_change_changes_the_version(connect: Connect, share: Path) -> None:
    connector = connect()
    before = items(connector)["notice.txt"]
    (share / "notice.txt").write_text("Closed at four, or five.")
    after = items(connector)["notice.txt"]
    assert before.version != after.version
    assert connector.open(before.id, before.version).version == after.version


def test_content_comes_with_its_type_and_time(connect: Connect, share: Path) -> None:
    connector = connect()
    found = connector.open(items(connector)["notice.txt"].id, "1")
    assert found.media_type == "text/plain"
    assert abs(found.modified_at.timestamp() - (share / "notice.txt").stat().st_mtime) < 2


def test_odd_names_survive_their_url(connect: Connect, share: Path) -> None:
    (share / "50% sure & 'so'.txt").write_text("odd")
    item = items(connect())["50% sure & 'so'.txt"]
    assert item.uri == "https://nas:443/dav/50%25%20sure%20&%20'so'.txt"
    assert connect().open(item.id, item.version).content == b"odd"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://nas:443/etc/passwd", "outside"),
        ("https://nas:443/dav/%2e%2e/x", "outside"),
        ("https://nas:443/dav", "outside"),
        ("https://nas:443/davos/x", "outside"),
        ("https://evil/dav/x", "another server"),
        ("https://nas:443/dav/hr", "a folder"),
    ],
)
def test_what_lies_outside_is_rejected(connect: Connect, url: str, reason: str) -> None:
    with pytest.raises(SourceRejectedError, match=reason):
        connect().open(url, "1")


def test_large_files_are_failures_and_not_read(connect: Connect, share: Path) -> None:
    with (share / "huge.bin").open("wb") as file:
        file.truncate(5 * 2**30)
    connector = connect()
    [failure] = [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert not failure.retry
    with pytest.raises(SourceRejectedError, match="larger than"):
        connector.open(failure.id, "1")


def test_a_file_that_is_gone_may_come_back(connect: Connect) -> None:
    with pytest.raises(SourceUnavailableError, match=r"cannot be read now: .* 404"):
        connect().open("https://nas:443/dav/gone.txt", "1")


def test_a_folder_that_is_gone_or_emptied_is_an_outage(connect: Connect, share: Path) -> None:
    connector = connect()
    (*_, cursor) = connector.scan(None)
    assert isinstance(cursor, Cursor)
    (share / "notice.txt").unlink()
    (share / "hr" / "leave.md").unlink()
    with pytest.raises(SourceUnavailableError, match="no files at all"):
        list(connector.list_ids(cursor))
    elsewhere = connect(url=URL + "/gone")
    assert not elsewhere.check().ok
    with pytest.raises(SourceUnavailableError, match="cannot be listed"):
        list(elsewhere.list_ids(None))


def test_a_wrong_password_is_an_outage(connect: Connect, share: Path) -> None:
    (share.parent / "password").write_text("wrong")
    assert connect().check().detail == "the server refuses the sign-in"


class Altering(httpx2.BaseTransport):
    """Passes requests on, and does something before the one that reads."""

    def __init__(self, share: Path) -> None:
        self.share = share
        self.inner = httpx2.WSGITransport(app(share))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET":
            (self.share / "notice.txt").write_text("Changed in between.")
        return self.inner.handle_request(request)


def test_a_file_that_changes_while_it_is_read_is_noticed(connect: Connect, share: Path) -> None:
    connector = connect(Altering(share))
    item = items(connector)["notice.txt"]
    with pytest.raises(SourceUnavailableError, match="changed while it was read"):
        connector.open(item.id, item.version)


def test_a_file_without_a_version_is_refused_and_still_listed(connect: Connect) -> None:
    body = (
        '<D:multistatus xmlns:D="DAV:"><D:response><D:href>/dav/</D:href></D:response>'
        "<D:response><D:href>/dav/a.txt</D:href></D:response></D:multistatus>"
    )

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(207, content=iter([body.encode()]))

    connector = connect(httpx2.MockTransport(answer))
    [failure, _] = connector.scan(None)
    assert isinstance(failure, Failure)
    assert "no version" in failure.reason
    assert len(list(connector.list_ids(None))) == 1


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"url": "https://dav.example.com/"}, "allowed_hosts"),
        ({"url": "http://nas/dav", "username": "u", "password_file": "/p"}, "plaintext"),
        ({"url": "https://nas/dav", "username": "u"}, "username and password_file"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, str], reason: str) -> None:
    with pytest.raises(ConnectorConfigError, match=reason):
        registry.parse(WebdavConfig, settings, kind="webdav")


def test_a_password_may_travel_plainly_if_that_is_said() -> None:
    settings = {"url": "http://nas/", "username": "u", "password_file": "/p", "plaintext": "yes"}
    assert registry.parse(WebdavConfig, settings, kind="webdav")
