"""The connector against a real OpenSSH server and real files with access lists."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.endpoints import Patience
from connectors.errors import SourceUnavailableError
from connectors.facts import Failure, Item
from connectors.sftp import SftpConfig, SftpConnector
from connectors.verdict import permits
from tests.connectors import contract
from tests.connectors.servers.sshd import Sshd, free_port, sshd

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with sshd(tmp_path_factory.mktemp("sshd")) as running:
        yield running


@pytest.fixture
def share(tmp_path: Path) -> Path:
    root = tmp_path / "share"
    (root / "hr").mkdir(parents=True)
    (root / "hr" / "leave.md").write_text("Thirty days.")
    (root / "notice.txt").write_text("Closed at noon.")
    return root


def config(server: Sshd, share: Path, **settings: object) -> SftpConfig:
    values = {
        "host": "127.0.0.1",
        "port": server.port,
        "username": server.user,
        "root": str(share),
        "known_hosts": server.known_hosts,
        "key_file": server.key_file,
    }
    return SftpConfig(**values | settings)  # type: ignore[arg-type]


@pytest.fixture
def connector(server: Sshd, share: Path) -> Iterator[SftpConnector]:
    connector = SftpConnector(source_id="s", config=config(server, share, rights="posix"))
    yield connector
    connector.close()


def test_it_keeps_the_contract(connector: SftpConnector) -> None:
    contract.keeps_the_contract(connector)


def test_odd_names_links_and_huge_files(connector: SftpConnector, share: Path) -> None:
    (share / os.fsdecode(b"caf\xe9 '$x'.txt")).write_text("odd")
    (share / "line\nbreak.txt").write_text("broken")
    (share / "out.txt").symlink_to("/etc/passwd")
    with (share / "huge.bin").open("wb") as file:
        file.truncate(5 * 2**30)
    found = list(connector.scan(None))
    items = [fact for fact in found if isinstance(fact, Item)]
    assert len(items) == 4
    assert {connector.open(item.id, item.version).content for item in items} >= {b"odd", b"broken"}
    assert [fact.retry for fact in found if isinstance(fact, Failure)] == [False]
    assert all(right.entries is not None for right in connector.acl([item.id for item in items]))


def test_an_access_list_edited_on_the_server_moves_the_hash(
    connector: SftpConnector, share: Path
) -> None:
    before = {item.id: item.acl_hash for item in connector.list_ids(None)}
    subprocess.run(["/usr/bin/setfacl", "-m", "u:4242:---", share / "notice.txt"], check=True)
    after = {item.id: item.acl_hash for item in connector.list_ids(None)}
    [changed] = [item for item in after if before[item] != after[item]]
    [rights] = connector.acl([changed])
    assert not permits(rights, frozenset({"uid:4242"}))
    assert permits(rights, frozenset({"uid:0"}))


def test_a_large_file_comes_whole(connector: SftpConnector, share: Path) -> None:
    content = os.urandom(5_000_000)
    (share / "blob.bin").write_bytes(content)
    [item] = [
        fact for fact in connector.scan(None) if isinstance(fact, Item) and fact.name == "blob.bin"
    ]
    assert connector.open(item.id, item.version).content == content


def test_a_host_that_does_not_answer_is_an_outage(server: Sshd, share: Path) -> None:
    connector = SftpConnector(
        source_id="s",
        config=config(server, share, port=free_port(), timeout_seconds=2),
        patience=Patience(attempts=2, pause_seconds=0.01),
    )
    assert not connector.check().ok
    with pytest.raises(SourceUnavailableError, match="connection to the server failed"):
        list(connector.list_ids(None))


def test_a_stranger_in_the_servers_place_is_refused(
    server: Sshd, share: Path, tmp_path: Path
) -> None:
    stranger = tmp_path / "known_hosts"
    subprocess.run(
        ["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"],
        check=True,
    )
    other = " ".join((tmp_path / "other.pub").read_text().split()[:2])
    stranger.write_text(f"[127.0.0.1]:{server.port} {other}\n")
    connector = SftpConnector(source_id="s", config=config(server, share, known_hosts=stranger))
    assert "another host key" in connector.check().detail
    connector.close()
