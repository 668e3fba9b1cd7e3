"""E-mails and mailboxes: readable fields, the body, and attachments as files inside."""

import mailbox
import tempfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from pathlib import Path

from oxmsg import Message as OutlookMessage

from vault.domain.documents import ElementKind
from vault.ingest.parse.encoding import decode
from vault.ingest.parse.markup import html_reading, html_text
from vault.ingest.parse.pieces import Original, Piece, Reading
from vault.ingest.parse.result import Attachment

_FIELDS = ("From", "To", "Cc", "Date")
_POLICY = policy.default.clone(refold_source="none")


def read_eml(original: Original) -> Reading:
    """Return subject, sender, recipients, date and body; attachments are handed on."""
    message = message_from_bytes(original.content, policy=_POLICY)
    subject = _field(message, "Subject")
    lines = [f"{name}: {value}" for name in _FIELDS if (value := _field(message, name))]
    pieces, attachments = _parts(message)
    return Reading(
        (*_heading(subject, lines), *pieces), "email", title=subject, attachments=attachments
    )


def read_mbox(original: Original) -> Reading:
    """Return the subjects; each message is handed on as a file inside."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mbox"
        path.write_bytes(original.content)
        box = mailbox.mbox(path, create=False)
        messages = [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118 - not a mapping
        box.close()
    subjects = [
        _field(message_from_bytes(message, policy=_POLICY), "Subject") for message in messages
    ]
    pieces = tuple(Piece(ElementKind.LIST_ITEM, subject or "(no subject)") for subject in subjects)
    attachments = tuple(
        Attachment(f"message-{number:04}.eml", message, "message/rfc822")
        for number, message in enumerate(messages, start=1)
    )
    return Reading(pieces, "mailbox", attachments=attachments)


def read_msg(original: Original) -> Reading:
    """Return the same for a message that Outlook saved."""
    message = OutlookMessage.load(original.content)
    recipients = [_address(person.name, person.email_address) for person in message.recipients]
    fields = {
        "From": message.sender or "",
        "To": "; ".join(recipients),
        "Date": message.sent_date.isoformat(sep=" ") if message.sent_date else "",
    }
    lines = [f"{name}: {value}" for name, value in fields.items() if value]
    plain = (message.body or "").strip()
    if plain:
        body = _plain(plain)
    else:
        body = list(html_reading(message.html_body).pieces) if message.html_body else []
    attachments = tuple(
        Attachment(item.file_name or "attachment", item.file_bytes, item.mime_type)
        for item in message.attachments
        if item.attached_by_value and item.file_bytes
    )
    subject = " ".join((message.subject or "").split())
    return Reading(
        (*_heading(subject, lines), *body), "oxmsg", title=subject, attachments=attachments
    )


def _heading(subject: str, lines: list[str]) -> Iterator[Piece]:
    if subject:
        yield Piece(ElementKind.TITLE, subject)
    if lines:
        yield Piece(ElementKind.HEADER, "\n".join(lines))


def _address(name: str, address: str) -> str:
    return f"{name} <{address}>" if name and address and name != address else name or address


def _field(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _parts(message: EmailMessage) -> tuple[list[Piece], tuple[Attachment, ...]]:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is not None and body.get_content_type() == "text/plain" and not _payload(body).strip():
        body = message.get_body(preferencelist=("html", "plain")) or body
    pieces = _body(body) if body is not None else []
    attachments = [
        Attachment(part.get_filename() or _unnamed(part), content, part.get_content_type())
        for part in _files(message, body)
        if (content := _file_bytes(part))
    ]
    return pieces, tuple(attachments)


def _files(message: EmailMessage, body: Message | None) -> Iterator[Message]:
    """Yield each part that is neither the body nor another rendering of it."""
    pending: list[Message] = [message]
    while pending:
        part = pending.pop(0)
        kind = part.get_content_type()
        if part.is_multipart() and kind != "message/rfc822":
            pending += part.get_payload()  # type: ignore[arg-type]
        elif part is body or part is message:
            continue
        elif part.get_filename() or kind == "message/rfc822" or not kind.startswith("text/"):
            yield part


def _file_bytes(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        return first.as_bytes() if isinstance(first, Message) else b""
    return _payload(part)


def _unnamed(part: Message) -> str:
    kind = part.get_content_type()
    return "message.eml" if kind == "message/rfc822" else f"part.{part.get_content_subtype()}"


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _body(part: Message) -> list[Piece]:
    content = _payload(part)
    if not content.strip():
        return []
    if part.get_content_type() == "text/html":
        return list(html_reading(html_text(content)).pieces)
    return _plain(decode(content, charset=part.get_content_charset()) or "")


def _plain(text: str) -> list[Piece]:
    blocks = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    return [Piece(ElementKind.PARAGRAPH, block.strip("\n")) for block in blocks if block.strip()]
