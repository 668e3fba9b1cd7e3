"""Messages in files are followed one by one, by a name that filing and reading keep."""

from pathlib import Path

import pytest

from connectors import registry
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item
from connectors.mail_tree import MailTreeConnector
from tests.connectors import contract

BOX = (
    b"From a@b Mon Nov 23 10:00:00 2026\n"
    b"From: anna@b\nSubject: Leave\nMessage-ID: <1@b>\nDate: Mon, 23 Nov 2026 10:00:00 +0000\n"
    b"\nThirty days.\n\n"
    b"From a@b Mon Nov 23 11:00:00 2026\nSubject: Hours\nMessage-ID: <2@b>\n\nClosed at noon.\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "mail" / "cur").mkdir(parents=True)
    (tmp_path / "mail" / "box").write_bytes(BOX)
    (tmp_path / "mail" / "cur" / "1:2,").write_bytes(b"Subject: Lunch\n\nSoup.\n")
    (tmp_path / "mail" / "note.eml").write_bytes(b"Subject: Lunch\n\nSalad.\n")
    return tmp_path / "mail"


def connect(root: Path, **settings: str) -> MailTreeConnector:
    built = registry.build("mail", source_id="mail", settings={"root": str(root)} | settings)
    assert isinstance(built, MailTreeConnector)
    return built


def test_it_keeps_the_contract(root: Path) -> None:
    contract.keeps_the_contract(connect(root))


def test_it_goes_on_past_what_is_no_mail(root: Path) -> None:
    (root / "readme.html").write_text("<html>")
    contract.goes_on_past_a_failure(connect(root))
    assert len(list(connect(root).list_ids(None))) == 4


def test_a_message_carries_what_its_headers_say(root: Path) -> None:
    connector = connect(root)
    item = next(
        fact for fact in connector.scan(None) if isinstance(fact, Item) and "Leave" in fact.name
    )
    assert (item.name, item.id[:8]) == ("Leave.eml", "mid:1@b?")
    content = connector.open(item.id, item.version)
    assert content.content.endswith(b"\n\nThirty days.\n")
    assert content.media_type == "message/rfc822"
    assert content.modified_at.isoformat() == "2026-11-23T10:00:00+00:00"
    assert content.facts["title"] == "Leave"


def test_a_message_that_is_filed_elsewhere_keeps_its_name(root: Path) -> None:
    connector = connect(root)
    before = [item.id for item in connector.list_ids(None)]
    (root / "Archive" / "cur").mkdir(parents=True)
    (root / "cur" / "1:2,").rename(root / "Archive" / "cur" / "1:2,S")
    assert {item.id for item in connector.list_ids(None)} == set(before)
    assert connector.open(before[-1], "").content


def test_a_message_that_is_gone_or_no_message_is_told_apart(root: Path) -> None:
    connector = connect(root)
    with pytest.raises(SourceUnavailableError, match="not there"):
        connector.open("mid:gone?sha256=1", "")
    with pytest.raises(SourceRejectedError, match="not a message"):
        connector.open("file:///etc/passwd", "")


def test_mail_that_is_suddenly_gone_is_an_outage(root: Path) -> None:
    connector = connect(root)
    (*_, cursor) = connector.scan(None)
    assert isinstance(cursor, Cursor)
    for path in (root / "box", root / "cur" / "1:2,", root / "note.eml"):
        path.unlink()
    for listing in (connector.scan(cursor), connector.list_ids(cursor)):
        with pytest.raises(SourceUnavailableError, match="no messages at all"):
            list(listing)
    assert not connect(root / "gone").check().ok
    with pytest.raises(SourceUnavailableError, match="not there"):
        list(connect(root / "gone").list_ids(None))


def test_a_folder_that_cannot_be_listed_fails_the_sweep_alone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os  # noqa: PLC0415 - the real one, before it is replaced

    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("cur"):
            raise PermissionError(13, "no")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    connector = connect(root)
    assert [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    with pytest.raises(SourceUnavailableError, match="cannot be listed"):
        list(connector.list_ids(None))
