"""Messages between the vault and its sandbox: JSON that is checked, never objects."""

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from vault.domain.documents import ParsedDocument
from vault.ingest.parse import media
from vault.ingest.parse.failures import Failure
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.properties import LONGEST, NAMES

REQUEST_BYTES = 65_536
_LONGEST_NOTE = 300
_MOST_NOTES = 20


@dataclass(frozen=True, slots=True)
class Request:
    """What the sandbox is asked; the file's bytes follow as a message of their own.

    Attributes:
        claimed: media type that the source or the containing file states.
        second_only: whether the first reader already failed on the file.
        depth: how many files this one is inside of.
    """

    name: str
    claimed: str | None
    second_only: bool
    depth: int
    limits: ParseLimits


@dataclass(frozen=True, slots=True)
class AttachmentHead:
    """Name and size of an attachment whose bytes follow as a message of their own."""

    name: str
    size: int
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the sandbox found, or why it found nothing.

    Attributes:
        media_type: what the bytes were taken for, if that was found out.
    """

    document: ParsedDocument | None = None
    attachments: tuple[AttachmentHead, ...] = ()
    notes: tuple[str, ...] = ()
    failure: Failure | None = None
    media_type: str | None = None


class WireError(Exception):
    """A message is not what this protocol allows."""


_REQUEST = TypeAdapter(Request)
_REPLY = TypeAdapter(Reply)


def encode_request(request: Request) -> bytes:
    """Return the message for ``request``."""
    return _REQUEST.dump_json(request)


def decode_request(message: bytes) -> Request:
    """Return the request in ``message``."""
    return _REQUEST.validate_json(message)


def encode_reply(reply: Reply) -> bytes:
    """Return the message for ``reply``."""
    return _REPLY.dump_json(reply)


def decode_reply(message: bytes, limits: ParseLimits) -> Reply:
    """Return the reply in ``message``; a hostile file may have written it.

    Raises:
        WireError: it is not a reply, or its spans, sizes or kinds cannot be true.
    """
    try:
        reply = _REPLY.validate_json(message, strict=True)
    except ValidationError as error:
        raise WireError("not a reply") from error
    if (reply.document is None) == (reply.failure is None):
        raise WireError("a reply holds a document or a failure")
    if reply.media_type is not None and reply.media_type not in media.SUPPORTED:
        raise WireError("unknown media type")
    if len(reply.notes) > _MOST_NOTES or any(len(note) > _LONGEST_NOTE for note in reply.notes):
        raise WireError("too many notes")
    sizes = [head.size for head in reply.attachments]
    if len(sizes) > limits.attachments or min(sizes, default=0) < 0:
        raise WireError("impossible attachments")
    if sum(sizes) > limits.attachment_bytes:
        raise WireError("attachments are too large")
    if reply.document is not None:
        _check_document(reply.document)
    return reply


def _check_document(document: ParsedDocument) -> None:
    if document.media_type not in media.SUPPORTED:
        raise WireError("unknown media type")
    if not 0 <= document.coverage <= 1:
        raise WireError("coverage is not a share")
    if document.language and not (document.language.isalpha() and len(document.language) <= 3):
        raise WireError("language is not a code")
    if any(name not in NAMES or len(value) > LONGEST for name, value in document.properties):
        raise WireError("impossible properties")
    last = 0
    for element in document.elements:
        if not last <= element.span.start < element.span.end:
            raise WireError("spans overlap or are out of order")
        last = element.span.end
    if last > len(document.text):
        raise WireError("a span ends after the text")
