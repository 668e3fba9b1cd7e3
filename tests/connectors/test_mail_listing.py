"""A listing reads what changed, from where it was left, and remembers no more than it told."""

import os
from pathlib import Path

import pytest

from connectors import mail_listing
from connectors.errors import SourceUnavailableError
from connectors.facts import Cursor, Failure
from connectors.mail_listing import Found, MailListing, State


def box(*subjects: str) -> bytes:
    return b"".join(
        b"From a@b Mon Nov 23 10:00:00 2026\n"
        + f"Message-ID: <{each}@b>\nSubject: {each}\n\nHi\n\n".encode()
        for each in subjects
    )


def subjects(told: list[object]) -> list[str]:
    return [
        fact.content.split(b"Subject: ")[1].split(b"\n")[0].decode()
        for fact in told
        if isinstance(fact, Found)
    ]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path.resolve()


def last(told: list[object]) -> State:
    assert isinstance(told[-1], State)
    return State.of(told[-1].cursor())


def test_only_what_was_added_is_read(root: Path) -> None:
    (root / "box").write_bytes(box("one", "two"))
    listing = MailListing(root, max_bytes=999)
    first = list(listing.since(State()))
    assert subjects(first) == ["one", "two"]
    assert subjects(list(listing.since(last(first)))) == []
    with (root / "box").open("ab") as file:
        file.write(box("three"))
    second = list(listing.since(last(first)))
    assert subjects(second) == ["three"]
    assert last(second).messages == 3


def test_a_mailbox_that_was_rewritten_is_read_again(root: Path) -> None:
    (root / "box").write_bytes(box("one", "two"))
    listing = MailListing(root, max_bytes=999)
    state = last(list(listing.since(State())))
    (root / "box").write_bytes(box("two", "three", "four"))
    assert subjects(list(listing.since(state))) == ["two", "three", "four"]


def test_a_mailbox_that_grew_by_something_odd_is_read_again(root: Path) -> None:
    (root / "box").write_bytes(box("one"))
    listing = MailListing(root, max_bytes=999)
    state = last(list(listing.since(State())))
    with (root / "box").open("ab") as file:
        file.write(b"a line more\n")
    assert subjects(list(listing.since(state))) == ["one"]


def test_a_scan_that_was_cut_off_goes_on_inside_a_mailbox(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_listing, "_EVERY", 2)
    (root / "box").write_bytes(box("one", "two", "three", "four", "five"))
    (root / "also").write_bytes(box("six"))
    listing = MailListing(root, max_bytes=999)
    told = list(listing.since(State()))
    states = [place for place, fact in enumerate(told) if isinstance(fact, State)]
    assert len(states) > 2
    for place in states:
        state = told[place]
        assert isinstance(state, State)
        rest = list(listing.since(State.of(state.cursor())))
        assert sorted(subjects(told[:place]) + subjects(rest)) == sorted(subjects(told))


def test_the_same_message_is_told_once_and_found_where_it_is(root: Path) -> None:
    (root / "a").write_bytes(box("one", "two"))
    (root / "b").write_bytes(box("two", "three"))
    listing = MailListing(root, max_bytes=999)
    told = list(listing.since(State()))
    assert subjects(told) == ["one", "two", "three"]
    for fact in told:
        if isinstance(fact, Found):
            assert listing.find(fact.id) == fact.content
            assert MailListing(root, max_bytes=999).find(fact.id) == fact.content
    assert listing.find("mid:gone") is None


def test_a_message_that_moved_is_looked_for(root: Path) -> None:
    (root / "a").write_bytes(box("one", "two"))
    listing = MailListing(root, max_bytes=999)
    [_, two, _] = listing.since(State())
    (root / "a").write_bytes(box("two", "three", "more"))
    assert isinstance(two, Found)
    assert listing.find(two.id) == two.content


def test_a_large_message_is_a_failure_for_good(root: Path) -> None:
    (root / "box").write_bytes(box("one", "x" * 500, "two"))
    (root / "large.eml").write_bytes(b"Subject: large\n\n" + b"x" * 500)
    told = list(MailListing(root, max_bytes=200).since(State()))
    failures = [fact for fact in told if isinstance(fact, Failure)]
    assert [failure.retry for failure in failures] == [False, False]
    assert failures[0].id.endswith("/box#" + str(len(box("one"))))
    assert subjects(told) == ["one", "two"]


def test_a_sparse_file_is_passed_over(root: Path) -> None:
    with (root / "box").open("wb") as file:
        file.write(box("one") + b"From a@b Mon Nov 23 10:00:00 2026\n\n")
        file.truncate(2**27)
    told = list(MailListing(root, max_bytes=1000).since(State()))
    assert subjects(told) == ["one"]
    assert [type(fact) for fact in told] == [Found, Failure, State]


def test_a_file_that_may_not_be_read_is_a_failure_and_read_again_next_time(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a.eml").write_bytes(b"Subject: a\n\n")
    listing = MailListing(root, max_bytes=999)

    def refuse(path: object, flags: int) -> int:
        raise PermissionError(13, "no")

    with monkeypatch.context() as patched:
        patched.setattr("connectors.mailboxes.os.open", refuse)
        told = list(listing.since(State()))
    assert [type(fact) for fact in told] == [Failure, State]
    assert subjects(list(listing.since(last(told)))) == ["a"]


def test_a_mailbox_that_is_rewritten_while_it_is_read_is_noticed(root: Path) -> None:
    (root / "box").write_bytes(box("one", "two"))
    told = MailListing(root, max_bytes=999).since(State())
    next(told)
    (root / "box").write_bytes(box("one", "too"))
    os.utime(root / "box", (1, 1))
    with pytest.raises(SourceUnavailableError, match="changed"):
        list(told)


@pytest.mark.parametrize("value", ["", "[]", "{}", '{"places": 3}', '{"places": {"a": 1}}'])
def test_a_cursor_that_means_nothing_starts_over(value: str) -> None:
    assert State.of(Cursor(value)) == State()
