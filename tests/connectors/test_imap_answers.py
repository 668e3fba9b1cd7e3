"""What a mail server answers is read, whatever form it chose, or refused."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.errors import SourceUnavailableError
from connectors.imap_answers import Message, acl_of, folder_of, messages_of, numbers_of

DATE = b'INTERNALDATE "23-Nov-2026 12:00:00 +0200"'
NOON = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (b'(\\HasNoChildren) "/" INBOX', "INBOX"),
        (b'() "/" "Legal \\"cases\\""', 'Legal "cases"'),
        (b'(\\Marked) NIL "flat"', "flat"),
        ((b'() "." {5}', b"a\r\nb)"), "a\r\nb)"),
        (b'(\\Noselect \\HasChildren) "/" parent', None),
        (b'(\\NonExistent) "/" gone', None),
    ],
)
def test_folders(answer: bytes | tuple[bytes, bytes], name: str | None) -> None:
    assert folder_of(answer) == name


def test_a_list_that_is_none_is_refused() -> None:
    with pytest.raises(SourceUnavailableError, match="half a list"):
        folder_of(b"what")


@pytest.mark.parametrize(
    ("answers", "content"),
    [
        ([b"1 (UID 5 RFC822.SIZE 3 " + DATE + b")"], None),
        ([(b"1 (UID 5 RFC822.SIZE 3 " + DATE + b" BODY[] {3}", b"abc"), b")"], b"abc"),
        ([b"1 (UID 5 RFC822.SIZE 3 " + DATE + b' BODY[] "a\\"c")'], b'a"c'),
        ([(b"1 (UID 5 RFC822.SIZE 3 " + DATE + b" X {3}", b"abc"), b")"], None),
    ],
)
def test_messages(answers: list[Any], content: bytes | None) -> None:
    noise = [None, b"2 (FLAGS (\\Seen))", b"2 (UID 6 FLAGS (\\Seen))"]
    assert messages_of([*answers, *noise]) == [Message(5, 3, NOON, content)]


def test_a_date_that_is_none_is_the_beginning_of_time() -> None:
    [found] = messages_of([b'1 (UID 5 RFC822.SIZE 3 INTERNALDATE "today")'])
    assert found.received_at == datetime.fromtimestamp(0, UTC)


def test_numbers() -> None:
    assert numbers_of([b"(EARLIER) 3:5,9", b"1", None, b"7:6"]) == [1, 3, 4, 5, 6, 7, 9]
    assert numbers_of([]) == []
    for odd in (b"x", b"1:*", b"1:99999999999"):
        with pytest.raises(SourceUnavailableError):
            numbers_of([odd])


@pytest.mark.parametrize(
    ("answers", "acl"),
    [
        ([b'"Legal" bob lr anyone ""'], [("bob", "lr"), ("anyone", "")]),
        ([b"INBOX"], []),
        ([(b"INBOX {3}", b"b b"), b' "lr"'], [("b b", "lr")]),
        ([b"INBOX bob"], None),
        ([None], None),
        ([], None),
    ],
)
def test_access_lists(answers: list[Any], acl: list[tuple[str, str]] | None) -> None:
    assert acl_of(answers) == acl
