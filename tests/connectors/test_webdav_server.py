"""The connector against a real WebDAV server over TLS."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.endpoints import Patience
from connectors.errors import SourceUnavailableError
from connectors.facts import Item
from connectors.webdav import WebdavConfig, WebdavConnector
from tests.connectors import contract
from tests.connectors.servers.sshd import free_port
from tests.connectors.servers.webdav import PASSWORD, USER, Webdav, webdav

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("root")
    (root / "hr").mkdir()
    (root / "hr" / "leave.md").write_text("Thirty days.")
    (root / "notice.txt").write_text("Closed at noon.")
    return root


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Webdav]:
    with webdav(tmp_path_factory.mktemp("webdav"), root) as running:
        yield running


def connect(folder: Path, url: str, ca_file: Path | None) -> WebdavConnector:
    (folder / "password").write_text(PASSWORD)
    config = WebdavConfig(
        url=url, username=USER, password_file=folder / "password", ca_file=ca_file
    )
    patience = Patience(attempts=1)
    return WebdavConnector(source_id="dav", config=config, patience=patience)


def test_it_keeps_the_contract(server: Webdav, tmp_path: Path) -> None:
    connector = connect(tmp_path, server.url, server.ca_file)
    contract.keeps_the_contract(connector)
    assert len([fact for fact in connector.scan(None) if isinstance(fact, Item)]) == 2
    connector.close()


def test_odd_names_survive_the_way(server: Webdav, root: Path, tmp_path: Path) -> None:
    (root / "50% möglich & 'so' #1?.txt").write_text("odd")
    connector = connect(tmp_path, server.url, server.ca_file)
    [item] = [fact for fact in connector.scan(None) if isinstance(fact, Item) and "50" in fact.name]
    assert item.name == "50% möglich & 'so' #1?.txt"
    assert connector.open(item.id, item.version).content == b"odd"
    (root / item.name).unlink()
    connector.close()


def test_a_server_nobody_vouches_for_is_refused(server: Webdav, tmp_path: Path) -> None:
    connector = connect(tmp_path, server.url, None)
    with pytest.raises(SourceUnavailableError, match="ConnectError"):
        list(connector.list_ids(None))
    connector.close()


def test_a_host_that_does_not_answer_is_an_outage(server: Webdav, tmp_path: Path) -> None:
    connector = connect(tmp_path, f"https://127.0.0.1:{free_port()}/dav", server.ca_file)
    assert not connector.check().ok
    connector.close()
