"""A Takeout export is read mail by mail and file by file, for the audience of its owner."""

import gc
import mailbox
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from connectors import registry
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.exports.archive import open_archive
from connectors.exports.audience import AudienceConfig
from connectors.exports.takeout import TakeoutConnector
from connectors.facts import Item
from tests.connectors import contract

BOX = "Takeout/Mail/All mail.mbox"
NOTE = "Takeout/Keep/Shed.txt"
OWNER = "mail:ann@example.org"


def mail(subject: str, text: str, *, date: str = "Mon, 04 Mar 2024 09:00:00 +0100") -> EmailMessage:
    """Return one mail."""
    made = EmailMessage()
    made["Subject"], made["From"], made["Date"] = subject, "bob@example.org", date
    made.set_content(text)
    return made


MAILS = [
    mail("Rota", "Bob takes Monday.\nFrom Tuesday on it is Ann."),
    mail("Keys", "They are in the shed."),
    mail("Keys", "They are in the shed."),
    mail("Grüße", "Until then.", date="Mon, 04 Mar 2024 09:00:00 -0000"),
    mail("", "No date that is one.", date="soon"),
]


def unpacked(root: Path, *mails: EmailMessage) -> Path:
    """Write an export as a folder and return its path."""
    for name in (BOX, NOTE):
        (root / name).parent.mkdir(parents=True)
    box = mailbox.mbox(root / BOX)
    for each in mails or MAILS:
        box.add(each)
    box.close()
    (root / NOTE).write_text("Spade, rake, two buckets.")
    (root / "Takeout" / "archive_browser.html").write_text("<p>What is in here</p>")
    return root


def export(path: Path, *mails: EmailMessage) -> Path:
    """Write an export, packed if its name says so, and return its path."""
    if path.suffix != ".zip":
        return unpacked(path, *mails)
    folder = unpacked(path.with_suffix(""), *mails)
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*.*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return path


def connect(path: Path, **settings: int) -> TakeoutConnector:
    config = AudienceConfig(path, OWNER, ("nobody",), **settings)
    return TakeoutConnector(source_id="ann", config=config)


def mails_of(connector: TakeoutConnector) -> list[Item]:
    found = [fact for fact in connector.scan(None) if isinstance(fact, Item)]
    return [item for item in found if item.name.endswith(".eml")]


@pytest.mark.parametrize("name", ["export.zip", "export"])
def test_an_archive_and_a_folder_keep_the_contract(name: str, tmp_path: Path) -> None:
    settings = {"path": str(export(tmp_path / name)), "owner": OWNER, "audience": "nobody"}
    connector = registry.build("takeout", source_id="ann", settings=settings)
    assert isinstance(connector, TakeoutConnector)
    contract.keeps_the_contract(connector)
    assert connector.check().detail == "the export holds 6 items"


@pytest.mark.parametrize("name", ["export.zip", "export"])
def test_mails_are_read_in_any_order(name: str, tmp_path: Path) -> None:
    connector = connect(export(tmp_path / name))
    items = mails_of(connector)
    subjects = {}
    for item in [*items, *items[::-1]]:
        content = connector.open(item.id, item.version)
        assert content.media_type == "message/rfc822"
        subjects[item.id] = content.content.split(b"\n", 1)[0]
    assert [subjects[item.id] for item in items] == [
        b"Subject: Rota",
        b"Subject: Keys",
        b"Subject: Keys",
        b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=",
        b"Subject:",
    ]


def test_a_mail_keeps_its_time_and_its_title(tmp_path: Path) -> None:
    connector = connect(export(tmp_path / "export"))
    told = [connector.open(item.id, item.version) for item in mails_of(connector)]
    assert [content.modified_at.isoformat() for content in told] == [
        *["2024-03-04T08:00:00+00:00"] * 3,
        "2024-03-04T09:00:00+00:00",
        "1970-01-01T00:00:00+00:00",
    ]
    assert dict(told[3].facts) == {
        "title": "Grüße",
        "author": "bob@example.org",
        "created_at": "2024-03-04T09:00:00+00:00",
    }
    assert told[4].facts.keys() == {"author"}


def test_the_same_mail_twice_is_two_items_and_keeps_its_name(tmp_path: Path) -> None:
    names = [item.id for item in mails_of(connect(export(tmp_path / "one")))]
    assert len(set(names)) == 5
    assert names[2] == f"{names[1]}-2"
    later = connect(export(tmp_path / "two", mail("New", "Comes first."), *MAILS))
    assert [item.id for item in mails_of(later)][1:] == names


def test_other_files_are_read_and_the_overview_is_not(tmp_path: Path) -> None:
    connector = connect(export(tmp_path / "export.zip"))
    content = connector.open(f"takeout://ann/{NOTE}", "")
    assert content.content == b"Spade, rake, two buckets."
    assert content.media_type == "text/plain"
    assert not [item.id for item in connector.list_ids(None) if "archive_browser" in item.id]


def test_every_item_is_for_the_owner_and_the_audience_alone(tmp_path: Path) -> None:
    connector = connect(export(tmp_path / "export"))
    rights = list(connector.acl(item.id for item in connector.list_ids(None)))
    assert len(rights) == 6
    for right in rights:
        assert right.entries is not None
        assert [entry.principal for entry in right.entries] == [OWNER]


def test_bytes_that_are_not_those_of_the_mail_are_never_handed_out(tmp_path: Path) -> None:
    connector = connect(export(tmp_path / "export"))
    second = connector.read_export(open_archive(tmp_path / "export")).items[
        mails_of(connector)[1].id
    ]
    box = tmp_path / "export" / BOX
    box.write_bytes(box.read_bytes().replace(b"Monday", b"Sunday and Monday"))
    with pytest.raises(SourceUnavailableError, match="changed while it was read"):
        second.read()


def test_a_mailbox_that_grew_is_read_anew(tmp_path: Path) -> None:
    connector = connect(export(tmp_path / "export"))
    before = mails_of(connector)
    connector.open(before[0].id, before[0].version)
    box = mailbox.mbox(tmp_path / "export" / BOX)
    box.add(mail("More", "There is more."))
    box.close()
    assert len(mails_of(connector)) == 6
    assert b"Rota" in connector.open(before[0].id, before[0].version).content


def test_a_mail_above_the_limit_is_not_read(tmp_path: Path) -> None:
    long = mail("Long", "word " * 100)
    connector = connect(export(tmp_path / "export", *MAILS, long), max_bytes=400)
    contract.goes_on_past_a_failure(connector)
    listed = {item.id for item in connector.list_ids(None)}
    [beyond] = listed - {fact.id for fact in connector.scan(None) if isinstance(fact, Item)}
    with pytest.raises(SourceRejectedError, match="larger than 400"):
        connector.open(beyond, "")


def test_a_connector_that_is_let_go_leaves_no_file_open(tmp_path: Path) -> None:
    """Warnings of files left open are errors here."""
    connector = connect(export(tmp_path / "export.zip"))
    item = mails_of(connector)[0]
    stream = connector.open(item.id, item.version)
    assert stream.content
    streams = list(connector._streams.values())
    del connector
    gc.collect()
    assert [each.closed for each in streams] == [True]
