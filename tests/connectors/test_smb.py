"""The connector for shares: what it reports, what it refuses, and when it dials."""

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.errors import ConnectorConfigError, SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item
from connectors.smb import SmbConfig, SmbConnector, dial_with_password
from connectors.verdict import permits
from tests.connectors import contract
from tests.connectors.descriptors import FULL, READ, allow, descriptor
from tests.connectors.servers.inline_smb import DENIED, InlineShare, Node

ALICE, BOB = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1002"
TOP = "smb://files/docs"
TO_ALICE = descriptor(allow(ALICE, READ))


def nodes() -> dict[str, Node]:
    return {
        "": Node(number=1),
        "hr": Node(number=2),
        "hr\\leave.md": Node(b"Thirty days.", rights=TO_ALICE),
        "notice.txt": Node(b"Closed at noon."),
    }


def connect(server: InlineShare, **settings: object) -> SmbConnector:
    values = {"username": "scribe@corp", "password_file": Path("/nowhere")} | settings
    config = SmbConfig("files", "docs", **values)  # type: ignore[arg-type]
    return SmbConnector(source_id="share", config=config, connect=dialling(server))


def dialling(server: InlineShare) -> Callable[[SmbConfig, str], InlineShare]:
    def dial(config: SmbConfig, share: str) -> InlineShare:
        assert (config.host, share) == ("files", "docs")
        server.dialled += 1
        server.alive = True
        return server

    return dial


def readers(source: SmbConnector, uri: str) -> set[str]:
    (rights,) = source.acl([uri])
    return {who for who in (ALICE, BOB) if permits(rights, frozenset({f"sid:{who}"}))}


def cursor_of(source: SmbConnector) -> Cursor:
    (*_, last) = source.scan(None)
    assert isinstance(last, Cursor)
    return last


def test_the_kind_smb_keeps_the_contract() -> None:
    contract.keeps_the_contract(connect(InlineShare(nodes())))
    narrow = connect(InlineShare(nodes() | {"hr\\b.txt": Node(b"")}), folder="/hr/")
    contract.keeps_the_contract(narrow)
    assert {fact.name for fact in narrow.scan(None) if isinstance(fact, Item)} == {
        "b.txt",
        "leave.md",
    }


def test_rights_are_those_of_file_folders_and_share() -> None:
    server = InlineShare(nodes())
    source = connect(server)
    assert readers(source, f"{TOP}/hr/leave.md") == {ALICE}
    assert readers(source, f"{TOP}/notice.txt") == {ALICE, BOB}
    server.nodes["hr"].rights = descriptor(allow(BOB, FULL))
    assert readers(source, f"{TOP}/hr/leave.md") == set()
    assert readers(connect(server, traverse=False), f"{TOP}/hr/leave.md") == {ALICE}
    server.share_rights = descriptor(allow(BOB, READ))
    assert readers(source, f"{TOP}/notice.txt") == {BOB}
    declared = connect(server, share_readers=(ALICE,))
    assert readers(declared, f"{TOP}/notice.txt") == {ALICE}


@pytest.mark.parametrize(
    ("path", "uri"),
    [("hr\\leave.md", f"{TOP}/hr/leave.md"), ("hr", f"{TOP}/hr/leave.md"), ("", "")],
)
def test_rights_that_cannot_be_read_are_nobodys(path: str, uri: str) -> None:
    server = InlineShare(nodes())
    server.nodes[path].rights = None
    source = connect(server)
    uri = uri or f"{TOP}/notice.txt"
    assert readers(source, uri) == set()
    assert {item.id: item.acl_hash for item in source.list_ids(None)}[uri] == "unknown"


def test_a_share_that_keeps_its_rights_to_itself_has_no_readers() -> None:
    source = connect(InlineShare(nodes(), share_rights=None))
    assert readers(source, f"{TOP}/notice.txt") == set()
    health = source.check()
    assert not health.ok
    assert "share_readers" in health.detail
    assert connect(InlineShare(nodes(), share_rights=None), share_readers=("everyone",)).check().ok


def test_an_edit_of_rights_moves_the_mark_and_no_version() -> None:
    server = InlineShare(nodes())
    source = connect(server)
    before = {item.id: item for item in source.list_ids(None)}
    server.nodes["hr"].rights = descriptor(allow(ALICE, FULL), allow(BOB, FULL))
    after = {item.id: item for item in source.list_ids(None)}
    moved = [uri for uri in before if before[uri].acl_hash != after[uri].acl_hash]
    assert moved == [f"{TOP}/hr/leave.md"]
    assert {item.version for item in before.values()} == {item.version for item in after.values()}


def test_a_folder_that_cannot_be_listed_fails_the_sweep_and_not_the_scan() -> None:
    server = InlineShare(nodes() | {"shut": Node(opens=DENIED)})
    source = connect(server)
    contract.goes_on_past_a_failure(source)
    with pytest.raises(SourceUnavailableError, match="cannot be listed"):
        list(source.list_ids(None))


def test_a_large_file_is_a_failure_for_good() -> None:
    source = connect(InlineShare(nodes()), max_bytes=12)
    (failure,) = [fact for fact in source.scan(None) if isinstance(fact, Failure)]
    assert (failure.id, failure.retry) == (f"{TOP}/notice.txt", False)
    with pytest.raises(SourceRejectedError, match="larger than 12"):
        source.open(failure.id, "1")


def test_a_share_that_is_suddenly_empty_is_an_outage() -> None:
    server = InlineShare(nodes())
    source = connect(server)
    cursor = cursor_of(source)
    server.nodes = {"": Node()}
    for listing in (source.scan, source.list_ids):
        with pytest.raises(SourceUnavailableError, match="no files at all"):
            list(listing(cursor))
    assert list(source.list_ids(None)) == []
    assert list(connect(server).list_ids(cursor_of(connect(server)))) == []


def test_a_connection_is_kept_until_it_breaks() -> None:
    server = InlineShare(nodes())
    source = connect(server)
    source.close()
    for _ in range(3):
        assert source.open(f"{TOP}/notice.txt", "1").content == b"Closed at noon."
    assert server.dialled == 1
    server.alive = False
    assert source.check().ok
    assert server.dialled == 2
    source.close()
    assert not server.alive


def test_a_connection_is_hung_up_when_the_connector_is_gone() -> None:
    server = InlineShare(nodes())
    source = connect(server)
    assert source.check().ok
    del source
    assert not server.alive


def test_an_outage_is_told_by_check_and_raised_by_the_rest() -> None:
    source = connect(InlineShare({"": Node(opens=DENIED)}))
    assert not source.check().ok
    with pytest.raises(SourceUnavailableError):
        list(source.scan(None))


def test_contents_carry_what_the_share_says_of_them() -> None:
    content = connect(InlineShare(nodes())).open(f"{TOP}/hr/leave.md", "1")
    assert content.media_type == "text/markdown"
    assert content.modified_at.year == 2025
    assert content.facts == {}


def test_a_share_knows_no_people_and_answers_for_none() -> None:
    source = connect(InlineShare(nodes()))
    assert list(source.principals(None)) == []
    assert source.can_read(f"{TOP}/notice.txt", f"sid:{ALICE}") is None


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"host": "files.example.com"}, "may not dial"),
        ({"host": ""}, "needs a host"),
        ({"share": ""}, "bare name"),
        ({"share": "docs\\hr"}, "bare name"),
    ],
)
def test_a_configuration_that_leads_elsewhere_is_refused(
    settings: dict[str, str], reason: str
) -> None:
    values = {"host": "files", "share": "docs", "username": "a", "password_file": Path("p")}
    with pytest.raises(ConnectorConfigError, match=reason):
        SmbConfig(**values | settings)  # type: ignore[arg-type]


def test_a_public_host_is_dialled_only_if_named() -> None:
    named = ("files.example.com",)
    assert SmbConfig("files.example.com", "docs", "a", Path("p"), allowed_hosts=named)


def test_a_password_that_cannot_be_read_is_an_outage(tmp_path: Path) -> None:
    config = SmbConfig("files", "docs", "a", tmp_path / "none")
    with pytest.raises(SourceUnavailableError, match="cannot be read"):
        dial_with_password(config, "docs")
