"""One IMAP connection: folders, what changed in them, messages and access lists."""

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.endpoints import Pace, Patience, read_secret
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.imap_answers import Message, Selected, acl_of, folder_of, messages_of, numbers_of

_LOST = (imaplib.IMAP4.error, OSError)


class FolderRefusedError(Exception):
    """The server refuses one folder; the others may be open."""


@dataclass(frozen=True, slots=True)
class Login:
    """Where to sign in and as whom.

    Attributes:
        security: ``tls``, ``starttls`` or ``none``.
        ca_file: certificates to trust instead of the machine's.
    """

    host: str
    port: int
    username: str
    password_file: Path
    security: str
    ca_file: Path | None
    timeout_seconds: int


class ImapSession:
    """Keeps one connection, opened when it is needed and again after it was lost.

    Folders are only ever examined: nothing is marked as read.

    Args:
        login: where to sign in and as whom.
        pace: distance between commands.
        patience: how often to dial.
        dial: returns a connected socket; by default one is opened to the host.
    """

    def __init__(
        self,
        login: Login,
        *,
        pace: Pace,
        patience: Patience,
        dial: Callable[[], Any] | None = None,
    ) -> None:
        self._login = login
        self._pace = pace
        self._patience = patience
        self._dial = dial
        self._imap: imaplib.IMAP4 | None = None
        self._selected: tuple[str, Selected] | None = None
        self._tells_vanished = False

    def folders(self) -> list[str]:
        """Return the names of all folders that hold messages, as the server writes them."""
        with self._talking() as imap:
            answers = _good(imap.list('""', "*"), "the list of folders")
            found = [folder_of(answer) for answer in answers if answer]
        return sorted({name for name in found if name is not None})

    def examine(self, folder: str) -> Selected:
        """Return the state of a folder and make it the one that is asked about.

        Raises:
            FolderRefusedError: it cannot be opened.
        """
        with self._talking() as imap:
            self._selected = None
            kind, answers = imap.select(_quoted(folder), readonly=True)
            if kind != "OK":
                raise FolderRefusedError("the server refuses the folder")
            modseq = (
                0 if imap.response("NOMODSEQ")[1][0] is not None else _number(imap, "HIGHESTMODSEQ")
            )
            selected = Selected(
                validity=_number(imap, "UIDVALIDITY"),
                modseq=modseq if self._tells_vanished else 0,
                exists=int(answers[0] or 0),
            )
            self._selected = (folder, selected)
            return selected

    def messages(self, *, behind: int = 0) -> list[Message]:
        """Return the messages of the examined folder with a UID above ``behind``, in order."""
        with self._talking() as imap:
            answers = _good(
                imap.uid("FETCH", f"{behind + 1}:*", "(UID RFC822.SIZE INTERNALDATE)"),
                "the list of messages",
            )
        # The last message answers to any range that has no end.
        return [each for each in messages_of(answers) if each.uid > behind]

    def changes(self, since: int) -> tuple[list[Message], list[int]]:
        """Return messages that came or were marked, and UIDs that vanished, since ``since``.

        Source:
            RFC 7162, sections 3.1.4.1 and 3.2.6.
        """
        with self._talking() as imap:
            imap.response("VANISHED")
            answers = _good(
                imap.uid(
                    "FETCH",
                    "1:*",
                    "(UID RFC822.SIZE INTERNALDATE)",
                    f"(CHANGEDSINCE {since} VANISHED)",
                ),
                "the list of changes",
            )
            vanished = imap.response("VANISHED")[1]
        return messages_of(answers), numbers_of(vanished)

    def read(self, folder: str, *, validity: int, uid: int, max_bytes: int) -> Message:
        """Return one message with its bytes.

        Raises:
            SourceRejectedError: it is too large, or the folder is shut.
            SourceUnavailableError: it is not there at the moment.
        """
        try:
            if self._known(folder).validity != validity:
                raise SourceUnavailableError("the folder numbers its messages anew")
        except FolderRefusedError as error:
            raise SourceRejectedError(str(error)) from error
        found = self._fetch(uid, "(UID RFC822.SIZE INTERNALDATE)")
        if found.size > max_bytes:
            raise SourceRejectedError(f"the message is larger than {max_bytes} bytes")
        whole = self._fetch(uid, "(UID RFC822.SIZE INTERNALDATE BODY.PEEK[])")
        if whole.content is None or len(whole.content) > max_bytes:
            raise SourceUnavailableError("the server does not send the message")
        return whole

    def acl(self, folder: str) -> list[tuple[str, str]] | None:
        """Return identifiers and rights of a folder, or None where the server does not tell."""
        with self._talking() as imap:
            if "ACL" not in imap.capabilities:
                return None
            kind, answers = imap.getacl(_quoted(folder))
            return acl_of(answers) if kind == "OK" else None

    def close(self) -> None:
        """End the connection."""
        imap, self._imap, self._selected = self._imap, None, None
        if imap is not None:
            _end(imap)

    def _known(self, folder: str) -> Selected:
        """Return the state of a folder, which is examined already if it was the last one."""
        if self._selected is not None and self._selected[0] == folder:
            return self._selected[1]
        return self.examine(folder)

    def _fetch(self, uid: int, parts: str) -> Message:
        with self._talking() as imap:
            answers = _good(imap.uid("FETCH", str(uid), parts), "the message")
        for found in messages_of(answers):
            if found.uid == uid:
                return found
        raise SourceUnavailableError("the message is not there at the moment")

    @contextmanager
    def _talking(self) -> Iterator[imaplib.IMAP4]:
        if self._imap is None:
            self._imap = self._patience.call(
                self._connect, transient=_LOST, what="the connection to the server"
            )
        self._pace.wait()
        try:
            yield self._imap
        except _LOST as error:
            self.close()
            raise SourceUnavailableError(
                f"the connection to the server was lost: {type(error).__name__}"
            ) from error

    def _connect(self) -> imaplib.IMAP4:
        password = read_secret(self._login.password_file)
        imap = self._opened()
        try:
            try:
                imap.login(self._login.username, password)
            except imaplib.IMAP4.abort:
                raise
            except (imaplib.IMAP4.error, UnicodeEncodeError) as error:
                raise SourceUnavailableError("the server refuses the sign-in") from error
            capabilities = _words(_good(imap.capability(), "the capabilities"))
            imap.capabilities = tuple(capabilities)
            self._tells_vanished = {"ENABLE", "QRESYNC"} <= capabilities
            if self._tells_vanished:
                imap.enable("QRESYNC")
        except BaseException:
            _end(imap)
            raise
        return imap

    def _opened(self) -> imaplib.IMAP4:
        login = self._login
        if self._dial is not None:
            return _Dialled(self._dial)
        if login.security == "none":
            return imaplib.IMAP4(login.host, login.port, timeout=login.timeout_seconds)
        trust = _trust(login.ca_file)
        if login.security == "tls":
            return imaplib.IMAP4_SSL(
                login.host, login.port, ssl_context=trust, timeout=login.timeout_seconds
            )
        imap = imaplib.IMAP4(login.host, login.port, timeout=login.timeout_seconds)
        try:
            imap.starttls(trust)
        except BaseException:
            _end(imap)
            raise
        return imap


class _Dialled(imaplib.IMAP4):
    """A client over a socket that somebody else connected."""

    def __init__(self, dial: Callable[[], Any]) -> None:
        self._dial = dial
        super().__init__("dialled")

    def _create_socket(self, timeout: float | None) -> Any:  # noqa: ANN401, ARG002 - the base's shape
        return self._dial()


def _good(answer: tuple[str, list[Any]], what: str) -> list[Any]:
    kind, answers = answer
    if kind != "OK":
        raise SourceUnavailableError(f"the server refuses {what}")
    return answers


def _number(imap: imaplib.IMAP4, name: str) -> int:
    found = imap.response(name)[1][0]
    return int(found) if found is not None and found.isdigit() else 0


def _words(answers: list[Any]) -> set[str]:
    return {word.decode("ascii", "replace").upper() for word in answers[-1].split()}


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except OSError as error:
        raise SourceUnavailableError("the certificates in ca_file cannot be read") from error


def _end(imap: imaplib.IMAP4) -> None:
    # Nothing is left to say goodbye to where the line is dead already.
    imap.shutdown()
