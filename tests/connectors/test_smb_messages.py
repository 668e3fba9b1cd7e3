"""Requests have the bytes that the protocol asks for, and answers are read or refused."""

import struct
from datetime import UTC, datetime

import pytest

from connectors import smb_messages as messages
from connectors.smb_messages import Stamp

MOMENT = 133_801_632_000_000_000


def entry(name: str, *, step: int = 0, attributes: int = 0x20, tag: int = 0) -> bytes:
    raw = name.encode("utf-16-le", "surrogatepass")
    times = (MOMENT,) * 4
    return (
        struct.pack("<IIQQQQQQ", step, 0, *times, 5, 8)
        + struct.pack("<IIIIQ", attributes, len(raw), tag, 0, 42)
        + raw
    )


def test_a_request_to_open_carries_name_access_and_options() -> None:
    message = messages.create("hr\\leave.md", access=0x81, options=0x40)
    body = message.pack()
    assert message.COMMAND == messages.CREATE
    assert len(message) == len(body) == 56 + 22
    assert struct.unpack_from("<H", body) == (57,)
    assert struct.unpack_from("<IIIII", body, 24) == (0x81, 0, 7, 1, 0x40)
    assert struct.unpack_from("<HH", body, 44) == (120, 22)
    assert body[56:].decode("utf-16-le") == "hr\\leave.md"


def test_the_top_of_a_share_has_an_empty_name_and_a_body_all_the_same() -> None:
    body = messages.create("", access=1, options=1).pack()
    assert struct.unpack_from("<HH", body, 44) == (120, 0)
    assert len(body) == 58


def test_questions_are_about_the_file_opened_just_before() -> None:
    security, tag, close = messages.query_security(), messages.query_tag(), messages.close()
    assert struct.unpack_from("<HBB", security.pack()) == (41, 3, 0)
    assert struct.unpack_from("<I", security.pack(), 16) == (7,)
    assert struct.unpack_from("<HBB", tag.pack()) == (41, 1, 35)
    assert all(each.pack()[24:40] == b"\xff" * 16 for each in (security, tag))
    assert close.pack() == struct.pack("<HHI", 24, 1, 0) + b"\xff" * 16
    assert messages.close(b"h" * 16).pack().endswith(b"h" * 16)


def test_answers_tell_handle_and_stamp() -> None:
    times = (1, 2, 3, 4, 8, 5)
    opened = struct.pack("<HBBI6QII", 89, 0, 0, 1, *times, 0x20, 0) + b"h" * 16
    assert messages.created(opened) == (b"h" * 16, Stamp(3, 4, 5))
    ended = struct.pack("<HHI6QI", 60, 1, 0, *times, 0x20)
    assert messages.closed(ended) == Stamp(3, 4, 5)
    with pytest.raises(struct.error):
        messages.created(opened[:-1])
    with pytest.raises(struct.error):
        messages.closed(ended[:-1])


def test_a_stamp_is_a_version_and_a_time() -> None:
    stamp = Stamp(MOMENT, MOMENT + 1, 12)
    assert stamp.modified_at == datetime(2025, 1, 1, tzinfo=UTC)
    assert len({stamp.version, Stamp(MOMENT, MOMENT, 12).version, Stamp(0, 0, 12).version}) == 3
    assert Stamp(2**64 - 1, 0, 0).modified_at.year == 1601


def test_a_listing_is_read_entry_by_entry() -> None:
    first = entry("naïve \U0001f600.txt", step=200)
    buffer = first.ljust(200, b"\0") + entry("hr", attributes=0x12)
    one, two = messages.entries_in(buffer)
    assert (one.name, one.is_folder, one.is_hidden, one.file_id) == (
        "naïve \U0001f600.txt",
        False,
        False,
        42,
    )
    assert one.stamp == Stamp(MOMENT, MOMENT, 5)
    assert (two.name, two.is_folder, two.is_hidden) == ("hr", True, True)
    assert messages.entries_in(entry("\ud800x"))[0].name == "\ud800x"


@pytest.mark.parametrize(
    ("tag", "is_link"),
    [
        pytest.param(0xA000000C, True, id="symbolic link"),
        pytest.param(0xA0000003, True, id="mount point"),
        pytest.param(0x8000000A, True, id="distributed folder"),
        pytest.param(0x80000023, True, id="socket"),
        pytest.param(0x80000013, False, id="deduplicated"),
        pytest.param(0x9000601A, False, id="kept in a cloud"),
    ],
)
def test_what_leads_elsewhere_is_a_link(tag: int, is_link: bool) -> None:
    (found,) = messages.entries_in(entry("x", attributes=0x420, tag=tag))
    assert found.is_link is is_link
    assert messages.leads_elsewhere(struct.pack("<II", 0x420, tag)) is is_link
    assert not messages.leads_elsewhere(struct.pack("<II", 0x20, tag))


def test_a_cut_answer_is_refused() -> None:
    whole = entry("name.txt")
    for end in range(len(whole)):
        with pytest.raises(struct.error):
            messages.entries_in(whole[:end])
    for read in (messages.buffer_of, messages.read_of, messages.control_of):
        with pytest.raises(struct.error):
            read(b"")
    with pytest.raises(struct.error, match="cut"):
        messages.buffer_of(struct.pack("<HHI", 9, 72, 5) + b"1234")
    with pytest.raises(struct.error, match="cut"):
        messages.buffer_of(struct.pack("<HHI", 9, 8, 5) + b"12345")


def test_an_answer_carries_its_bytes_where_it_says() -> None:
    assert messages.buffer_of(struct.pack("<HHI", 9, 72, 4) + b"1234") == b"1234"
    assert messages.read_of(struct.pack("<HBBIII", 17, 80, 0, 4, 0, 0) + b"1234") == b"1234"
    control = bytes(32) + struct.pack("<IIII", 112, 4, 0, 0) + b"1234"
    assert messages.control_of(control) == b"1234"
