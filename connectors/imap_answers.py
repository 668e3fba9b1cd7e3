"""Reads what an IMAP server answers: folders, messages, numbers and access lists."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connectors.errors import SourceUnavailableError

_FOLDER = re.compile(rb'\((?P<flags>[^)]*)\) (?:"(?:[^"\\]|\\.)*"|NIL) (?P<name>.*)\Z', re.DOTALL)
_UNOPENED = frozenset({b"\\noselect", b"\\nonexistent"})
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]+)"')
_BODY = re.compile(rb"\bBODY\[\] \{\d+\}\Z")
_QUOTED_BODY = re.compile(rb'\bBODY\[\] "((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(rb"\\(.)")
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"|([^\s"]+)')
_LITERAL = re.compile(rb"\{\d+\}\Z")
_MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class Selected:
    """The state of a folder.

    Attributes:
        validity: UIDVALIDITY; the UIDs of another one are other messages.
        modseq: HIGHESTMODSEQ, or 0 where the server does not tell changes and deletions.
        exists: messages in it.
    """

    validity: int
    modseq: int
    exists: int


@dataclass(frozen=True, slots=True)
class Message:
    """One message as a fetch tells it.

    Attributes:
        received_at: when the server took it in, aware.
        content: its bytes, where they were asked for.
    """

    uid: int
    size: int
    received_at: datetime
    content: bytes | None = None


def folder_of(answer: bytes | tuple[bytes, bytes]) -> str | None:
    """Return the name in one answer to LIST, or None where the folder holds no messages.

    Raises:
        SourceUnavailableError: the answer is none.
    """
    head, literal = answer if isinstance(answer, tuple) else (answer, None)
    found = _FOLDER.match(head)
    if found is None:
        raise SourceUnavailableError("the server sends half a list of folders")
    if {flag.lower() for flag in found["flags"].split()} & _UNOPENED:
        return None
    name = literal
    if name is None:
        name = found["name"]
        if name.startswith(b'"') and name.endswith(b'"'):
            name = _ESCAPE.sub(rb"\1", name[1:-1])
    return name.decode("utf-8", "surrogateescape")


def messages_of(answers: Iterable[Any]) -> list[Message]:
    """Return the messages in the answers to a FETCH, by UID; each is one, told once."""
    found: dict[int, Message] = {}
    for answer in answers:
        head, content = answer if isinstance(answer, tuple) else (answer, None)
        uid = _UID.search(head) if isinstance(head, bytes) else None
        if uid is None:
            continue
        size, date = _SIZE.search(head), _DATE.search(head)
        if content is not None and _BODY.search(head) is None:
            content = None
        quoted = _QUOTED_BODY.search(head)
        if quoted is not None:
            content = _ESCAPE.sub(rb"\1", quoted[1])
        if size is None or date is None:
            # A server tells of new flags as it likes.
            continue
        found[int(uid[1])] = Message(int(uid[1]), int(size[1]), _moment(date[1]), content)
    return [found[uid] for uid in sorted(found)]


def numbers_of(answers: Iterable[bytes | None]) -> list[int]:
    """Return the numbers in sets such as ``(EARLIER) 3:5,9``.

    Raises:
        SourceUnavailableError: a set is none, or holds more than any folder does.
    """
    found: set[int] = set()
    for answer in answers:
        for part in (answer or b"").replace(b"(EARLIER)", b"").strip().split(b","):
            if part:
                found.update(_range(part))
    return sorted(found)


def acl_of(answers: Iterable[Any]) -> list[tuple[str, str]] | None:
    """Return identifiers and their rights from the answer to GETACL, or None for none.

    Source:
        RFC 4314, section 3.6.
    """
    words = [word.decode("utf-8", "surrogateescape") for word in _words(answers)]
    pairs = words[1:]
    if not words or len(pairs) % 2:
        return None
    return list(zip(pairs[::2], pairs[1::2], strict=True))


def _words(answers: Iterable[Any]) -> Iterator[bytes]:
    for answer in answers:
        line, literal = answer if isinstance(answer, tuple) else (answer, None)
        for quoted, plain in _TOKEN.findall(_LITERAL.sub(b"", line or b"")):
            yield plain or _ESCAPE.sub(rb"\1", quoted)
        if literal is not None:
            yield literal


def _range(part: bytes) -> range:
    first, _, last = part.partition(b":")
    if not first.isdigit() or (last and not last.isdigit()):
        raise SourceUnavailableError("the server sends half a list of deletions")
    low, high = sorted((int(first), int(last or first)))
    if high - low > _MOST:
        raise SourceUnavailableError("the server tells of more deletions than can be")
    return range(low, high + 1)


def _moment(text: bytes) -> datetime:
    try:
        found = datetime.strptime(text.decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z")
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found.astimezone(UTC)
