"""The rights of a file are its own and those of every folder above it; doubt is nobody's."""

import errno
import os
import struct
from pathlib import Path

import pytest

from connectors.facts import EVERYONE, AclEffect, AclEntry, RawAcl
from connectors.posix_rights import OPEN_WAY, Way, deeper, hash_of, rights_of, way_down

BEYOND = struct.pack("<IHHI", 2, 64, 4, 7)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "hr" / "pay").mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "hr", tmp_path / "hr" / "pay"):
        folder.chmod(0o755)
    file = tmp_path / "hr" / "pay" / "list.txt"
    file.write_text("x")
    file.chmod(0o644)
    return tmp_path


def file_in(top: Path) -> Path:
    return top / "hr" / "pay" / "list.txt"


def rights(top: Path) -> RawAcl:
    file = file_in(top)
    return rights_of("item", str(file), way_down(str(file.parent), top=str(top)))


def token(top: Path) -> str:
    file = file_in(top)
    return hash_of(str(file), file.lstat(), way_down(str(file.parent), top=str(top)))


def refusing(number: int) -> object:
    def getxattr(*arguments: object, **words: object) -> bytes:
        raise OSError(number, "no")

    return getxattr


def test_folders_that_everyone_passes_are_no_gates(top: Path) -> None:
    assert rights(top).gates == ()
    assert rights(top).entries is not None
    assert rights(top).entries[-1].principal == EVERYONE


def test_every_folder_that_keeps_somebody_out_is_a_gate_once(top: Path) -> None:
    me = AclEntry(AclEffect.ALLOW, f"uid:{os.getuid()}", reads=True)
    for folder in (top, top / "hr"):
        folder.chmod(0o700)
    assert rights(top).gates == ((me,),)


def test_the_way_is_counted_from_the_top_and_counts_it(top: Path) -> None:
    top.chmod(0o700)
    assert len(rights(top).gates) == 1
    way = way_down(str(top / "hr" / "pay"), top=str(top / "hr"))
    assert way is not None
    assert way.gates == ()
    everything = way_down(str(top), top="/")
    assert everything is not None
    assert everything.raw.count(b"\n") == len(top.parts)


def test_what_was_read_is_kept_line_by_line_from_the_file_up(top: Path) -> None:
    lines = [line.split(b" ")[0] for line in rights(top).raw.splitlines()]
    assert lines == [b"644", b"755", b"755", b"755"]


def test_any_change_of_rights_on_the_way_changes_the_token(top: Path) -> None:
    found = [token(top)]
    file_in(top).chmod(0o640)
    found.append(token(top))
    (top / "hr").chmod(0o711)
    found.append(token(top))
    top.chmod(0o700)
    found.append(token(top))
    assert len(set(found)) == 4
    assert token(top) == found[-1]


def test_files_of_one_protection_in_one_folder_are_judged_once(top: Path) -> None:
    way = way_down(str(file_in(top).parent), top=str(top))
    assert way is not None
    (top / "hr" / "pay" / "second.txt").write_text("y")
    (top / "hr" / "pay" / "second.txt").chmod(0o644)
    first = rights_of("1", str(file_in(top)), way)
    second = rights_of("2", str(top / "hr" / "pay" / "second.txt"), way)
    assert first.entries is second.entries
    assert len(way.judged) == 1


def test_a_folder_that_is_a_link_or_gone_leaves_no_way(top: Path) -> None:
    (top / "linked").symlink_to(top / "hr")
    assert deeper(OPEN_WAY, str(top / "linked")) is None
    assert way_down(str(top / "linked" / "pay"), top=str(top)) is None
    assert deeper(OPEN_WAY, str(top / "gone")) is None
    assert deeper(None, str(top / "hr")) is None


def test_rights_are_unknown_where_the_way_is(top: Path) -> None:
    assert rights_of("item", str(file_in(top)), None) == RawAcl("item", b"", None)
    assert hash_of(str(file_in(top)), file_in(top).lstat(), None) == "unknown"


def test_what_is_no_file_has_no_known_rights(top: Path) -> None:
    (top / "link").symlink_to(file_in(top))
    for name in ("link", "hr", "gone"):
        assert rights_of("item", str(top / name), OPEN_WAY) == RawAcl("item", b"", None)


def test_a_list_that_cannot_be_read_is_unknown(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = file_in(top)
    way = way_down(str(file.parent), top=str(top))
    monkeypatch.setattr(os, "getxattr", refusing(errno.EIO))
    assert rights_of("item", str(file), way).entries is None
    assert hash_of(str(file), file.lstat(), way) == "unknown"
    assert way_down(str(file.parent), top=str(top)) is None


def test_a_list_that_is_not_understood_is_unknown_and_kept(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_in(top)
    file.chmod(0o664)
    way = way_down(str(file.parent), top=str(top))
    monkeypatch.setattr(os, "getxattr", lambda *_, **__: BEYOND)
    found = rights_of("item", str(file), way)
    assert found.entries is None
    assert BEYOND.hex().encode() in found.raw
    assert deeper(Way(b"", ()), str(top / "hr")) is None


def test_a_file_system_without_lists_has_mode_bits_only_unless_it_has_lists_of_its_own(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getxattr", refusing(errno.ENOTSUP))
    monkeypatch.setattr(os, "listxattr", lambda *_, **__: [])
    assert rights(top).entries is not None
    monkeypatch.setattr(os, "listxattr", lambda *_, **__: ["system.nfs4_acl"])
    assert rights(top).entries is None
