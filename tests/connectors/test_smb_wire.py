"""The wire sends what the server has room for, never follows a link, and hangs up on any doubt."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from smbprotocol.exceptions import SMBException, SMBResponseException
from smbprotocol.header import SMB2HeaderResponse

from connectors import smb_messages as messages
from connectors import smb_wire
from connectors.errors import SourceUnavailableError
from connectors.smb_wire import Login, Wire

LOGIN = Login("files", 445, "scribe@corp", "Secret-Words", timeout_seconds=1)


@dataclass
class Transport:
    connected: bool = True

    def close(self) -> None:
        self.connected = False


@dataclass
class Connection:
    """The library's connection as the wire sees it: answers are prepared, questions kept."""

    statuses: list[int]
    credits: int = 8
    sent: list[list[int]] = field(default_factory=list)
    followed: list[bool] = field(default_factory=list)
    fails_with: Exception | None = None
    transport: Transport = field(default_factory=Transport)
    server_name: str = "files"
    waiting: int = 0
    most_waiting: int = 0

    @property
    def sequence_window(self) -> dict[str, int]:
        return {"low": 100, "high": 100 + self.credits}

    def send_compound(self, chain: list[Any], sid: int, tid: int, *, related: bool) -> list[int]:
        assert (sid, tid) == (7, 9)
        assert related is (len(chain) > 1)
        self.sent.append([message.COMMAND for message in chain])
        self.waiting += len(chain)
        self.most_waiting = max(self.most_waiting, self.waiting)
        return list(range(len(chain)))

    def receive(self, request: int, *, timeout: int, resolve_symlinks: bool) -> SMB2HeaderResponse:
        self.followed.append(resolve_symlinks)
        self.waiting -= 1
        if self.fails_with is not None:
            raise self.fails_with
        header = SMB2HeaderResponse()
        header["status"] = self.statuses.pop(0)
        header["data"] = b"answer"
        if header["status"].get_value():
            raise SMBResponseException(header)
        return header

    def disconnect(self, *, close: bool) -> None:
        self.transport.close()


@dataclass
class Session:
    session_id: int = 7


def wire(*statuses: int, room: int = 8, fails_with: Exception | None = None) -> Wire:
    connection = Connection(list(statuses), room, fails_with=fails_with)
    return Wire(connection, Session(), 9, 1)


CHAIN = (messages.create("a", access=1, options=0), messages.query_tag(), messages.close())


def test_replies_come_in_order_and_a_refusal_is_a_reply() -> None:
    line = wire(0, 0, 0, 0xC0000034, 0xC0000034, 0xC0000034)
    first, second = line.exchange([CHAIN, CHAIN])
    assert [reply.status for reply in first] == [0, 0, 0]
    assert [reply.status for reply in second] == [0xC0000034] * 3
    assert {reply.data for reply in first} == {b"answer"}
    assert line.alive


def test_no_more_goes_out_than_the_server_has_room_for() -> None:
    line = wire(*[0] * 30, room=8)
    assert len(list(line.exchange([CHAIN] * 10))) == 10
    assert line.connection.most_waiting == 6
    tight = wire(*[0] * 6, room=0)
    assert len(list(tight.exchange([CHAIN] * 2))) == 2
    assert tight.connection.most_waiting == 3


def test_no_link_is_ever_followed() -> None:
    line = wire(0x8000002D)
    assert line.ask(messages.close())[0].status == 0x8000002D
    assert line.connection.followed == [False]


@pytest.mark.parametrize("status", [0xC00000C9, 0xC0000203, 0xC000035C])
def test_a_share_or_session_that_is_gone_ends_the_wire(status: int) -> None:
    line = wire(status)
    with pytest.raises(SourceUnavailableError, match="withdrew"):
        line.ask(messages.close())
    assert not line.alive


@pytest.mark.parametrize(
    "error",
    [SMBException("timeout"), OSError("cut"), ValueError("?"), KeyError(1), IndexError()],
)
def test_a_server_that_goes_silent_or_mad_ends_the_wire(error: Exception) -> None:
    line = wire(fails_with=error)
    with pytest.raises(SourceUnavailableError, match="stopped answering"):
        line.ask(messages.close())
    assert not line.alive


@dataclass
class Tree:
    """The library's connection to a share: some are there, some refuse."""

    session: "Signed"
    share_name: str
    tree_connect_id: int = 0

    def connect(self) -> None:
        if self.share_name.endswith("closed"):
            header = SMB2HeaderResponse()
            header["status"] = 0xC00000CC
            raise SMBResponseException(header)
        self.tree_connect_id = 100 + len(self.session.tree_connect_table)
        self.session.tree_connect_table[self.tree_connect_id] = self


@dataclass
class Signed:
    """A session with its table of shares."""

    connection: Connection
    session_id: int = 7
    tree_connect_table: dict[int, Tree] = field(default_factory=dict)


def test_another_share_is_reached_by_the_same_sign_in_and_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smb_wire, "TreeConnect", Tree)
    connection = Connection([])
    line = Wire(connection, Signed(connection), 9, 1)
    service = line.on("IPC$")
    assert (service.tree, service.connection) == (100, connection)
    assert line.on("IPC$").tree == 100
    assert line.on("other").tree == 101
    with pytest.raises(SourceUnavailableError, match="no share of this name"):
        line.on("closed")
    assert line.alive


@dataclass
class Dialled(Connection):
    """A connection that can be opened, or cannot."""

    statuses: list[int] = field(default_factory=list)
    echoes: int = 0

    def connect(self, timeout: int) -> None:
        if self.fails_with is not None:
            raise self.fails_with

    def echo(self, sid: int, timeout: int, wanted: int) -> None:
        self.echoes = wanted


@dataclass
class Door(Signed):
    """A sign-in that succeeds, or is refused with a status."""

    status: int = 0

    def connect(self) -> None:
        if self.status:
            header = SMB2HeaderResponse()
            header["status"] = self.status
            raise SMBResponseException(header)


def dialling(monkeypatch: pytest.MonkeyPatch, connection: Dialled, status: int = 0) -> list[object]:
    asked: list[object] = []

    def connect(guid: object, host: str, port: int, *, require_signing: bool) -> Dialled:
        asked.append((host, port, require_signing))
        return connection

    def sign_in(
        connection: Dialled, name: str, password: str, *, require_encryption: bool, **_: str
    ) -> Door:
        asked.append((name, password, require_encryption))
        return Door(connection, status=status)

    monkeypatch.setattr(smb_wire, "Connection", connect)
    monkeypatch.setattr(smb_wire, "Session", sign_in)
    monkeypatch.setattr(smb_wire, "TreeConnect", Tree)
    return asked


def test_a_wire_is_signed_and_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Dialled()
    asked = dialling(monkeypatch, connection)
    line = smb_wire.dial(LOGIN, "docs")
    assert asked == [("files", 445, True), ("scribe@corp", "Secret-Words", True)]
    assert line.alive
    assert connection.echoes > 100
    assert "Secret" not in repr(LOGIN)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (0xC000006D, "name or the password is wrong"),
        (0xC0000234, "locked"),
        (0xC0FFEE00, "0xc0ffee00"),
    ],
)
def test_a_refused_sign_in_says_why_and_hangs_up(
    monkeypatch: pytest.MonkeyPatch, status: int, reason: str
) -> None:
    connection = Dialled()
    dialling(monkeypatch, connection, status)
    with pytest.raises(SourceUnavailableError, match=f"refused the sign-in.*{reason}"):
        smb_wire.dial(LOGIN, "docs")
    assert not connection.transport.connected


def test_a_refused_share_and_a_silent_server_are_outages(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Dialled()
    dialling(monkeypatch, connection)
    with pytest.raises(SourceUnavailableError, match="no share of this name"):
        smb_wire.dial(LOGIN, "closed")
    assert not connection.transport.connected
    connection = Dialled(fails_with=ValueError("Failed to connect"))
    dialling(monkeypatch, connection)
    with pytest.raises(SourceUnavailableError, match="cannot be reached"):
        smb_wire.dial(LOGIN, "docs")
    connection = Dialled(fails_with=smb_wire.SMBAuthenticationError("no way"))
    dialling(monkeypatch, connection)
    with pytest.raises(SourceUnavailableError, match="no way to sign in"):
        smb_wire.dial(LOGIN, "docs")
