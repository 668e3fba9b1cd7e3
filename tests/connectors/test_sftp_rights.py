"""Rights on a server are those of the file and of every folder above it, or nobody's."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.posix import Protection
from connectors.sftp_rights import RemoteWay, SftpRights, hash_of, rights_of
from connectors.sftp_session import SftpSession
from tests.connectors.servers.inline_ssh import InlineSsh


@pytest.fixture
def session(tmp_path: Path) -> Iterator[SftpSession]:
    server = InlineSsh(tmp_path)
    session = server.session()
    yield session
    session.close()
    server.hang_up()


def test_the_way_to_a_folder_leads_through_every_folder_above(
    session: SftpSession, tmp_path: Path
) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    rights = SftpRights(session, with_lists=True)
    before = rights.way_to(bytes(inner))
    (tmp_path / "a").chmod(0o700)
    after = rights.way_to(bytes(inner))
    assert before is not None
    assert after is not None
    assert before.raw != after.raw
    assert len(after.raw.splitlines()) == len(inner.parts)


def test_a_way_through_a_link_or_to_nowhere_is_unknown(
    session: SftpSession, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    rights = SftpRights(session, with_lists=False)
    assert rights.way_to(bytes(tmp_path / "link")) is None
    assert rights.way_to(bytes(tmp_path / "gone")) is None


def test_what_getfacl_does_not_tell_is_not_made_up(session: SftpSession, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    path, gone = bytes(tmp_path / "a.txt"), bytes(tmp_path / "gone.txt")
    status = os.lstat(path)
    known = SftpRights(session, with_lists=True).protections({path: status, gone: status})
    assert set(known) == {path}
    modes = SftpRights(session, with_lists=False).protections({path: status, gone: status})
    assert modes[gone].acl is None


def test_a_server_that_tells_no_owner_leaves_rights_unknown(session: SftpSession) -> None:
    class Silent:
        st_mode, st_uid, st_gid = 0o100644, None, None

    assert SftpRights(session, with_lists=False).protections({b"/a": Silent()}) == {}


def test_many_paths_are_asked_for_in_several_commands(
    session: SftpSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.sftp_rights._COMMAND_BYTES", 10)
    paths = [bytes(tmp_path / name) for name in "abc"]
    for path in paths:
        Path(os.fsdecode(path)).write_text("x")
    found = SftpRights(session, with_lists=True).protections({p: os.lstat(p) for p in paths})
    assert set(found) == set(paths)


def test_a_list_of_an_unknown_form_makes_rights_unknown() -> None:
    way = RemoteWay(b"", ())
    assert rights_of("i", Protection(0o644, 1, 2, b"?"), way).entries is None
    assert rights_of("i", None, way).entries is None
    assert rights_of("i", Protection(0o644, 1, 2), None).entries is None
    assert rights_of("i", Protection(0o644, 1, 2), way).entries


def test_the_hash_moves_with_the_file_and_with_the_way() -> None:
    way = RemoteWay(b"755 0 0 -\n", ())
    known = {
        hash_of(Protection(0o644, 1, 2), way),
        hash_of(Protection(0o640, 1, 2), way),
        hash_of(Protection(0o644, 1, 3), way),
        hash_of(Protection(0o644, 1, 2), RemoteWay(b"700 0 0 -\n", ())),
        hash_of(Protection(0o644, 1, 2), None),
    }
    assert len(known) == 5
