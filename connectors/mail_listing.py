"""Lists the messages in a tree of mail, and remembers which places it has read how far."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure
from connectors.folder_tree import FoundFile
from connectors.local_files import uri_of, version_of
from connectors.mail_places import Folder, Mbox, places
from connectors.mailboxes import Span, content_of, is_mbox, opened, seal_of, spans
from connectors.messages import digest_of, id_of

_EVERY = 500


@dataclass(frozen=True, slots=True)
class Read:
    """How far one place was read.

    Attributes:
        seal: the place's own at that time; empty where it was not read to its end.
        messages: how many it held, up to there.
        end: for an mbox, where the next message would begin.
        tail: for an mbox, token of what stands before ``end``.
    """

    seal: str
    messages: int
    end: int = 0
    tail: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """All places that were read, by URI."""

    places: dict[str, Read] = field(default_factory=dict)

    @property
    def messages(self) -> int:
        """Return how many messages there were."""
        return sum(place.messages for place in self.places.values())

    @classmethod
    def of(cls, cursor: Cursor | None) -> "State":
        """Return the state a cursor holds; one that cannot be read starts over."""
        if cursor is None:
            return cls()
        try:
            kept = json.loads(cursor.value)
            return cls({str(uri): Read(*read) for uri, read in kept["places"].items()})
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def cursor(self) -> Cursor:
        """Return the state as a cursor."""
        kept = {
            uri: (read.seal, read.messages, read.end, read.tail)
            for uri, read in self.places.items()
        }
        return Cursor(json.dumps({"places": kept}))


@dataclass(frozen=True, slots=True)
class Found:
    """A message as it was read."""

    id: str
    version: str
    content: bytes


Told = Found | Failure | State


class MailListing:
    """The messages at and below one path.

    Args:
        root: the path, without links.
        max_bytes: larger messages are failures.
    """

    def __init__(self, root: Path, *, max_bytes: int) -> None:
        self._root = root
        self._max_bytes = max_bytes
        self._where: dict[str, tuple[Path, Span | None]] = {}

    def since(self, before: State) -> Iterator[Told]:
        """Yield each message of the places that changed, once, and states between.

        The last state tells of every place there is.

        Raises:
            SourceUnavailableError: there is no mail any more, or a mailbox was rewritten while
                it was read.
        """
        told: set[str] = set()
        state, saved = State(), 0
        for found in self._changed(before, state):
            if isinstance(found, Failure):
                yield found
            elif isinstance(found, Found) and found.id not in told:
                told.add(found.id)
                yield found
            elif isinstance(found, Read) and len(told) - saved >= _EVERY:
                saved = len(told)
                # Places that are still to come stay as they were.
                yield State(before.places | state.places)
        yield state

    def find(self, item: str) -> bytes | None:
        """Return the message with an id, or None where there is none of that name.

        Raises:
            SourceRejectedError: it may not be read.
            SourceUnavailableError: the mail cannot be read.
        """
        if item in self._where:
            path, span = self._where[item]
            with opened(path) as (file, _):
                content = file.read() if span is None else content_of(file, span)
            if id_of(content) == item:
                return content
        for found in self.since(State()):
            if isinstance(found, Found) and found.id == item:
                return found.content
        return None

    def _changed(self, before: State, state: State) -> Iterator[Found | Failure | Read]:
        """Yield what the changed places hold, and enter in ``state`` how far each was read."""
        for place in places(self._root):
            if isinstance(place, Failure):
                yield place
                continue
            uri = uri_of(place.path)
            known = before.places.get(uri)
            if known is not None and known.seal == place.seal:
                state.places[uri] = known
                continue
            for found in self._place(place, known):
                if isinstance(found, Read):
                    state.places[uri] = found
                yield found

    def _place(self, place: Mbox | Folder, known: Read | None) -> Iterator[Found | Failure | Read]:
        return self._mbox(place, known) if isinstance(place, Mbox) else self._folder(place)

    def _folder(self, place: Folder) -> Iterator[Found | Failure | Read]:
        whole = True
        for file in place.files:
            found = self._single(file)
            whole = whole and not (isinstance(found, Failure) and found.retry)
            yield found
        yield Read(place.seal if whole else "", len(place.files))

    def _single(self, file: FoundFile) -> Found | Failure:
        path = Path(file.path)
        try:
            with opened(path) as (content, status):
                if status.st_size > self._max_bytes:
                    return self._too_large(file.uri)
                return self._found(content.read(), path, None)
        except SourceRejectedError as error:
            return Failure(file.uri, str(error))
        except SourceUnavailableError as error:
            return Failure(file.uri, str(error))

    def _mbox(self, place: Mbox, known: Read | None) -> Iterator[Found | Failure | Read]:
        with opened(place.path) as (file, status):
            size = status.st_size
            read = Read("", 0)
            if (
                known is not None
                and 0 < known.end < size
                and known.tail == seal_of(file, known.end)
            ):
                file.seek(known.end)
                read = known if file.read(5) == b"From " else read
            elif not is_mbox(file):
                raise SourceUnavailableError("the mailbox changed while it was read")
            for span in spans(file, start=read.end, end=size):
                if span.length > self._max_bytes:
                    yield self._too_large(f"{uri_of(place.path)}#{span.offset}")
                else:
                    yield self._found(content_of(file, span), place.path, span)
                end = span.offset + span.length
                read = replace(read, seal="", messages=read.messages + 1, end=end, tail="")
                if not read.messages % _EVERY:
                    read = replace(read, tail=seal_of(file, end))
                    yield read
            after = os.fstat(file.fileno())
            if after.st_size < size or (version_of(after) != place.seal and after.st_size == size):
                raise SourceUnavailableError("the mailbox changed while it was read")
            yield replace(read, seal=place.seal, end=size, tail=seal_of(file, size))

    def _found(self, content: bytes, path: Path, span: Span | None) -> Found:
        item = id_of(content)
        self._where[item] = (path, span)
        return Found(item, digest_of(content), content)

    def _too_large(self, item: str) -> Failure:
        return Failure(item, f"the message is larger than {self._max_bytes} bytes", retry=False)
