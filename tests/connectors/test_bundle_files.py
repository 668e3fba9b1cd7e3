"""A bundle's files are plain files, whether in a folder or in an archive."""

import io
import tarfile
from pathlib import Path

import pytest

from connectors import bundle_files
from connectors.bundle_files import files_of, fingerprint
from connectors.errors import SourceRejectedError, SourceUnavailableError


def archive(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w") as made:
        for member in members:
            made.addfile(member, io.BytesIO(b"x" * member.size) if member.isreg() else None)
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, *, size: int = 3) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname = kind, "/etc/passwd"
    found.size = size if kind == tarfile.REGTYPE else 0
    return found


def test_a_folder_and_an_archive_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "folder" / "files").mkdir(parents=True)
    (tmp_path / "folder" / "files" / "a").write_bytes(b"xxx")
    tar = archive(
        tmp_path / "bundle.tar", member("files", tarfile.DIRTYPE), member("./files/a", size=3)
    )
    for path in (tmp_path / "folder", tar):
        assert files_of(path).read("files/a", max_bytes=3) == b"xxx"
        with pytest.raises(SourceRejectedError, match="larger"):
            files_of(path).read("files/a", max_bytes=2)


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a").symlink_to("/etc/passwd")
    with pytest.raises(SourceRejectedError, match="link"):
        files_of(tmp_path).read("files/a", max_bytes=2**20)


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_an_archive_with_anything_but_files_is_refused(kind: bytes, tmp_path: Path) -> None:
    with pytest.raises(SourceRejectedError, match="other than plain"):
        files_of(archive(tmp_path / "b.tar", member("files/a", kind)))


@pytest.mark.parametrize("name", ["/etc/passwd", "../out", "files/../../out"])
def test_an_archive_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceRejectedError, match="leads out"):
        files_of(archive(tmp_path / "b.tar", member(name)))


def test_an_archive_with_a_name_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRejectedError, match="twice"):
        files_of(archive(tmp_path / "b.tar", member("files/a"), member("./files/a")))


def test_an_archive_with_too_many_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_files, "MOST_MEMBERS", 1)
    with pytest.raises(SourceRejectedError, match="more than 1"):
        files_of(archive(tmp_path / "b.tar", member("a"), member("b")))


def test_what_is_no_plain_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_bytes(b"not a tar archive" * 100)
    with pytest.raises(SourceRejectedError, match="plain tar"):
        files_of(tmp_path / "b.tar")
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as made:
        made.addfile(member("a", size=0))
    with pytest.raises(SourceRejectedError, match="plain tar"):
        files_of(tmp_path / "b.tar.gz")


def test_what_is_not_there_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="not there"):
        files_of(tmp_path / "gone")
    with pytest.raises(SourceUnavailableError, match="not there"):
        fingerprint(tmp_path / "gone")


def test_a_file_the_archive_lacks_or_cuts_off_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "b.tar", member("a", size=2000))
    files = files_of(path)
    with pytest.raises(SourceRejectedError, match="does not hold"):
        files.read("b", max_bytes=10)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(SourceRejectedError, match="ends within"):
        files.read("a", max_bytes=4000)
    path.unlink()
    with pytest.raises(SourceUnavailableError, match="moment"):
        files.read("a", max_bytes=4000)


def test_an_archive_that_cannot_be_opened_is_an_outage(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(SourceUnavailableError):
        files_of(tmp_path / "loop")


def test_a_replaced_file_has_another_fingerprint(tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_text("one")
    before = fingerprint(file)
    file.write_text("three")
    assert fingerprint(file) != before
