"""An export is read from a zip archive or a folder, and only within limits."""

import gc
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.exports import archive
from connectors.exports.archive import fingerprint, open_archive, read, reading
from tests.connectors.exports.packed import folder_of, zip_of

FILES = {"a.txt": "first", "b/c.txt": "second"}


@pytest.fixture(params=["zip", "folder"])
def export(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    make = zip_of if request.param == "zip" else folder_of
    return make(tmp_path / "export", FILES)


def test_a_zip_archive_and_a_folder_are_read_alike(export: Path) -> None:
    found = open_archive(export)
    assert sorted(found.files) == ["a.txt", "b/c.txt"]
    assert found.files["b/c.txt"].size == 6
    assert found.files["a.txt"].modified_at.utcoffset() is not None
    assert read(found, "b/c.txt", max_bytes=6) == b"second"


def test_a_file_that_is_not_there_is_refused(export: Path) -> None:
    with pytest.raises(SourceRejectedError, match="no file"):
        open_archive(export).stream("nothing.txt")


def test_a_file_larger_than_asked_for_is_refused(export: Path) -> None:
    with pytest.raises(SourceRejectedError, match="larger than 5 bytes"):
        read(open_archive(export), "b/c.txt", max_bytes=5)


def test_the_fingerprint_changes_with_the_export(export: Path, tmp_path: Path) -> None:
    before = fingerprint(export)
    assert fingerprint(export) == before
    if export.is_dir():
        folder_of(export, {"a.txt": "changed"})
    else:
        zip_of(tmp_path / "new", FILES | {"d": "x"}).replace(export)
    assert fingerprint(export) != before


def test_an_export_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    for ask in (open_archive, fingerprint):
        with pytest.raises(SourceUnavailableError, match="not there"):
            ask(tmp_path / "nowhere")


def test_a_folder_inside_that_cannot_be_listed_ends_the_listing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = folder_of(tmp_path / "export", FILES)
    listed = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("/b"):
            raise PermissionError(13, "denied", str(path))
        return listed(path)

    # The tests may run as a person whom no permission stops.
    monkeypatch.setattr(os, "scandir", scandir)
    for ask in (open_archive, fingerprint):
        with pytest.raises(SourceUnavailableError):
            ask(root)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside = folder_of(tmp_path / "outside", {"secret.txt": "secret"})
    root = folder_of(tmp_path / "export", FILES)
    (root / "link.txt").symlink_to(outside / "secret.txt")
    (root / "linked").symlink_to(outside)
    found = open_archive(root)
    assert sorted(found.files) == ["a.txt", "b/c.txt"]
    (root / "a.txt").unlink()
    (root / "a.txt").symlink_to(outside / "secret.txt")
    with pytest.raises(SourceRejectedError, match="cannot be read"):
        found.stream("a.txt")


def test_a_zip_archive_that_is_replaced_is_read_as_it_was(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "export.zip", FILES)
    found = open_archive(path)
    zip_of(tmp_path / "new.zip", {"other.txt": "other"}).replace(path)
    assert read(found, "a.txt", max_bytes=9) == b"first"


def test_a_zip_archive_that_is_let_go_is_closed(tmp_path: Path) -> None:
    found = open_archive(zip_of(tmp_path / "export.zip", FILES))
    assert isinstance(found, archive.ZipArchive)
    inside, ring = found.archive, [found]
    ring.append(ring)  # type: ignore[arg-type]
    assert inside.fp is not None
    del found, ring
    gc.collect()
    assert inside.fp is None


def test_what_is_no_zip_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(b"not an archive")
    with pytest.raises(SourceRejectedError, match="not a zip archive"):
        open_archive(path)


def test_a_file_whose_bytes_were_altered_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("a.txt", "first")
    path.write_bytes(path.read_bytes().replace(b"first", b"worse"))
    with pytest.raises(SourceRejectedError, match="damaged"):
        read(open_archive(path), "a.txt", max_bytes=9)


def test_a_file_whose_head_was_altered_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "export.zip", {"a.txt": "first"})
    path.write_bytes(path.read_bytes().replace(b"a.txt", b"z.txt", 1))
    with pytest.raises(SourceRejectedError, match="cannot be read"):
        open_archive(path).stream("a.txt")


def test_a_damaged_lzma_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as written:
        written.writestr("a.txt", os.urandom(4000))
    content = bytearray(path.read_bytes())
    content[39:44] = b"\xff" * 5
    path.write_bytes(content)
    with pytest.raises(SourceRejectedError):
        read(open_archive(path), "a.txt", max_bytes=9000)


def test_damage_while_streaming_is_told_as_a_refusal() -> None:
    with pytest.raises(SourceRejectedError, match="damaged"), reading():
        raise EOFError


@pytest.mark.parametrize("name", ["/etc/passwd", "../up.txt", "a/../../up.txt", "a\\b.txt"])
def test_a_path_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceRejectedError, match="leads out"):
        open_archive(zip_of(tmp_path / "export.zip", {name: "x"}))


def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as written:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        written.writestr(link, "/etc/passwd")
    with pytest.raises(SourceRejectedError, match="symbolic link"):
        open_archive(path)


def test_a_file_with_a_password_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "export.zip", {"a.txt": "first"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(SourceRejectedError, match="password"):
        open_archive(path)


def test_one_name_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("a.txt", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            written.writestr("a.txt", "two")
    with pytest.raises(SourceRejectedError, match="twice"):
        open_archive(path)


def test_a_file_packed_beyond_all_measure_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "export.zip", {"bomb": bytes(archive.RATIO_FROM_BYTES + 1)})
    with pytest.raises(SourceRejectedError, match="beyond all measure"):
        open_archive(path)


def test_a_small_file_may_be_packed_tightly(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "export.zip", {"zeros": bytes(2**20)})
    assert open_archive(path).files["zeros"].size == 2**20


@pytest.mark.parametrize("limit", ["MOST_FILES", "MOST_BYTES"])
def test_an_archive_above_a_limit_is_refused(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zip_of(tmp_path / "export.zip", FILES)
    assert open_archive(path).files
    monkeypatch.setattr(archive, limit, 1)
    with pytest.raises(SourceRejectedError, match="larger than the limits"):
        open_archive(path)


def test_folders_are_no_files_and_an_impossible_time_is_the_first_day(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("folder/", "")
        written.writestr(zipfile.ZipInfo("a.txt", (2024, 0, 0, 0, 0, 0)), "first")
    found = open_archive(path)
    assert list(found.files) == ["a.txt"]
    assert found.files["a.txt"].modified_at == datetime(1980, 1, 1, tzinfo=UTC)
