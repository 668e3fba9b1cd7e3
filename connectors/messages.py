"""What a mail message says of itself: a name that lasts, a title, a sender and a date."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from urllib.parse import quote

_HEADER_BYTES = 256 * 2**10
_NAME_LENGTH = 100
_BLANK = re.compile(rb"\r?\n\r?\n")
_CHANGING = re.compile(
    rb"^(?:Status|X-Status|X-Keywords|X-UID|X-IMAP(?:base)?|X-Mozilla-[\w-]+|X-GM-[\w-]+"
    rb"|X-Gmail-[\w-]+|Content-Length):[^\n]*\n(?:[ \t][^\n]*\n)*",
    re.IGNORECASE | re.MULTILINE,
)
"""Headers that mail programs write into stored messages when they are read or filed."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f/\\]+")


@dataclass(frozen=True, slots=True)
class Described:
    """What the headers of a message say.

    Attributes:
        message_id: without angle brackets; empty where there is none.
        name: subject as a file name.
        facts: what the headers say under the seam's names.
        sent_at: aware, or None where the date is missing or none.
    """

    message_id: str
    name: str
    facts: dict[str, str]
    sent_at: datetime | None


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a message without the headers that reading it changes."""
    found = _BLANK.search(content)
    end = len(content) if found is None else found.start() + 1
    return hashlib.sha256(_CHANGING.sub(b"", content[:end]) + content[end:]).hexdigest()


def id_of(content: bytes) -> str:
    """Return a URI that names a message wherever it is stored.

    The same message in two folders has one name; two messages that claim one Message-ID
    have two.

    Source:
        RFC 2392 (mid URLs); RFC 5322, section 3.6.4.
    """
    claimed = quote(describe(content).message_id, safe="@")
    return f"mid:{claimed}?sha256={digest_of(content)[:32]}"


def describe(content: bytes) -> Described:
    """Return what the headers of a message say; malformed ones say nothing."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(content[:_HEADER_BYTES])
    subject = _text(headers, "Subject")
    sent_at = _moment(str(headers.get("Date", "")))
    facts = {"title": subject, "author": _text(headers, "From")}
    if sent_at is not None:
        facts["created_at"] = sent_at.isoformat()
    return Described(
        message_id=str(headers.get("Message-ID", "")).strip().strip("<>")[:200],
        name=(_CONTROL.sub(" ", subject).strip()[:_NAME_LENGTH] or "message") + ".eml",
        facts={name: text for name, text in facts.items() if text},
        sent_at=sent_at,
    )


def _text(headers: Message, name: str) -> str:
    raw = str(headers.get(name, ""))
    try:
        found = str(make_header(decode_header(raw)))
    except (MessageError, LookupError, ValueError):
        found = raw
    return " ".join(found.encode("utf-8", "replace").decode().split())


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
