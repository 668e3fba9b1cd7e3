"""Messages are found in an mbox of any size, each once and as it was sent."""

import io
from pathlib import Path

import pytest

from connectors import mailboxes
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.mailboxes import Span, content_of, is_mbox, opened, seal_of, spans

FIRST = b"From a@b Mon Nov 23 10:00:00 2026\nSubject: one\n\nHello\n>From the start\n\n"
SECOND = b"From a@b Mon Nov 23 11:00:00 2026\r\nSubject: two\r\n\r\nFrom here on\r\n\r\n"
THIRD = b"From 17@xxx Mon Nov 23 12:00:00 +0000 2026\nSubject: three\n\nBye\n"


def read(box: bytes, start: int = 0) -> list[bytes]:
    file = io.BytesIO(box)
    return [content_of(file, span) for span in spans(file, start=start, end=len(box))]


@pytest.mark.parametrize("block", [1, 7, 50, 10_000])
def test_messages_are_found_whatever_the_size_of_a_block(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailboxes, "_BLOCK", block)
    assert read(FIRST + SECOND + THIRD) == [
        b"Subject: one\n\nHello\nFrom the start\n",
        b"Subject: two\r\n\r\nFrom here on\r\n",
        b"Subject: three\n\nBye\n",
    ]


def test_a_line_of_text_begins_no_message() -> None:
    text = b"From a@b Mon Nov 23 10:00:00 2026\n\nDear all,\n\nFrom now on we close at noon.\n"
    assert len(read(text)) == 1


def test_a_message_is_the_same_before_and_after_the_next_one_came() -> None:
    alone, followed = read(THIRD), read(THIRD + b"\n" + FIRST)
    assert alone == followed[:1]


def test_reading_goes_on_from_an_offset() -> None:
    box = FIRST + THIRD
    assert read(box, start=len(FIRST)) == read(box)[1:]


def test_a_mailbox_that_became_shorter_is_noticed() -> None:
    file = io.BytesIO(FIRST)
    with pytest.raises(SourceUnavailableError, match="shorter"):
        list(spans(file, start=0, end=len(FIRST) + 10))
    for span in (Span(0, 10_000), Span(5, 20)):
        with pytest.raises(SourceUnavailableError, match="changed"):
            content_of(file, span)


@pytest.mark.parametrize(
    ("head", "mbox"),
    [(FIRST, True), (b"From the desk of\n", False), (b"Subject: x\n", False), (b"", False)],
)
def test_an_mbox_is_told_by_its_first_line(head: bytes, *, mbox: bool) -> None:
    assert is_mbox(io.BytesIO(head)) is mbox


def test_a_seal_stays_while_a_mailbox_grows_and_breaks_when_it_is_rewritten() -> None:
    seal = seal_of(io.BytesIO(FIRST), len(FIRST))
    assert seal_of(io.BytesIO(FIRST + SECOND), len(FIRST)) == seal
    assert seal_of(io.BytesIO(FIRST.replace(b"one", b"two")), len(FIRST)) != seal


def test_links_are_not_opened(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    (root / "real").mkdir()
    (root / "real" / "box").write_bytes(FIRST)
    (root / "link").symlink_to(root / "real")
    (root / "box").symlink_to(root / "real" / "box")
    for path in (root / "link" / "box", root / "box"):
        with pytest.raises(SourceRejectedError, match="symbolic link"), opened(path):
            raise AssertionError(path)
    with pytest.raises(SourceUnavailableError, match="not there"), opened(root / "gone"):
        raise AssertionError
    with opened(root / "real" / "box") as (file, status):
        assert len(file.read()) == status.st_size


def test_a_medium_that_fails_is_an_outage(tmp_path: Path) -> None:
    path = tmp_path.resolve() / "box"
    path.write_bytes(FIRST)
    with pytest.raises(SourceUnavailableError, match="cannot be read"), opened(path):
        raise OSError(5, "input/output error")
