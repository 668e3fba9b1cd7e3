"""The connector for directories: all people each time, or an outage; never a document."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.active_directory import CAPABILITY
from connectors.directory import DirectoryConfig, DirectoryConnector, connect_with_password
from connectors.errors import ConnectorConfigError, SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Membership, RawAcl, SourcePrincipal
from tests.connectors import contract
from tests.connectors.descriptors import sid_bytes
from tests.connectors.servers.inline_directory import InlineDirectory, entry

BASE = "dc=vault,dc=test"


def opened() -> InlineDirectory:
    alice = entry("uid=alice,dc=x", entryUUID="1", uid="alice", shadowExpire="20000")
    legal = entry("cn=legal,dc=x", entryUUID="2", cn="legal", member="uid=alice,dc=x")
    return InlineDirectory({"inetOrgPerson": [alice], "groupOfNames": [legal]})


def connect(directory: InlineDirectory, **settings: object) -> DirectoryConnector:
    values = {"base": BASE, "username": "cn=reader", "password_file": Path("/nowhere")}
    config = DirectoryConfig("ldap", **values | settings)  # type: ignore[arg-type]

    def dial(asked: DirectoryConfig) -> InlineDirectory:
        assert asked is config
        return directory

    clock: Callable[[], datetime] = lambda: datetime(2026, 11, 22, tzinfo=UTC)  # noqa: E731
    return DirectoryConnector(source_id="people", config=config, connect=dial, clock=clock)


def test_the_kind_ldap_keeps_the_contract() -> None:
    contract.keeps_the_contract(connect(opened()))


def test_people_groups_and_memberships_end_with_a_cursor() -> None:
    directory = opened()
    *facts, last = connect(directory).principals(None)
    assert [type(fact) for fact in facts] == [SourcePrincipal, SourcePrincipal, Membership]
    assert last == Cursor('{"people": 1}')
    assert directory.closed == 1
    assert isinstance(facts[0], SourcePrincipal)
    assert not facts[0].active, "the account has run out by the clock"


def test_a_domain_is_known_by_what_it_says_of_itself() -> None:
    alice = entry("CN=alice,DC=x", objectSid=sid_bytes("S-1-5-21-1-2-3-9"), sAMAccountName="alice")
    directory = InlineDirectory({"user": [alice]}, own=entry("", supportedCapabilities=CAPABILITY))
    found, _ = connect(directory).principals(None)
    assert isinstance(found, SourcePrincipal)
    assert found.id == "sid:S-1-5-21-1-2-3-9"


def test_a_directory_that_suddenly_knows_nobody_is_an_outage() -> None:
    empty = connect(InlineDirectory({}))
    with pytest.raises(SourceUnavailableError, match="no people"):
        list(empty.principals(Cursor('{"people": 3}')))
    assert list(empty.principals(None)) == [Cursor('{"people": 0}')]
    assert list(empty.principals(Cursor('{"people": 0}'))) == [Cursor('{"people": 0}')]


def test_an_outage_is_told_by_check() -> None:
    health = connect(InlineDirectory({}, base="dc=other")).check()
    assert not health.ok
    assert health.detail


def test_a_directory_has_no_documents() -> None:
    source = connect(opened())
    assert list(source.scan(None)) == []
    assert list(source.list_ids(None)) == []
    assert list(source.acl(["x"])) == [RawAcl("x", b"", None)]
    assert source.can_read("x", "name:alice") is None
    with pytest.raises(SourceRejectedError, match="no documents"):
        source.open("x", "1")


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"host": "ldap.example.com"}, "may not dial"),
        ({"tls": "perhaps"}, "ldaps, starttls, none"),
    ],
)
def test_a_configuration_that_cannot_hold_is_refused(settings: dict[str, str], reason: str) -> None:
    values = {"host": "ldap", "base": BASE, "username": "a", "password_file": Path("p")}
    with pytest.raises(ConnectorConfigError, match=reason):
        DirectoryConfig(**values | settings)  # type: ignore[arg-type]
    assert DirectoryConfig("ldap", BASE, "a", Path("p")).tls == "ldaps"


def test_a_password_that_cannot_be_read_is_an_outage(tmp_path: Path) -> None:
    config = DirectoryConfig("ldap", BASE, "a", tmp_path / "none")
    with pytest.raises(SourceUnavailableError, match="cannot be read"):
        connect_with_password(config)
