"""Mail is found in mbox files, Maildirs and folders of messages; other files are told."""

from pathlib import Path

import pytest

from connectors.errors import SourceUnavailableError
from connectors.facts import Failure
from connectors.mail_places import Folder, Mbox, places

BOX = b"From a@b Mon Nov 23 10:00:00 2026\nSubject: one\n\nHello\n"
MESSAGE = b"Subject: two\n\nHello\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, content in {
        "Takeout/Mail/All mail.mbox": BOX,
        "plain": BOX,
        "letters/a.eml": MESSAGE,
        "letters/b.EML": MESSAGE,
        "Maildir/cur/1.host:2,S": MESSAGE,
        "Maildir/new/2.host": MESSAGE,
        "Maildir/tmp/3.host": MESSAGE,
        "Maildir/.Archive/cur/4.host:2,S": MESSAGE,
        "Maildir/dovecot.index.log": b"x",
        "Maildir/subscriptions": b"Archive",
        "empty": b"",
        "readme.html": b"<html>",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path


def test_every_kind_of_place_is_found_and_what_is_no_mail_is_told(root: Path) -> None:
    found = list(places(root))
    boxes = {place.path.relative_to(root).as_posix() for place in found if isinstance(place, Mbox)}
    assert boxes == {"Takeout/Mail/All mail.mbox", "plain"}
    singles = {
        place.path.relative_to(root).as_posix(): len(place.files)
        for place in found
        if isinstance(place, Folder)
    }
    assert singles == {
        "Maildir/cur": 1,
        "Maildir/new": 1,
        "Maildir/.Archive/cur": 1,
        "letters": 2,
    }
    [failure] = [place for place in found if isinstance(place, Failure)]
    assert failure.id.endswith("readme.html")
    assert not failure.retry


def test_the_order_is_the_same_each_time(root: Path) -> None:
    first, second = (
        [place.path for place in places(root) if not isinstance(place, Failure)] for _ in range(2)
    )
    assert first == second


def test_a_file_may_be_the_root(root: Path) -> None:
    assert [type(place) for place in places(root / "plain")] == [Mbox]
    assert [type(place) for place in places(root / "letters" / "a.eml")] == [Folder]
    with pytest.raises(SourceUnavailableError, match="not there"):
        list(places(root / "gone"))


def test_a_seal_breaks_with_each_change(root: Path) -> None:
    def seal() -> str:
        [place] = places(root / "letters")
        assert isinstance(place, Folder)
        return place.seal

    seals = [seal()]
    (root / "letters" / "c.eml").write_bytes(MESSAGE)
    seals.append(seal())
    (root / "letters" / "c.eml").rename(root / "letters" / "d.eml")
    seals.append(seal())
    (root / "letters" / "d.eml").unlink()
    assert len({*seals}) == 3
    assert seal() == seals[0]
    [box] = places(root / "plain")
    (root / "plain").write_bytes(BOX + b"\n" + BOX)
    [grown] = places(root / "plain")
    assert isinstance(box, Mbox)
    assert isinstance(grown, Mbox)
    assert box.seal != grown.seal


def test_a_mailbox_that_cannot_be_opened_is_a_failure_that_may_pass(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: object, flags: int) -> int:
        raise PermissionError(13, "no")

    monkeypatch.setattr("connectors.mailboxes.os.open", refuse)
    [failure] = places(root / "plain")
    assert isinstance(failure, Failure)
    assert failure.retry
