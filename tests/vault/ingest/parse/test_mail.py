"""Mails give their fields, their body and their attachments."""

from email.message import EmailMessage

from tests.vault.ingest.parse.samples import LEAVE, SICK, leave_pdf, original
from vault.ingest.parse import media
from vault.ingest.parse.mail import read_eml, read_mbox


def message(*, html: str | None = None) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Ada <ada@example.org>"
    mail["To"] = "bo@example.org"
    mail["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
    mail["Subject"] = "Leave \u2013 new rule"
    mail.set_content(LEAVE)
    if html is not None:
        mail.add_alternative(html, subtype="html")
    return mail


def test_fields_body_and_attachments() -> None:
    mail = message(html=f"<p>{SICK}</p>")
    mail.add_attachment(leave_pdf(), maintype="application", subtype="pdf", filename="rule.pdf")
    mail.add_attachment(message())
    reading = read_eml(original(mail.as_bytes(), media.EML))
    assert reading.title == "Leave \u2013 new rule"
    assert [piece.text for piece in reading.pieces] == [
        "Leave \u2013 new rule",
        "From: Ada <ada@example.org>\nTo: bo@example.org\nDate: Mon, 02 Mar 2026 09:00:00 +0000",
        LEAVE,
    ]
    assert [(file.name, file.media_type) for file in reading.attachments] == [
        ("rule.pdf", "application/pdf"),
        ("message.eml", "message/rfc822"),
    ]
    assert reading.attachments[0].content == leave_pdf()
    assert LEAVE.encode() in reading.attachments[1].content


def test_a_page_is_read_where_there_is_no_plain_body() -> None:
    mail = EmailMessage()
    mail.set_content(f"<h1>Leave</h1><p>{LEAVE}</p>", subtype="html")
    reading = read_eml(original(mail.as_bytes(), media.EML))
    assert [piece.text for piece in reading.pieces] == ["Leave", LEAVE]


def test_an_empty_plain_body_gives_way_to_the_page() -> None:
    mail = message()
    mail.set_content(" \n")
    mail.add_alternative(f"<p>{SICK}</p>", subtype="html")
    reading = read_eml(original(mail.as_bytes(), media.EML))
    assert reading.pieces[-1].text == SICK


def test_a_mailbox_lists_subjects_and_hands_on_messages() -> None:
    single = message().as_bytes()
    box = b"".join(b"From ada Mon Mar  2 09:00:00 2026\n" + single + b"\n" for _ in range(2))
    reading = read_mbox(original(box, media.MBOX))
    assert [piece.text for piece in reading.pieces] == ["Leave \u2013 new rule"] * 2
    assert [file.name for file in reading.attachments] == ["message-0001.eml", "message-0002.eml"]
    assert LEAVE.encode() in reading.attachments[1].content
