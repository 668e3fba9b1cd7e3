"""The filesystem connector follows plain files only, and takes silence for an outage."""

import os
from pathlib import Path

import pytest

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
