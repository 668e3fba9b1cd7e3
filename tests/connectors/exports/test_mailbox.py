"""Messages are found in a mailbox at their places, and none is made of the text of another."""

from hashlib import sha256
from io import BytesIO

import pytest

from connectors.exports.mailbox import MOST_HEAD_BYTES, messages

LINE = b"From 1@xxx Mon Mar 04 09:00:00 +0000 2024\n"
FIRST = b"Subject: Rota\nTo: bob@example.org\n\nBob takes Monday.\n"
SECOND = b"Subject: Re: Rota\n\nFine.\n>From now on I take Tuesday.\n"


def cut(mailbox: bytes) -> list[bytes]:
    """Return the bytes of each message of a mailbox, and check what is said of them."""
    found = list(messages(BytesIO(mailbox)))
    texts = [mailbox[each.offset : each.offset + each.length] for each in found]
    assert [each.digest for each in found] == [sha256(text).hexdigest() for text in texts]
    return texts


def test_messages_come_one_by_one_without_what_separates_them() -> None:
    assert cut(LINE + FIRST + b"\n" + LINE + SECOND + b"\n") == [FIRST, SECOND]


def test_line_ends_of_another_system_are_line_ends() -> None:
    mailbox = (LINE + FIRST + b"\n" + LINE + SECOND).replace(b"\n", b"\r\n")
    assert cut(mailbox) == [FIRST.replace(b"\n", b"\r\n"), SECOND.replace(b"\n", b"\r\n")]


def test_a_line_of_text_that_begins_like_a_separator_is_text() -> None:
    text = b"Subject: A\n\nWe greet you.\nFrom all of us.\n"
    assert cut(LINE + text) == [text]


def test_the_last_message_may_end_without_a_line_end() -> None:
    assert cut(LINE + b"Subject: A\n\nEnd") == [b"Subject: A\n\nEnd"]


@pytest.mark.parametrize("mailbox", [b"", b"\n\n", b"Subject: A\n\nNo separator.\n"])
def test_what_is_no_mailbox_has_no_messages(mailbox: bytes) -> None:
    assert cut(mailbox) == []


def test_a_message_of_nothing_is_a_message() -> None:
    assert cut(LINE + LINE.replace(b"1@", b"2@")) != []
    assert cut(LINE) == [b""]


def test_the_end_of_a_very_long_line_is_no_blank_line() -> None:
    """Else whoever writes a mail could write another one into the mailbox."""
    text = b"Subject: A\n\n" + b"x" * 2**20 + b"\nFrom the boss: pay at once.\n\nDone.\n"
    assert cut(LINE + text) == [text]


def test_the_head_ends_at_the_first_blank_line() -> None:
    [found] = messages(BytesIO(LINE + FIRST))
    assert found.head == b"Subject: Rota\nTo: bob@example.org\n"


def test_no_more_of_a_head_is_kept_than_is_needed() -> None:
    line = b"X-Note: " + b"n" * 991 + b"\n"
    [found] = messages(BytesIO(LINE + line * 200 + b"\nText.\n"))
    assert MOST_HEAD_BYTES <= len(found.head) < MOST_HEAD_BYTES + len(line)
    assert found.length == 200 * len(line) + 7
