"""The filesystem connector follows plain files only, and takes silence for an outage."""

import os
from pathlib import Path

import pytest

from connectors.base import AclSupport
from connectors.errors import ConnectorConfigError, SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item
from connectors.filesystem import FilesystemConfig, FilesystemConnector
from connectors.local_files import uri_of


@pytest.fixture
def share(tmp_path: Path) -> Path:
    root = tmp_path / "share"
    (root / "hr").mkdir(parents=True)
    (root / "hr" / "leave.md").write_text("Thirty days.")
    (root / "notice.txt").write_text("Closed at noon.")
    return root


def connect(root: Path | None, **settings: object) -> FilesystemConnector:
    return FilesystemConnector(source_id="share", config=FilesystemConfig(root, **settings))


def names(connector: FilesystemConnector) -> set[str]:
    return {fact.name for fact in connector.scan(None) if isinstance(fact, Item)}


def cursor_of(connector: FilesystemConnector) -> Cursor:
    (*_, last) = connector.scan(None)
    assert isinstance(last, Cursor)
    return last


def test_an_empty_share_is_an_outage_not_a_mass_deletion(share: Path) -> None:
    connector = connect(share)
    cursor = cursor_of(connector)
    (share / "notice.txt").unlink()
    (share / "hr" / "leave.md").unlink()
    with pytest.raises(SourceUnavailableError, match="lists no files"):
        list(connector.scan(cursor))
    with pytest.raises(SourceUnavailableError, match="lists no files"):
        list(connector.list_ids(cursor))


def test_a_share_that_was_always_empty_is_none(tmp_path: Path) -> None:
    connector = connect(tmp_path)
    assert list(connector.scan(cursor_of(connector)))
    assert list(connector.list_ids(cursor_of(connector))) == []


def test_a_missing_root_is_an_outage(share: Path) -> None:
    connector = connect(share / "gone")
    assert not connector.check().ok
    with pytest.raises(SourceUnavailableError, match="not there"):
        list(connector.list_ids(None))


def test_a_folder_that_cannot_be_listed_fails_the_sweep(
    share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refusing(path: Path) -> object:
        if Path(path).name == "hr":
            raise PermissionError(13, "no")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    connector = connect(share)
    with pytest.raises(SourceUnavailableError, match="cannot be listed"):
        list(connector.list_ids(None))
    found = list(connector.scan(None))
    assert [fact.id for fact in found if isinstance(fact, Failure)] == [uri_of(share / "hr")]
    assert names(connector) == {"notice.txt"}


def test_links_are_neither_listed_nor_opened(share: Path) -> None:
    secret = share.parent / "secret.txt"
    secret.write_text("not yours")
    (share / "link.txt").symlink_to(secret)
    (share / "linked").symlink_to(share.parent)
    connector = connect(share)
    assert names(connector) == {"leave.md", "notice.txt"}
    for path in (share / "link.txt", share / "linked" / "secret.txt"):
        with pytest.raises(SourceRejectedError, match="symbolic link"):
            connector.open(uri_of(path), "1")


def test_a_folder_swapped_for_a_link_after_listing_is_not_followed(share: Path) -> None:
    outside = share.parent / "outside"
    outside.mkdir()
    (outside / "leave.md").write_text("not yours")
    connector = connect(share)
    assert "leave.md" in names(connector)
    (share / "hr").rename(share.parent / "moved")
    (share / "hr").symlink_to(outside)
    with pytest.raises(SourceRejectedError, match="symbolic link"):
        connector.open(uri_of(share / "hr" / "leave.md"), "1")


@pytest.mark.parametrize("uri", ["file:///etc/passwd", "https://host/x", "notice.txt"])
def test_what_lies_outside_is_rejected(share: Path, uri: str) -> None:
    with pytest.raises(SourceRejectedError):
        connect(share).open(uri, "1")


def test_a_way_out_by_dots_is_rejected(share: Path) -> None:
    (share.parent / "secret.txt").write_text("not yours")
    with pytest.raises(SourceRejectedError, match="outside"):
        connect(share).open(uri_of(share) + "/hr/../../secret.txt", "1")


def test_hidden_and_litter_files_are_left_out_unless_asked_for(share: Path) -> None:
    (share / ".git").mkdir()
    for name in (".git/config", ".env", "~$leave.docx", "Thumbs.db"):
        (share / name).write_text("x")
    assert names(connect(share)) == {"leave.md", "notice.txt"}
    assert names(connect(share, include_hidden=True)) == {
        "leave.md",
        "notice.txt",
        "config",
        ".env",
    }


def test_single_files_are_followed_without_a_folder(share: Path) -> None:
    connector = connect(None, files=(share / "notice.txt",))
    (item,) = [fact for fact in connector.scan(None) if isinstance(fact, Item)]
    assert connector.open(item.id, item.version).content == b"Closed at noon."
    with pytest.raises(SourceRejectedError, match="outside"):
        connector.open(uri_of(share / "hr" / "leave.md"), "1")


def test_a_single_file_that_is_a_link_is_neither_listed_nor_opened(share: Path) -> None:
    link = share.parent / "link.txt"
    link.symlink_to(share / "notice.txt")
    connector = connect(None, files=(link,))
    assert names(connector) == set()
    with pytest.raises(SourceRejectedError, match="symbolic link"):
        connector.open(uri_of(link), "1")


def test_a_configuration_that_names_nothing_is_refused() -> None:
    with pytest.raises(ConnectorConfigError, match="root or files"):
        FilesystemConfig()


def test_a_large_file_is_a_failure_and_is_not_read(share: Path) -> None:
    connector = connect(share, max_bytes=13)
    failures = [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert [failure.id for failure in failures] == [uri_of(share / "notice.txt")]
    assert not failures[0].retry
    with pytest.raises(SourceRejectedError, match="larger than 13"):
        connector.open(uri_of(share / "notice.txt"), "1")


def test_a_pipe_is_neither_listed_nor_waited_for(share: Path) -> None:
    os.mkfifo(share / "pipe")
    connector = connect(share)
    assert names(connector) == {"leave.md", "notice.txt"}
    with pytest.raises(SourceRejectedError, match="regular file"):
        connector.open(uri_of(share / "pipe"), "1")


def test_a_file_that_grows_while_it_is_read_is_noticed(
    share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fstat, seen = os.fstat, []

    def growing(descriptor: int) -> os.stat_result:
        if len(seen) == 1:
            with (share / "notice.txt").open("a") as file:
                file.write(" More.")
        seen.append(descriptor)
        return fstat(descriptor)

    monkeypatch.setattr("connectors.local_files.os.fstat", growing)
    with pytest.raises(SourceUnavailableError, match="changed while it was read"):
        connect(share).open(uri_of(share / "notice.txt"), "1")


def test_a_vanished_file_may_come_back(share: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="at the moment"):
        connect(share).open(uri_of(share / "gone.txt"), "1")


def test_any_change_changes_the_version(share: Path) -> None:
    connector = connect(share)

    def version() -> str:
        return {item.id: item.version for item in connector.list_ids(None)}[
            uri_of(share / "notice.txt")
        ]

    first = version()
    (share / "notice.txt").chmod(0o600)
    second = version()
    times = (share / "notice.txt").stat().st_mtime_ns
    (share / "notice.txt").write_text("Closed at four.")
    os.utime(share / "notice.txt", ns=(times, times))
    assert len({first, second, version()}) == 3


def test_names_that_are_no_text_keep_their_bytes(share: Path) -> None:
    odd = os.fsdecode(b"caf\xe9 \xff.txt")
    (share / odd).write_text("odd")
    connector = connect(share)
    (item,) = [
        fact for fact in connector.scan(None) if isinstance(fact, Item) and "%FF" in fact.uri
    ]
    assert item.uri.endswith("/caf%E9%20%FF.txt")
    item.name.encode()
    assert connector.open(item.id, item.version).content == b"odd"


def test_rights_are_the_files_own_only_when_that_is_asked_for(share: Path) -> None:
    (share / "notice.txt").chmod(0o640)
    mapped, native = connect(share), connect(share, rights="posix")
    assert mapped.capabilities.acl is AclSupport.MAPPED
    assert native.capabilities.acl is AclSupport.NATIVE
    item = uri_of(share / "notice.txt")
    assert [right.entries for right in mapped.acl([item])] == [None]
    (right,) = native.acl([item])
    assert right.entries is not None
    assert [entry.principal for entry in right.entries] == [
        f"uid:{os.getuid()}", f"gid:{(share / 'notice.txt').stat().st_gid}",
    ]  # fmt: skip
    assert {slim.acl_hash for slim in mapped.list_ids(None)} == {""}
    assert "" not in {slim.acl_hash for slim in native.list_ids(None)}


def test_the_folders_above_the_root_count_unless_they_are_not_part_of_the_share(
    share: Path,
) -> None:
    share.chmod(0o755)
    share.parent.chmod(0o700)
    item = uri_of(share / "notice.txt")
    (counted,) = connect(share, rights="posix").acl([item])
    (inner,) = connect(share, rights="posix", rights_above_root=False).acl([item])
    assert counted.gates
    assert inner.gates == ()


def test_rights_of_what_is_not_followed_are_nobody_s(share: Path) -> None:
    (share.parent / "secret.txt").write_text("not yours")
    (share / "link.txt").symlink_to(share.parent / "secret.txt")
    (share / "linked").symlink_to(share.parent)
    outside = [
        uri_of(share.parent / "secret.txt"),
        uri_of(share) + "/../secret.txt",
        uri_of(share) + "/hr/..%2F..%2Fsecret.txt",
        uri_of(share) + "/hr/../../secret.txt",
        uri_of(share / "link.txt"),
        uri_of(share / "linked" / "secret.txt"),
        uri_of(share) + "/a%00b",
        "https://host/x",
        "no-such-item",
    ]
    rights = list(connect(share, rights="posix").acl(outside))
    assert [right.id for right in rights] == outside
    assert {right.entries for right in rights} == {None}


def test_a_single_file_has_rights_and_its_neighbour_has_none(share: Path) -> None:
    connector = connect(None, files=(share / "notice.txt",), rights="posix")
    (share / "other.txt").write_text("x")
    found, other = connector.acl([uri_of(share / "notice.txt"), uri_of(share / "other.txt")])
    assert found.entries is not None
    assert found.gates
    assert other.entries is None


def test_a_change_of_rights_shows_in_the_sweep_and_in_the_version(share: Path) -> None:
    connector = connect(share, rights="posix")

    def sweep() -> dict[str, tuple[str, str]]:
        return {slim.id: (slim.version, slim.acl_hash) for slim in connector.list_ids(None)}

    before = sweep()
    (share / "notice.txt").chmod(0o600)
    after = sweep()
    assert before[uri_of(share / "hr" / "leave.md")] == after[uri_of(share / "hr" / "leave.md")]
    changed = uri_of(share / "notice.txt")
    assert all(old != new for old, new in zip(before[changed], after[changed], strict=True))
    (share / "hr").chmod(0o700)
    inner = uri_of(share / "hr" / "leave.md")
    assert sweep()[inner][0] == before[inner][0]
    assert sweep()[inner][1] != before[inner][1]


def test_labels_of_a_file_are_reported_with_its_bytes(share: Path) -> None:
    file = share / "notice.txt"
    os.setxattr(file, "user.strongroom.classification", b"confidential\n")
    os.setxattr(file, "user.matter", "Prozeß 7".encode())
    item = uri_of(file)
    assert connect(share).open(item, "1").facts == {"classification": "confidential"}
    named = connect(share, labels=("hold=user.matter",))
    assert named.open(item, "1").facts == {"hold": "Prozeß 7"}
    assert connect(share).open(uri_of(share / "hr" / "leave.md"), "1").facts == {}


def test_a_label_that_is_no_text_keeps_the_file_out(share: Path) -> None:
    os.setxattr(share / "notice.txt", "user.strongroom.classification", b"\xff\xfe")
    with pytest.raises(SourceRejectedError, match="no text"):
        connect(share).open(uri_of(share / "notice.txt"), "1")


def test_a_label_that_cannot_be_read_keeps_the_file_out_for_now(
    share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*arguments: object, **words: object) -> bytes:
        raise OSError(5, "no")

    monkeypatch.setattr(os, "getxattr", failing)
    with pytest.raises(SourceUnavailableError, match="attribute"):
        connect(share).open(uri_of(share / "notice.txt"), "1")


def test_setting_a_label_changes_the_version(share: Path) -> None:
    connector = connect(share)
    before = {slim.id: slim.version for slim in connector.list_ids(None)}
    os.setxattr(share / "notice.txt", "user.strongroom.classification", b"secret")
    after = {slim.id: slim.version for slim in connector.list_ids(None)}
    assert [item for item in before if before[item] != after[item]] == [
        uri_of(share / "notice.txt")
    ]


@pytest.mark.parametrize("settings", [{"rights": "unix"}, {"labels": ("classification",)}])
def test_settings_that_mean_nothing_are_refused(share: Path, settings: dict[str, object]) -> None:
    with pytest.raises(ConnectorConfigError):
        connect(share, **settings)


def test_a_huge_sparse_file_is_refused_without_being_read(share: Path) -> None:
    with (share / "huge.bin").open("wb") as file:
        file.truncate(5 * 2**30)
    connector = connect(share)
    (failure,) = [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert failure.id == uri_of(share / "huge.bin")
    assert not failure.retry
    with pytest.raises(SourceRejectedError, match="larger"):
        connect(share, max_bytes=2**20).open(failure.id, "1")


def test_a_disk_that_fails_while_a_file_is_read_is_an_outage(
    share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def __init__(self, descriptor: int) -> None:
            self._descriptor = descriptor

        def __enter__(self) -> "Broken":
            return self

        def __exit__(self, *_: object) -> None:
            os.close(self._descriptor)

        def read(self, _: int) -> bytes:
            raise OSError(5, "no")

    monkeypatch.setattr(
        "connectors.local_files.os.fdopen", lambda descriptor, _mode: Broken(descriptor)
    )
    with pytest.raises(SourceUnavailableError, match="at the moment"):
        connect(share).open(uri_of(share / "notice.txt"), "1")
