"""Mail on a server is followed by what came and what went, and by the rights of its folders."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors import registry
from connectors.base import AclSupport
from connectors.endpoints import Patience
from connectors.errors import ConnectorConfigError, SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item, Tombstone
from connectors.imap import ImapConfig, ImapConnector
from connectors.verdict import permits
from tests.connectors import contract
from tests.connectors.servers.inline_imap import PASSWORD, USER, Folder, InlineImap

Build = Callable[..., ImapConnector]
LUNCH = b"Subject: Lunch\r\nFrom: anna@b\r\n\r\nSoup.\r\n"


@pytest.fixture
def server() -> InlineImap:
    server = InlineImap()
    server.folders = {"INBOX": Folder(), "Legal cases": Folder()}
    server.folders["INBOX"].add(1, LUNCH)
    server.folders["INBOX"].add(4, b"Subject: Salad\r\n\r\nGreen.\r\n")
    server.folders["Legal cases"].add(2, b"Subject: Case\r\n\r\nClosed.\r\n")
    return server


@pytest.fixture
def build(server: InlineImap, tmp_path: Path) -> Iterator[Build]:
    (tmp_path / "password").write_text(PASSWORD)
    made: list[ImapConnector] = []

    def build(**settings: object) -> ImapConnector:
        known = {"host": "nas", "username": USER, "password_file": tmp_path / "password"}
        config = ImapConfig(**known | settings)  # type: ignore[arg-type]
        patience = Patience(attempts=1)
        made.append(
            ImapConnector(source_id="imap", config=config, patience=patience, dial=server.dial)
        )
        return made[-1]

    yield build
    for connector in made:
        connector.close()


def last(connector: ImapConnector) -> Cursor:
    (*_, cursor) = connector.scan(None)
    assert isinstance(cursor, Cursor)
    return cursor


@pytest.mark.parametrize("native", [False, True])
@pytest.mark.parametrize("qresync", [False, True])
def test_it_keeps_the_contract(
    build: Build, server: InlineImap, *, native: bool, qresync: bool
) -> None:
    if not qresync:
        server.capabilities = "IMAP4rev1 ACL"
    connector = build(use_folder_acl=native)
    contract.keeps_the_contract(connector)
    assert connector.capabilities.acl is (AclSupport.NATIVE if native else AclSupport.MAPPED)


def test_a_message_carries_what_its_headers_say(build: Build) -> None:
    connector = build()
    content = connector.open("imap://nas:993/INBOX;UIDVALIDITY=7/;UID=1", "")
    assert content.content == LUNCH
    assert content.facts == {"title": "Lunch", "author": "anna@b"}
    assert content.modified_at.isoformat() == "2026-11-23T10:00:00+00:00"


@pytest.mark.parametrize("item", ["imap://nas:993/INBOX;UIDVALIDITY=8/;UID=1"])
def test_numbers_of_another_time_are_other_messages(build: Build, item: str) -> None:
    with pytest.raises(SourceUnavailableError, match="anew"):
        build().open(item, "")


def test_a_message_that_is_gone_or_too_large_is_told_apart(build: Build) -> None:
    with pytest.raises(SourceUnavailableError, match="at the moment"):
        build().open("imap://nas:993/INBOX;UIDVALIDITY=7/;UID=2", "")
    connector = build(max_bytes=30)
    contract.goes_on_past_a_failure(connector)
    [failure] = [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert not failure.retry
    with pytest.raises(SourceRejectedError, match="larger than 30"):
        connector.open(failure.id, "")


def test_what_went_is_told(build: Build, server: InlineImap) -> None:
    connector = build()
    cursor = last(connector)
    server.folders["INBOX"].drop(1)
    server.folders["INBOX"].add(5, LUNCH)
    found = [fact for fact in connector.scan(cursor) if not isinstance(fact, Cursor)]
    assert [(type(fact), fact.id[-1]) for fact in found] == [(Tombstone, "1"), (Item, "5")]


def test_rights_are_those_of_the_folder_and_move_the_hash(build: Build, server: InlineImap) -> None:
    connector = build(use_folder_acl=True, folders=("INBOX",))
    before = {slim.acl_hash for slim in connector.list_ids(None)}
    server.folders["INBOX"].acl = "scribe lr bob l anyone lr"
    after = {slim.acl_hash for slim in connector.list_ids(None)}
    assert len(before | after) == 2
    [rights] = connector.acl(["imap://nas:993/INBOX;UIDVALIDITY=7/;UID=1"])
    assert permits(rights, frozenset({"name:scribe"}))
    assert permits(rights, frozenset({"name:dora"}))
    assert not permits(rights, frozenset({"name:bob"}))


def test_rights_that_are_not_told_are_nobodys(build: Build, server: InlineImap) -> None:
    server.folders["INBOX"].acl = None
    connector = build(use_folder_acl=True)
    assert "does not tell the rights" in connector.check().detail
    asked = ["imap://nas:993/INBOX;UIDVALIDITY=7/;UID=1", "no-such-item"]
    assert [right.entries for right in connector.acl(asked)] == [None, None]


def test_mail_that_is_suddenly_gone_is_an_outage(build: Build, server: InlineImap) -> None:
    connector = build()
    cursor = last(connector)
    for folder in server.folders.values():
        for uid in list(folder.messages):
            folder.drop(uid)
    for listing in (connector.scan(cursor), connector.list_ids(cursor)):
        with pytest.raises(SourceUnavailableError, match="no messages at all"):
            list(listing)


def test_a_wrong_password_is_told(build: Build, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong")
    assert build().check().detail == "the server refuses the sign-in"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"host": "imap.example.org"}, "allowed_hosts"),
        ({"security": "some"}, "one of tls, starttls, none"),
        ({"security": "none"}, "without encryption"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, str], reason: str) -> None:
    known = {"host": "nas", "username": "u", "password_file": "/p"}
    with pytest.raises(ConnectorConfigError, match=reason):
        registry.parse(ImapConfig, known | settings, kind="imap")
