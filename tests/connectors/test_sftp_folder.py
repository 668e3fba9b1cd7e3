"""What lies in one folder on a server is named by URIs, and nothing beside it is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.remote_tree import FolderUnreadableError
from connectors.sftp_folder import SftpFolder
from tests.connectors.servers.inline_ssh import HOST, InlineSsh


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "share"
    (root / "hr").mkdir(parents=True)
    (root / "notice.txt").write_text("Closed at noon.")
    return root


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Iterator[SftpFolder]:
    server = InlineSsh(tmp_path)
    session = server.session()
    yield SftpFolder(session, host=HOST, port=2222, root=str(root), max_bytes=100)
    session.close()
    server.hang_up()


def test_a_path_survives_its_uri(folder: SftpFolder, root: Path) -> None:
    path = folder.below(("hr", "a b%\udcff.txt"))
    assert folder.uri_of(path) == f"sftp://nas:2222{root}/hr/a%20b%25%FF.txt"
    assert folder.path_of(folder.uri_of(path)) == path == bytes(root) + b"/hr/a b%\xff.txt"


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "/%2e%2e/x", "{root}/../x", "{root}/hr//leave.md", "{root}", "{root}/a%00b"],
)
def test_what_lies_outside_is_rejected(folder: SftpFolder, root: Path, path: str) -> None:
    with pytest.raises(SourceRejectedError, match="outside"):
        folder.path_of(f"sftp://{HOST}:2222" + path.format(root=root))


def test_another_host_is_another_place(folder: SftpFolder, root: Path) -> None:
    for origin in ("sftp://other:2222", "sftp://nas", "file://"):
        with pytest.raises(SourceRejectedError, match="outside"):
            folder.path_of(f"{origin}{root}/notice.txt")


def test_the_root_may_be_reached_through_a_link(tmp_path: Path, root: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    server = InlineSsh(tmp_path)
    session = server.session()
    folder = SftpFolder(session, host="::1", port=22, root=str(tmp_path / "link"), max_bytes=9)
    assert folder.top() == bytes(root)
    assert folder.uri_of(b"/a") == "sftp://[::1]/a"
    session.close()
    server.hang_up()


def test_a_folder_that_is_gone_is_told_from_a_root_that_is_gone(
    folder: SftpFolder, root: Path
) -> None:
    with pytest.raises(FolderUnreadableError, match="refuses"):
        folder.listed(bytes(root / "gone"))
    top = folder.top()
    (root / "notice.txt").unlink()
    (root / "hr").rmdir()
    root.rmdir()
    with pytest.raises(SourceUnavailableError, match="cannot be listed"):
        folder.listed(top)


def test_what_may_not_be_read_is_told_from_what_is_gone(folder: SftpFolder, root: Path) -> None:
    (root / "locked.txt").write_text("x")
    with pytest.raises(SourceRejectedError, match="may not be read"):
        folder.read(bytes(root / "locked.txt"))
    with pytest.raises(SourceUnavailableError, match="at the moment"):
        folder.read(bytes(root / "gone.txt"))


def test_folders_links_and_large_files_are_not_read(folder: SftpFolder, root: Path) -> None:
    (root / "large.txt").write_text("x" * 101)
    (root / "link.txt").symlink_to(root / "notice.txt")
    for name, reason in (("hr", "regular"), ("large.txt", "larger"), ("link.txt", "symbolic")):
        with pytest.raises(SourceRejectedError, match=reason):
            folder.read(bytes(root / name))
    assert folder.read(bytes(root / "notice.txt"))[0] == b"Closed at noon."


def test_a_file_that_grows_after_it_was_examined_is_not_read_whole(
    folder: SftpFolder, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def grow(self: object, size: int) -> None:
        (root / "notice.txt").write_text("x" * 5000)

    monkeypatch.setattr("paramiko.sftp_file.SFTPFile.prefetch", grow)
    with pytest.raises(SourceUnavailableError, match="changed while it was read"):
        folder.read(bytes(root / "notice.txt"))
