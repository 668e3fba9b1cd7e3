"""Lists the messages of a mail server folder by folder, from where each was left."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item, Tombstone
from connectors.imap_answers import Message, Selected
from connectors.imap_session import FolderRefusedError, ImapSession

_EVERY = 500
_SAFE = "/-._~!$&'()*+,=:@"


@dataclass(frozen=True, slots=True)
class ImapNames:
    """Turns folder, UIDVALIDITY and UID into URIs and back; folders as the server writes them.

    Attributes:
        origin: scheme, host and port.

    Source:
        RFC 5092.
    """

    origin: str

    def folder_uri(self, folder: str) -> str:
        """Return the URI of a folder."""
        return f"{self.origin}/{quote(folder, safe=_SAFE, errors='surrogateescape')}"

    def uri_of(self, folder: str, validity: int, uid: int) -> str:
        """Return the URI of a message."""
        return f"{self.folder_uri(folder)};UIDVALIDITY={validity}/;UID={uid}"

    def parts_of(self, uri: str) -> tuple[str, int, int]:
        """Return what ``uri_of`` was given.

        Raises:
            SourceRejectedError: it names no message of this server.
        """
        path, _, uid = uri.removeprefix(self.origin + "/").partition("/;UID=")
        folder, _, validity = path.partition(";UIDVALIDITY=")
        numbers = all(each.isascii() and each.isdigit() for each in (uid, validity))
        if not uri.startswith(self.origin + "/") or not numbers or not folder:
            raise SourceRejectedError("the item is not a message of this server")
        return unquote(folder, errors="surrogateescape"), int(validity), int(uid)


@dataclass(frozen=True, slots=True)
class Seen:
    """How far one folder was told.

    Attributes:
        validity: UIDVALIDITY.
        modseq: HIGHESTMODSEQ when its telling began; 0 while it is not told to its end.
        upto: last UID that was told.
        messages: how many it held.
    """

    validity: int
    modseq: int
    upto: int
    messages: int


@dataclass(frozen=True, slots=True)
class State:
    """All folders that were told, by name."""

    folders: dict[str, Seen] = field(default_factory=dict)

    @property
    def messages(self) -> int:
        """Return how many messages there were."""
        return sum(folder.messages for folder in self.folders.values())

    @classmethod
    def of(cls, cursor: Cursor | None) -> "State":
        """Return the state a cursor holds; one that cannot be read starts over."""
        if cursor is None:
            return cls()
        try:
            kept = json.loads(cursor.value)["folders"]
            return cls({str(name): Seen(*map(int, seen)) for name, seen in kept.items()})
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def cursor(self) -> Cursor:
        """Return the state as a cursor."""
        kept = {
            name: (seen.validity, seen.modseq, seen.upto, seen.messages)
            for name, seen in self.folders.items()
        }
        return Cursor(json.dumps({"folders": kept}))


class ImapListing:
    """The messages in all folders that are followed.

    Args:
        session: the connection.
        names: URIs of messages.
        folders: the folders to follow; all there are where it is empty.
        ignored: folders that are left out.
        max_bytes: larger messages are failures.
    """

    def __init__(
        self,
        session: ImapSession,
        *,
        names: ImapNames,
        folders: tuple[str, ...],
        ignored: tuple[str, ...],
        max_bytes: int,
    ) -> None:
        self._session = session
        self._names = names
        self._wanted = folders
        self._ignored = frozenset(ignored)
        self._max_bytes = max_bytes

    def folders(self) -> list[str]:
        """Return the folders that are followed.

        Raises:
            SourceUnavailableError: one that is named is not there.
        """
        there = self._session.folders()
        missing = sorted(set(self._wanted) - set(there))
        if missing:
            raise SourceUnavailableError(f"the folder {missing[0]!r} is not there")
        return [
            name
            for name in there
            if name not in self._ignored and (not self._wanted or name in self._wanted)
        ]

    def changes(self, before: State) -> Iterator[Item | Tombstone | Failure | State]:
        """Yield what is new and gone since ``before``, and states between; the last is whole."""
        folders = self.folders()
        state = State({name: before.folders[name] for name in folders if name in before.folders})
        for folder in folders:
            try:
                yield from self._folder(folder, state)
            except FolderRefusedError as error:
                yield Failure(self._names.folder_uri(folder), str(error))
                continue
            yield state
        if not folders:
            yield state

    def all(self) -> Iterator[tuple[str, int, Message]]:
        """Yield folder, UIDVALIDITY and message of each message there is.

        Raises:
            SourceUnavailableError: the listing is not complete.
        """
        for folder in self.folders():
            try:
                selected = self._session.examine(folder)
            except FolderRefusedError as error:
                reason = f"{error} {folder!r}; name it in ignored_folders if that is right"
                raise SourceUnavailableError(reason) from error
            for message in self._listed(selected, behind=0):
                yield folder, selected.validity, message

    def _folder(self, folder: str, state: State) -> Iterator[Item | Tombstone | Failure | State]:
        selected = self._session.examine(folder)
        seen = state.folders.get(folder)
        if seen is None or seen.validity != selected.validity:
            seen = Seen(selected.validity, 0, 0, 0)
        if seen.modseq and selected.modseq:
            yield from self._since(folder, seen, selected)
            upto = seen.upto
        else:
            upto = 0
            # Without a number of changes, only an unfinished telling goes on where it was.
            behind = seen.upto if not seen.modseq and seen.upto else 0
            for count, message in enumerate(self._listed(selected, behind=behind), start=1):
                yield self._fact(folder, selected.validity, message)
                upto = message.uid
                if not count % _EVERY:
                    state.folders[folder] = Seen(selected.validity, 0, upto, selected.exists)
                    yield State(dict(state.folders))
        done = 0 if not selected.modseq else upto
        state.folders[folder] = Seen(selected.validity, selected.modseq, done, selected.exists)

    def _since(
        self, folder: str, seen: Seen, selected: Selected
    ) -> Iterator[Item | Tombstone | Failure]:
        if seen.modseq == selected.modseq:
            return
        changed, vanished = self._session.changes(seen.modseq)
        for uid in vanished:
            yield Tombstone(self._names.uri_of(folder, selected.validity, uid))
        for message in changed:
            yield self._fact(folder, selected.validity, message)

    def _listed(self, selected: Selected, *, behind: int) -> list[Message]:
        found = self._session.messages(behind=behind) if selected.exists else []
        if not behind and len(found) < selected.exists:
            raise SourceUnavailableError("the server lists fewer messages than it says there are")
        return found

    def _fact(self, folder: str, validity: int, message: Message) -> Item | Failure:
        uri = self._names.uri_of(folder, validity, message.uid)
        if message.size > self._max_bytes:
            reason = f"the message is larger than {self._max_bytes} bytes"
            return Failure(uri, reason, retry=False)
        name = f"message-{message.uid}.eml"
        return Item(uri, uri, version_of(validity, message), name)


def version_of(validity: int, message: Message) -> str:
    """Return the version of a message, which never changes while its UID stays.

    Source:
        RFC 9051, section 2.3.1.1.
    """
    return f"{validity}-{message.uid}-{message.size}"
