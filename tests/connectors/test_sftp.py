"""Files on an SSH server are followed as the server shows them, links and strangers left out."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import registry
from connectors.base import AclSupport
from connectors.endpoints import Patience
from connectors.errors import ConnectorConfigError, SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item
from connectors.sftp import SftpConfig, SftpConnector
from connectors.verdict import permits
from tests.connectors import contract
from tests.connectors.servers.inline_ssh import HOST, USER, InlineSsh

ONE_TRY = Patience(attempts=1)


@pytest.fixture
def share(tmp_path: Path) -> Path:
    root = tmp_path / "share"
    (root / "hr").mkdir(parents=True)
    (root / "hr" / "leave.md").write_text("Thirty days.")
    (root / "notice.txt").write_text("Closed at noon.")
    return root


@pytest.fixture
def server(tmp_path: Path) -> Iterator[InlineSsh]:
    server = InlineSsh(tmp_path)
    yield server
    server.hang_up()


class Connect:
    """Builds connectors and ends their connections with the test."""

    def __init__(self, server: InlineSsh, share: Path) -> None:
        self.server, self.share = server, share
        self.made: list[SftpConnector] = []

    def __call__(self, **settings: object) -> SftpConnector:
        known = {"host": HOST, "username": USER, "root": str(self.share)} | settings
        config = SftpConfig(
            **{"known_hosts": self.server.known_hosts, "password_file": self.server.password_file}
            | known  # type: ignore[arg-type]
        )
        self.made.append(
            SftpConnector(source_id="share", config=config, patience=ONE_TRY, dial=self.server.dial)
        )
        return self.made[-1]


@pytest.fixture
def connect(server: InlineSsh, share: Path) -> Iterator[Connect]:
    connect = Connect(server, share)
    yield connect
    for connector in connect.made:
        connector.close()


def names(connector: SftpConnector) -> list[str]:
    return [fact.name for fact in connector.scan(None) if isinstance(fact, Item)]


@pytest.mark.parametrize("rights", ["mapped", "mode", "posix"])
def test_it_keeps_the_contract(connect: Connect, rights: str) -> None:
    contract.keeps_the_contract(connect(rights=rights))


def test_links_and_hidden_files_are_not_listed(connect: Connect, share: Path) -> None:
    (share / ".env").write_text("x")
    (share / "link.txt").symlink_to(share / "notice.txt")
    (share / "linked").symlink_to(share / "hr")
    assert names(connect()) == ["leave.md", "notice.txt"]
    assert names(connect(include_hidden=True)) == [".env", "leave.md", "notice.txt"]


def test_a_link_on_the_way_is_not_followed(connect: Connect, share: Path) -> None:
    connector = connect()
    ids = {fact.name: fact.id for fact in connector.scan(None) if isinstance(fact, Item)}
    outside = share.parent / "outside"
    (share / "hr").rename(outside)
    (share / "hr").symlink_to(outside)
    (share / "notice.txt").rename(share.parent / "moved.txt")
    (share / "notice.txt").symlink_to(share.parent / "moved.txt")
    for name in ("leave.md", "notice.txt"):
        with pytest.raises(SourceRejectedError, match="symbolic link"):
            connector.open(ids[name], "1")


def test_large_files_are_not_read_however_little_they_hold(connect: Connect, share: Path) -> None:
    with (share / "huge.bin").open("wb") as file:
        file.truncate(5 * 2**30)
    connector = connect()
    [failure] = [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert not failure.retry
    with pytest.raises(SourceRejectedError, match="larger than"):
        connector.open(failure.id, "1")


def test_a_file_that_changes_while_it_is_read_is_noticed(
    connect: Connect, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = connect()
    [_, item] = [fact for fact in connector.scan(None) if isinstance(fact, Item)]
    prefetch = "paramiko.sftp_file.SFTPFile.prefetch"

    def grow(self: object, size: int) -> None:
        with (share / "notice.txt").open("a") as file:
            file.write(" Until further notice.")

    monkeypatch.setattr(prefetch, grow)
    with pytest.raises(SourceUnavailableError, match="changed while it was read"):
        connector.open(item.id, item.version)


def test_names_that_are_no_text_keep_their_bytes(connect: Connect, share: Path) -> None:
    (share / os.fsdecode(b"caf\xe9.txt")).write_text("odd")
    [item] = [fact for fact in connect().scan(None) if isinstance(fact, Item) and "%" in fact.uri]
    assert item.uri.endswith("/caf%E9.txt")
    assert item.name.encode()


def test_a_folder_that_is_gone_or_emptied_is_an_outage(connect: Connect, share: Path) -> None:
    connector = connect()
    (*_, cursor) = connector.scan(None)
    assert isinstance(cursor, Cursor)
    (share / "notice.txt").unlink()
    (share / "hr" / "leave.md").unlink()
    with pytest.raises(SourceUnavailableError, match="no files at all"):
        list(connector.list_ids(cursor))
    (share / "hr").rmdir()
    share.rmdir()
    with pytest.raises(SourceUnavailableError, match="cannot be listed"):
        list(connector.scan(cursor))
    assert not connector.check().ok


def test_mode_bits_and_every_folder_above_decide(connect: Connect, share: Path) -> None:
    os.chown(share / "notice.txt", 1001, 2001)
    (share / "notice.txt").chmod(0o640)
    (share / "hr").chmod(0o710)
    os.chown(share / "hr", 1001, 2001)
    for folder in (share, *share.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o111)
    connector = connect(rights="mode")
    assert connector.capabilities.acl is AclSupport.NATIVE
    leave, notice = connector.acl([item.id for item in connector.list_ids(None)])
    assert permits(notice, frozenset({"uid:1001"}))
    assert permits(notice, frozenset({"uid:7", "gid:2001"}))
    assert not permits(notice, frozenset({"uid:7", "gid:7"}))
    assert permits(leave, frozenset({"uid:7", "gid:2001"}))
    assert not permits(leave, frozenset({"uid:7"}))
    assert leave.raw
    assert leave.raw != notice.raw


def test_an_access_list_is_read_and_moves_the_hash(connect: Connect, share: Path) -> None:
    connector = connect(rights="posix")
    before = {item.id: item.acl_hash for item in connector.list_ids(None)}
    os.setxattr(
        share / "notice.txt",
        "system.posix_acl_access",
        bytes.fromhex(
            "02000000"
            "01000600ffffffff"  # owner rw
            "02000000e9030000"  # user 1001 nothing
            "04000400ffffffff"
            "10000400ffffffff"
            "20000400ffffffff"
        ),
    )
    after = {item.id: item.acl_hash for item in connector.list_ids(None)}
    [changed] = [item for item in after if after[item] != before[item]]
    assert changed.endswith("notice.txt")
    [rights] = connector.acl([changed])
    assert rights.entries is not None
    assert not permits(rights, frozenset({"uid:1001"}))


def test_rights_that_the_server_does_not_tell_are_nobodys(
    connect: Connect, server: InlineSsh
) -> None:
    server.runs_commands = False
    connector = connect(rights="posix")
    assert "lost" in connector.check().detail
    with pytest.raises(SourceUnavailableError):
        list(connector.list_ids(None))


def test_what_is_unknown_has_no_entries(connect: Connect, share: Path) -> None:
    connector = connect(rights="posix")
    asked = [f"sftp://{HOST}{share}/gone", f"sftp://{HOST}{share}/hr", "no-such-item"]
    assert [right.entries for right in connector.acl(asked)] == [None] * 3


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"host": "files.example.com"}, "allowed_hosts"),
        ({"password_file": ""}, "password_file or key_file"),
        ({"rights": "everyone"}, "one of mapped, mode, posix"),
        ({"root": "share"}, "must start with /"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, str], reason: str) -> None:
    plain = {"host": HOST, "username": USER, "root": "/s", "known_hosts": "/k"}
    chosen = {"password_file": "/p"} | plain | settings
    with pytest.raises(ConnectorConfigError, match=reason):
        registry.parse(
            SftpConfig, {key: value for key, value in chosen.items() if value}, kind="sftp"
        )
