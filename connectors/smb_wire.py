"""A signed-in connection to one share: requests go out many at a time, answers come back."""

import struct
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from smbprotocol.connection import Connection
from smbprotocol.exceptions import SMBAuthenticationError, SMBException, SMBResponseException
from smbprotocol.session import Session
from smbprotocol.tree import TreeConnect

from connectors.errors import SourceUnavailableError

_BROKEN = (SMBException, OSError, ValueError, KeyError, IndexError, struct.error)
"""What the transport lets through when a server goes silent, hangs up or talks nonsense."""
_GONE = frozenset({0xC00000C9, 0xC0000203, 0xC000035C, 0xC000020C})
"""Share withdrawn, session ended, sign-in run out, connection dropped: no answer will be true."""
_REASONS = {
    0xC0000022: "the server refused access to the share",
    0xC000006D: "the name or the password is wrong",
    0xC000006E: "the account may not sign in there",
    0xC0000071: "the account's password has run out",
    0xC0000072: "the account is disabled",
    0xC00000CC: "the server has no share of this name",
    0xC0000193: "the account has run out",
    0xC0000224: "the account's password has to be changed first",
    0xC0000234: "the account is locked",
}
_CREDITS = 192


class Sendable(Protocol):
    """A request that can be put on the wire, under the names that the transport reads."""

    @property
    def COMMAND(self) -> int:  # noqa: N802 - the transport's name
        """Return the number of the SMB2 command."""
        ...

    def pack(self) -> bytes:
        """Return the bytes behind the header."""
        ...

    def __len__(self) -> int: ...


Chain = Sequence[Sendable]
"""Requests that go out as one; later ones are about the file that the first one opened."""


@dataclass(frozen=True, slots=True)
class Login:
    """Where a server is and who asks.

    Attributes:
        username: account, with its domain behind ``@`` or before a backslash.
        encrypt: whether a connection that cannot be encrypted is refused.
        timeout_seconds: longest wait for one answer.
    """

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    encrypt: bool = True
    timeout_seconds: int = 60


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said to one request: its status and the bytes behind the header."""

    status: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Wire:
    """One share on a connection that is signed in.

    Attributes:
        connection: the transport, with its window of credits.
        session: the sign-in.
        tree: number of the share on this connection.
        timeout_seconds: longest wait for one answer.
        lock: held while requests are out, by all wires of the connection.
    """

    connection: Any
    session: Any
    tree: int
    timeout_seconds: int
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def alive(self) -> bool:
        """Whether the connection still stands."""
        return bool(self.connection.transport.connected)

    def exchange(self, chains: Sequence[Chain]) -> Iterator[list[Reply]]:
        """Yield the replies to each chain, in order; as many go out at once as the server takes.

        Raises:
            SourceUnavailableError: the server hung up, went silent, or withdrew share or session.
        """
        at = 0
        while at < len(chains):
            with self.lock, self._failing(), _outages():
                batch = chains[at : at + self._room(len(chains[at]))]
                sent = [self._send(chain) for chain in batch]
                replies = [[self._reply(request) for request in requests] for requests in sent]
            yield from replies
            at += len(batch)

    def ask(self, *chain: Sendable) -> list[Reply]:
        """Return the replies to one chain."""
        (replies,) = self.exchange([chain])
        return replies

    def on(self, share: str) -> "Wire":
        """Return a wire to another share of the same server, on the same sign-in.

        Raises:
            SourceUnavailableError: the server does not let this account connect to it.
        """
        with self.lock, _outages():
            tree = _tree(self.session, share)
        return Wire(self.connection, self.session, tree, self.timeout_seconds, self.lock)

    def close(self) -> None:
        """Hang up; a server that is gone already is no error."""
        self.connection.disconnect(close=False)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except SourceUnavailableError:
            # Answers that are still on their way would be taken for those to later questions.
            self.close()
            raise

    def _room(self, length: int) -> int:
        window = self.connection.sequence_window
        return max(1, int(window["high"] - window["low"]) // max(1, length))

    def _send(self, chain: Chain) -> list[Any]:
        sent: list[Any] = self.connection.send_compound(
            list(chain), self.session.session_id, self.tree, related=len(chain) > 1
        )
        return sent

    def _reply(self, request: Any) -> Reply:  # noqa: ANN401 - the transport's own
        try:
            # A link is never followed, wherever the server says that it leads.
            header = self.connection.receive(
                request, timeout=self.timeout_seconds, resolve_symlinks=False
            )
        except SMBResponseException as error:
            header = error.header
        status = int(header["status"].get_value())
        if status in _GONE:
            raise SourceUnavailableError("the server withdrew the share or ended the session")
        return Reply(status, header["data"].get_value())


def dial(login: Login, share: str) -> Wire:
    """Return a wire to ``share``, signed in, signed and, if so wished, encrypted.

    Raises:
        SourceUnavailableError: the server cannot be reached, refuses the account or the share, or
            cannot encrypt.
    """
    connection = Connection(uuid.uuid4(), login.host, login.port, require_signing=True)
    with _outages():
        try:
            connection.connect(timeout=login.timeout_seconds)
            with _deadline(connection.transport.close, login.timeout_seconds):
                session = Session(
                    connection,
                    login.username,
                    login.password,
                    require_encryption=login.encrypt,
                    auth_protocol="ntlm",
                )
                _sign_in(session)
                wire = Wire(connection, session, _tree(session, share), login.timeout_seconds)
                connection.echo(session.session_id, login.timeout_seconds, _CREDITS)
        except (*_BROKEN, SourceUnavailableError):
            _hang_up(connection)
            raise
    return wire


def _sign_in(session: Any) -> None:  # noqa: ANN401 - the transport's own
    try:
        session.connect()
    except SMBResponseException as error:
        reason = _REASONS.get(int(error.status), f"it answered {int(error.status):#010x}")
        raise SourceUnavailableError(f"the server refused the sign-in: {reason}") from error


def _tree(session: Any, share: str) -> int:  # noqa: ANN401 - the transport's own
    name = rf"\\{session.connection.server_name}\{share}"
    for known in session.tree_connect_table.values():
        if known.share_name == name:
            return int(known.tree_connect_id)
    tree = TreeConnect(session, name)
    tree.connect()
    return int(tree.tree_connect_id)


def _hang_up(connection: Any) -> None:  # noqa: ANN401 - the transport's own
    if connection.transport is not None:
        connection.disconnect(close=False)


@contextmanager
def _deadline(stop: Callable[[], None], seconds: int) -> Iterator[None]:
    # The transport waits without end for a server that goes silent while it signs in.
    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _outages() -> Iterator[None]:
    try:
        yield
    except SMBResponseException as error:
        reason = _REASONS.get(int(error.status), f"the server answered {int(error.status):#010x}")
        raise SourceUnavailableError(reason) from error
    except SMBAuthenticationError as error:
        raise SourceUnavailableError(
            "the server and this account found no way to sign in"
        ) from error
    except _BROKEN as error:
        raise SourceUnavailableError(
            f"the server cannot be reached or stopped answering ({type(error).__name__})"
        ) from error
