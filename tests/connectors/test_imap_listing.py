"""Folders are told one by one and taken up where they were left; half a list is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import imap_listing
from connectors.endpoints import Pace, Patience
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item
from connectors.imap_listing import ImapListing, ImapNames, Seen, State
from connectors.imap_session import ImapSession, Login
from tests.connectors.servers.inline_imap import PASSWORD, USER, Folder, InlineImap

NAMES = ImapNames("imap://nas:993")


@pytest.fixture
def server() -> InlineImap:
    server = InlineImap()
    server.folders = {"A": Folder(), "B": Folder()}
    for uid in range(1, 6):
        server.folders["A"].add(uid, b"Subject: a\r\n\r\n")
    server.folders["B"].add(1, b"Subject: b\r\n\r\n")
    return server


@pytest.fixture
def session(server: InlineImap, tmp_path: Path) -> Iterator[ImapSession]:
    (tmp_path / "password").write_text(PASSWORD)
    login = Login("nas", 993, USER, tmp_path / "password", "tls", None, 5)
    session = ImapSession(login, pace=Pace(), patience=Patience(attempts=1), dial=server.dial)
    yield session
    session.close()


def listing(session: ImapSession, *wanted: str, ignored: tuple[str, ...] = ()) -> ImapListing:
    return ImapListing(session, names=NAMES, folders=wanted, ignored=ignored, max_bytes=999)


def ids(told: list[object]) -> list[str]:
    return [fact.id for fact in told if isinstance(fact, Item)]


@pytest.mark.parametrize("folder", ["INBOX", "a b/c", "100%;UID=3", "R&AOk-sum&AOk-", "ü\udcff"])
def test_a_message_survives_its_uri(folder: str) -> None:
    uri = NAMES.uri_of(folder, 7, 9)
    assert uri.isascii()
    assert NAMES.parts_of(uri) == (folder, 7, 9)


@pytest.mark.parametrize(
    "uri",
    [
        "no-such-item",
        "imap://other:993/A;UIDVALIDITY=7/;UID=1",
        "imap://nas:993/A;UIDVALIDITY=x/;UID=1",
    ],
)
def test_what_is_no_message_of_the_server_is_rejected(uri: str) -> None:
    with pytest.raises(SourceRejectedError, match="not a message"):
        NAMES.parts_of(uri)


@pytest.mark.parametrize("capabilities", ["IMAP4rev1", "IMAP4rev1 ENABLE QRESYNC"])
def test_a_scan_that_was_cut_off_goes_on_inside_a_folder(
    session: ImapSession, server: InlineImap, monkeypatch: pytest.MonkeyPatch, capabilities: str
) -> None:
    server.capabilities = capabilities
    monkeypatch.setattr(imap_listing, "_EVERY", 2)
    told: list[object] = [
        State.of(fact.cursor()) if isinstance(fact, State) else fact
        for fact in listing(session).changes(State())
    ]
    places = [place for place, fact in enumerate(told) if isinstance(fact, State)]
    assert len(places) == 4
    for place in places[:-2]:
        state = told[place]
        assert isinstance(state, State)
        rest = list(listing(session).changes(state))
        assert ids(told[:place]) + ids(rest) == ids(told)


def test_an_unchanged_folder_is_not_listed_again(session: ImapSession, server: InlineImap) -> None:
    (*_, state) = listing(session).changes(State())
    assert isinstance(state, State)
    server.asked.clear()
    assert ids(list(listing(session).changes(state))) == []
    assert not [asked for asked in server.asked if "FETCH" in asked]


def test_a_folder_numbered_anew_is_told_anew(session: ImapSession, server: InlineImap) -> None:
    (*_, state) = listing(session).changes(State())
    assert isinstance(state, State)
    server.folders["B"].validity = 8
    found = ids(list(listing(session).changes(state)))
    assert found == ["imap://nas:993/B;UIDVALIDITY=8/;UID=1"]


def test_a_shut_folder_is_a_failure_of_a_scan_and_the_end_of_a_sweep(
    session: ImapSession, server: InlineImap
) -> None:
    server.folders["A"].is_shut = True
    told = list(listing(session).changes(State()))
    assert [fact.id for fact in told if isinstance(fact, Failure)] == ["imap://nas:993/A"]
    assert len(ids(told)) == 1
    with pytest.raises(SourceUnavailableError, match="ignored_folders"):
        list(listing(session).all())
    assert len(list(listing(session, ignored=("A",)).all())) == 1


def test_half_a_list_is_none(session: ImapSession, server: InlineImap) -> None:
    server.folders["A"].claims = 9
    with pytest.raises(SourceUnavailableError, match="fewer messages"):
        list(listing(session).all())


def test_a_line_that_breaks_ends_the_listing(session: ImapSession, server: InlineImap) -> None:
    server.breaks_at = 'EXAMINE "B"'
    with pytest.raises(SourceUnavailableError, match="lost"):
        list(listing(session).all())


def test_a_named_folder_must_be_there(session: ImapSession) -> None:
    assert listing(session, "B").folders() == ["B"]
    with pytest.raises(SourceUnavailableError, match="'C' is not there"):
        listing(session, "B", "C").folders()


def test_no_folders_are_no_messages(session: ImapSession, server: InlineImap) -> None:
    server.folders.clear()
    [state] = listing(session).changes(State({"A": Seen(7, 1, 5, 5)}))
    assert isinstance(state, State)
    assert state.messages == 0


@pytest.mark.parametrize("value", ["", "[]", "{}", '{"folders": 3}', '{"folders": {"a": [1]}}'])
def test_a_cursor_that_means_nothing_starts_over(value: str) -> None:
    assert State.of(Cursor(value)) == State()
