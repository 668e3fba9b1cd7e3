"""A session speaks to one server, examines only, and tells what breaks it as an outage."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.endpoints import Pace, Patience
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.imap_session import FolderRefusedError, ImapSession, Login
from tests.connectors.servers.inline_imap import PASSWORD, USER, Folder, InlineImap


@pytest.fixture
def server() -> InlineImap:
    server = InlineImap()
    server.folders = {"A": Folder(), 'B "b"': Folder()}
    server.folders["A"].add(3, b"Subject: a\r\n\r\nA.\r\n")
    return server


@pytest.fixture
def login(tmp_path: Path) -> Login:
    (tmp_path / "password").write_text(PASSWORD)
    return Login("127.0.0.1", 9, USER, tmp_path / "password", "tls", None, 5)


@pytest.fixture
def session(server: InlineImap, login: Login) -> Iterator[ImapSession]:
    session = ImapSession(login, pace=Pace(), patience=Patience(attempts=1), dial=server.dial)
    yield session
    session.close()


def test_one_connection_and_one_examination_serve_many_reads(
    session: ImapSession, server: InlineImap
) -> None:
    for _ in range(2):
        assert session.read("A", validity=7, uid=3, max_bytes=99).content
    assert server.callers == 1
    assert [asked for asked in server.asked if asked.startswith("EXAMINE")] == ['EXAMINE "A"']
    assert not [asked for asked in server.asked if asked.startswith("SELECT")]


def test_a_broken_line_is_an_outage_and_made_again(
    session: ImapSession, server: InlineImap
) -> None:
    server.breaks_at = "LIST"
    with pytest.raises(SourceUnavailableError, match="lost"):
        session.folders()
    server.breaks_at = ""
    assert "A" in session.folders()
    assert server.callers == 2


def test_a_shut_folder_is_told(session: ImapSession, server: InlineImap) -> None:
    server.folders["A"].is_shut = True
    with pytest.raises(FolderRefusedError):
        session.examine("A")
    with pytest.raises(SourceRejectedError, match="refuses the folder"):
        session.read("A", validity=7, uid=3, max_bytes=99)


def test_changes_and_deletions_are_told_where_the_server_knows_them(
    session: ImapSession, server: InlineImap
) -> None:
    modseq = session.examine("A").modseq
    assert modseq
    server.folders["A"].add(4, b"Subject: b\r\n\r\n")
    server.folders["A"].drop(3)
    changed, vanished = session.changes(modseq)
    assert ([message.uid for message in changed], vanished) == ([4], [3])
    assert session.changes(99) == ([], [])


def test_a_server_without_changes_says_so(session: ImapSession, server: InlineImap) -> None:
    server.capabilities = "IMAP4rev1"
    assert session.examine("A").modseq == 0
    assert session.acl("A") is None


def test_no_message_is_told_twice_behind_the_last(session: ImapSession) -> None:
    session.examine("A")
    assert [message.uid for message in session.messages()] == [3]
    assert session.messages(behind=3) == []


def test_a_refused_command_is_an_outage(session: ImapSession, server: InlineImap) -> None:
    session.folders()
    verdict = server._verdict
    server._verdict = lambda *asked: "NO no" if asked[0] == "UID" else verdict(*asked)  # type: ignore[method-assign]
    session.examine("A")
    with pytest.raises(SourceUnavailableError, match="refuses the list of messages"):
        session.messages()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_certificates_that_cannot_be_read_are_an_outage(
    login: Login, tmp_path: Path, security: str
) -> None:
    chosen = Login("127.0.0.1", 9, USER, login.password_file, security, tmp_path / "no.pem", 5)
    session = ImapSession(chosen, pace=Pace(), patience=Patience(attempts=1))
    with pytest.raises(SourceUnavailableError, match="ca_file"):
        session.folders()
