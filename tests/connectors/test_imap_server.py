"""The connector against a real Dovecot: folders, rights, changes and deletions."""

import imaplib
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.endpoints import Patience
from connectors.errors import SourceUnavailableError
from connectors.facts import Cursor, Item, Tombstone
from connectors.imap import ImapConfig, ImapConnector
from connectors.verdict import permits
from tests.connectors import contract
from tests.connectors.servers.imap import PASSWORD, Dovecot, dovecot
from tests.connectors.servers.sshd import free_port

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    with dovecot(tmp_path_factory.mktemp("dovecot")) as running:
        yield running


@pytest.fixture
def owner(server: Dovecot, request: pytest.FixtureRequest) -> Iterator[imaplib.IMAP4]:
    """Someone with a store of their own for each test."""
    trust = ssl.create_default_context(cafile=str(server.ca_file))
    imap = imaplib.IMAP4_SSL("127.0.0.1", server.tls_port, ssl_context=trust)
    imap.login(account(request), PASSWORD)
    imap.create("Legal/brig")
    for folder, text in (("INBOX", "Soup"), ("INBOX", "Salad"), ("Legal/brig", "Contract")):
        add(imap, folder, text)
    yield imap
    imap.logout()


def account(request: pytest.FixtureRequest) -> str:
    return f"a{abs(hash(request.node.nodeid)) % 10**9}"


def add(imap: imaplib.IMAP4, folder: str, text: str) -> None:
    message = f"Subject: {text}\r\nMessage-ID: <{text}@b>\r\n\r\n{text}.\r\n".encode()
    assert imap.append(folder, "", None, message)[0] == "OK"


@pytest.fixture
def build(
    server: Dovecot, owner: imaplib.IMAP4, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., ImapConnector]]:
    (tmp_path / "password").write_text(PASSWORD)
    made: list[ImapConnector] = []

    def build(**settings: object) -> ImapConnector:
        known = {
            "host": "127.0.0.1",
            "username": account(request),
            "password_file": tmp_path / "password",
            "port": server.tls_port,
            "ca_file": server.ca_file,
        }
        config = ImapConfig(**known | settings)  # type: ignore[arg-type]
        patience = Patience(attempts=1)
        made.append(ImapConnector(source_id="imap", config=config, patience=patience))
        return made[-1]

    yield build
    for connector in made:
        connector.close()


def last(connector: ImapConnector, cursor: Cursor | None = None) -> Cursor:
    (*_, found) = connector.scan(cursor)
    assert isinstance(found, Cursor)
    return found


@pytest.mark.parametrize("native", [False, True])
def test_it_keeps_the_contract(build: Callable[..., ImapConnector], *, native: bool) -> None:
    contract.keeps_the_contract(build(use_folder_acl=native))


def test_the_connection_may_become_private_on_the_way(
    build: Callable[..., ImapConnector], server: Dovecot
) -> None:
    connector = build(security="starttls", port=server.port)
    assert len(list(connector.list_ids(None))) == 3


def test_a_server_nobody_vouches_for_is_refused(
    build: Callable[..., ImapConnector], server: Dovecot
) -> None:
    for settings in ({}, {"security": "starttls", "port": server.port}):
        assert not build(ca_file=None, **settings).check().ok


def test_only_what_changed_is_told(
    build: Callable[..., ImapConnector], owner: imaplib.IMAP4
) -> None:
    connector = build()
    cursor = last(connector)
    assert [fact for fact in connector.scan(cursor) if not isinstance(fact, Cursor)] == []
    add(owner, "INBOX", "Bread")
    owner.select("INBOX")
    owner.store("1", "+FLAGS", "\\Deleted")
    owner.expunge()
    found = [fact for fact in connector.scan(cursor) if not isinstance(fact, Cursor)]
    assert [type(fact) for fact in found] == [Tombstone, Item]
    assert [fact.id.rsplit("=")[-1] for fact in found] == ["1", "3"]
    assert isinstance(found[1], Item)
    assert b"Bread." in connector.open(found[1].id, found[1].version).content
    assert len(list(connector.list_ids(cursor))) == 3


def test_reading_marks_nothing_as_read(
    build: Callable[..., ImapConnector], owner: imaplib.IMAP4
) -> None:
    connector = build()
    for fact in connector.scan(None):
        if isinstance(fact, Item):
            connector.open(fact.id, fact.version)
    owner.select("INBOX")
    assert owner.search(None, "SEEN")[1] == [b""]


def test_a_folder_that_was_made_anew_is_told_anew(
    build: Callable[..., ImapConnector], owner: imaplib.IMAP4
) -> None:
    connector = build(folders=("Legal/brig",))
    cursor = last(connector)
    owner.delete("Legal/brig")
    owner.create("Legal/brig")
    add(owner, "Legal/brig", "Treaty")
    [item] = [fact for fact in connector.scan(cursor) if isinstance(fact, Item)]
    assert b"Treaty." in connector.open(item.id, item.version).content
    assert [slim.id for slim in connector.list_ids(cursor)] == [item.id]


def test_rights_of_a_folder_are_those_of_its_messages(
    build: Callable[..., ImapConnector], owner: imaplib.IMAP4
) -> None:
    connector = build(use_folder_acl=True, folders=("Legal/brig",))
    [before] = connector.list_ids(None)
    owner.setacl("Legal/brig", "bob", "lr")
    owner.setacl("Legal/brig", "carl", "l")
    owner.setacl("Legal/brig", '"group=staff"', "lr")
    [after] = connector.list_ids(None)
    assert after.acl_hash != before.acl_hash
    [rights] = connector.acl([after.id])
    assert permits(rights, frozenset({"name:bob"}))
    assert permits(rights, frozenset({"name:dora", "group:staff"}))
    assert not permits(rights, frozenset({"name:carl", "group:staff"}))
    assert not permits(rights, frozenset({"name:dora"}))


def test_a_wrong_password_and_an_absent_server_are_outages(
    build: Callable[..., ImapConnector], tmp_path: Path
) -> None:
    with pytest.raises(SourceUnavailableError, match="connection to the server failed"):
        list(build(port=free_port()).list_ids(None))
    (tmp_path / "password").write_text("wrong")
    assert build().check().detail == "the server refuses the sign-in"
