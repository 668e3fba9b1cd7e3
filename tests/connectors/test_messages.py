"""A message is named by what it says of itself and by its bytes, and says no more than it says."""

from datetime import UTC, datetime

import pytest

from connectors.messages import describe, digest_of, id_of

MESSAGE = (
    b"From: =?utf-8?q?Anna_M=C3=BCller?= <anna@example.org>\n"
    b"Subject: =?utf-8?b?w5xicmln?=\n continued/line\n"
    b"Date: Mon, 23 Nov 2026 10:00:00 +0200\n"
    b"Message-ID: <1@example.org>\n"
    b"\nStatus: this is the body\n"
)


def test_headers_are_facts() -> None:
    found = describe(MESSAGE)
    assert found.facts == {
        "title": "Übrig continued/line",
        "author": "Anna Müller <anna@example.org>",
        "created_at": "2026-11-23T08:00:00+00:00",
    }
    assert found.sent_at == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert found.name == "Übrig continued line.eml"
    assert found.message_id == "1@example.org"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: =?no-such-charset?q?x?=\n\n",
        b"Subject: =?utf-8?b?!!?=\nDate: yesterday\n\n",
        b"Date: Mon, 99 Nov 99999 10:00:00 +9999\n\n",
        b"Subject: \x80\x81\n\nbody",
    ],
)
def test_malformed_headers_say_nothing_and_break_nothing(content: bytes) -> None:
    found = describe(content)
    assert found.sent_at is None
    assert found.name.endswith(".eml")
    assert found.name.encode()
    assert id_of(content).isascii()


def test_reading_or_filing_a_message_does_not_rename_it() -> None:
    marked = MESSAGE.replace(
        b"Subject:",
        b"X-Gmail-Labels: Inbox,\n Opened\nStatus: RO\nX-Mozilla-Status: 0001\nSubject:",
    )
    assert id_of(marked) == id_of(MESSAGE)
    assert id_of(marked).startswith("mid:1@example.org?sha256=")


def test_the_body_is_part_of_the_name() -> None:
    assert digest_of(MESSAGE) != digest_of(MESSAGE.replace(b"Status: this", b"Status: that"))
    assert id_of(MESSAGE) != id_of(MESSAGE + b"forged")


def test_a_date_without_a_zone_is_taken_as_utc() -> None:
    found = describe(b"Date: Mon, 23 Nov 2026 10:00:00 -0000\n\n").sent_at
    assert found == datetime(2026, 11, 23, 10, tzinfo=UTC)
