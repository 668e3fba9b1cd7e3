"""A session speaks to the server that is known, and tells what breaks it as an outage."""

from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest

from connectors import sftp_session
from connectors.endpoints import Patience
from connectors.errors import SourceUnavailableError
from connectors.sftp_session import Login, SftpSession
from tests.connectors.servers.inline_ssh import HOST, USER, InlineSsh


@pytest.fixture
def server(tmp_path: Path) -> Iterator[InlineSsh]:
    server = InlineSsh(tmp_path)
    yield server
    server.hang_up()


@pytest.fixture
def session(server: InlineSsh) -> Iterator[SftpSession]:
    session = server.session()
    yield session
    session.close()


def why(session: SftpSession) -> str:
    with pytest.raises(SourceUnavailableError) as caught, session.talking():
        raise AssertionError("the door was open")
    return str(caught.value)


def test_one_connection_serves_all_calls(session: SftpSession, server: InlineSsh) -> None:
    for _ in range(2):
        with session.talking() as files:
            assert files.real_path(b"/") == b"/"
    assert len(server.transports) == 1


def test_a_connection_that_was_cut_is_an_outage_and_made_again(
    session: SftpSession, server: InlineSsh, tmp_path: Path
) -> None:
    (tmp_path / "cut").mkdir()
    with pytest.raises(SourceUnavailableError, match="lost"), session.talking() as files:
        files.list_folder(bytes(tmp_path / "cut"))
    with session.talking() as files:
        assert {name for name, _ in files.list_folder(bytes(tmp_path))} >= {b"cut"}
    assert len(server.transports) == 2


def test_another_key_than_the_known_one_ends_it(session: SftpSession, tmp_path: Path) -> None:
    InlineSsh(tmp_path)
    assert "another host key" in why(session)


def test_a_server_nobody_knows_is_not_spoken_to(session: SftpSession, server: InlineSsh) -> None:
    server.known_hosts.write_text("")
    assert "no key of nas" in why(session)
    server.known_hosts.unlink()
    assert "known_hosts file cannot be read" in why(session)


def test_a_wrong_password_is_told_and_not_tried_again(server: InlineSsh) -> None:
    server.password_file.write_text("wrong")
    login = Login(HOST, 22, USER, server.known_hosts, server.password_file, None, 10)
    session = SftpSession(login, patience=Patience(attempts=3), dial=server.dial)
    assert why(session) == "the server refuses the sign-in"
    assert len(server.transports) == 1


def test_a_key_opens_nothing_where_it_is_not_wanted(server: InlineSsh, tmp_path: Path) -> None:
    paramiko.ECDSAKey.generate().write_private_key_file(str(tmp_path / "key"))
    login = Login(HOST, 22, USER, server.known_hosts, None, tmp_path / "key", 10)
    assert why(SftpSession(login, patience=Patience(attempts=1), dial=server.dial)) == (
        "the server refuses the sign-in"
    )


def test_a_key_that_cannot_be_read_is_told(server: InlineSsh, tmp_path: Path) -> None:
    paramiko.ECDSAKey.generate().write_private_key_file(str(tmp_path / "key"), password="right")
    (tmp_path / "none").write_text("no key")
    for key in ("key", "none", "missing"):
        login = Login(HOST, 22, USER, server.known_hosts, None, tmp_path / key, 10)
        session = SftpSession(login, patience=Patience(attempts=1), dial=server.dial)
        assert why(session) == "the private key cannot be read"


def test_a_host_that_is_not_there_is_dialled_as_often_as_patience_allows(
    server: InlineSsh,
) -> None:
    tries: list[int] = []

    def dial() -> object:
        tries.append(1)
        raise ConnectionRefusedError

    login = Login(HOST, 22, USER, server.known_hosts, server.password_file, None, 10)
    patience = Patience(attempts=3, sleep=lambda _: None)
    assert "ConnectionRefusedError" in why(SftpSession(login, patience=patience, dial=dial))
    assert len(tries) == 3


def test_a_command_is_run_and_its_output_bounded(
    session: SftpSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session.run(b"echo done") == b"done\n"
    monkeypatch.setattr(sftp_session, "_OUTPUT_BYTES", 3)
    with pytest.raises(SourceUnavailableError, match="without end"):
        session.run(b"echo done")


def test_a_server_that_runs_no_commands_is_an_outage(
    session: SftpSession, server: InlineSsh
) -> None:
    server.runs_commands = False
    with pytest.raises(SourceUnavailableError):
        session.run(b"echo done")


def test_a_listed_name_that_is_a_path_ends_the_listing(
    session: SftpSession, tmp_path: Path
) -> None:
    (tmp_path / "lies").mkdir()
    (tmp_path / "lies" / "a.txt").write_text("x")
    with pytest.raises(SourceUnavailableError), session.talking() as files:
        files.list_folder(bytes(tmp_path / "lies"))


def test_an_answer_of_another_kind_is_an_outage(
    session: SftpSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sftp_session, "CMD_REALPATH", 17)
    with pytest.raises(SourceUnavailableError), session.talking() as files:
        files.real_path(b"/")
