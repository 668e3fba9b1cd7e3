"""A directory of the common schemas: lasting ids, groups of every kind, accounts that are shut."""

from datetime import UTC, datetime

import pytest

from connectors.facts import Membership, SourcePrincipal
from connectors.ldap_client import Entry
from connectors.open_directory import OpenDirectory
from tests.connectors.servers.inline_directory import InlineDirectory, entry

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def read(people: list[Entry], groups: list[Entry]) -> list[SourcePrincipal | Membership]:
    directory = InlineDirectory({"inetOrgPerson": people, "groupOfNames": groups})
    return list(OpenDirectory(directory, directory.base, NOW).facts())


def person(name: str, **values: object) -> Entry:
    kept = {"entryUUID": f"AAAA-{name}", "uid": name} | values
    return entry(f"uid={name},dc=x", **kept)  # type: ignore[arg-type]


def memberships(facts: list[SourcePrincipal | Membership]) -> list[tuple[str, str]]:
    return [(fact.group, fact.member) for fact in facts if isinstance(fact, Membership)]


def test_a_person_keeps_its_id_and_has_every_other_name() -> None:
    (found,) = read([person("Alice", mail="a@x", uidNumber="1001")], [])
    assert isinstance(found, SourcePrincipal)
    assert found.id == "uuid:aaaa-alice"
    assert found.aliases == ("dn:uid=alice,dc=x", "name:Alice", "mail:a@x", "uid:1001")


def test_without_a_lasting_id_the_name_has_to_do() -> None:
    (found,) = read([entry("cn=Alice,dc=x", cn="Alice")], [])
    assert isinstance(found, SourcePrincipal)
    assert (found.id, found.name, found.aliases) == ("dn:cn=alice,dc=x", "Alice", ())


@pytest.mark.parametrize(
    ("values", "active"),
    [
        ({}, True),
        ({"nsAccountLock": "true"}, False),
        ({"loginDisabled": "TRUE"}, False),
        ({"pwdAccountLockedTime": "000001010000Z"}, False),
        ({"pwdAccountLockedTime": "20261122000000Z"}, True),
        ({"shadowExpire": "1"}, False),
        ({"shadowExpire": "-1"}, True),
        ({"shadowExpire": "99999"}, True),
        ({"shadowExpire": "99999999999"}, True),
    ],
)
def test_an_account_that_is_shut_is_not_active(values: dict[str, str], active: bool) -> None:
    (found,) = read([person("alice", **values)], [])
    assert isinstance(found, SourcePrincipal)
    assert found.active is active


def test_groups_of_every_kind_tell_who_is_in_them() -> None:
    facts = read(
        [person("alice", gidNumber="500"), person("bob"), person("carol")],
        [
            entry("cn=one,dc=x", entryUUID="1", cn="one", member=["UID=Alice,DC=x", "cn=two,dc=x"]),
            entry("cn=two,dc=x", entryUUID="2", cn="two", uniqueMember=["uid=bob,dc=x#'0101'B"]),
            entry("cn=three,dc=x", entryUUID="3", cn="three", memberUid=["carol", "nobody"]),
            entry("cn=four,dc=x", entryUUID="4", cn="four", gidNumber="500", memberUid="alice"),
        ],
    )
    assert memberships(facts) == [
        ("uuid:1", "uuid:aaaa-alice"),
        ("uuid:1", "uuid:2"),
        ("uuid:2", "uuid:aaaa-bob"),
        ("uuid:3", "uuid:aaaa-carol"),
        ("uuid:4", "uuid:aaaa-alice"),
    ]
    assert [fact.aliases for fact in facts if isinstance(fact, SourcePrincipal)][-1] == (
        "dn:cn=four,dc=x",
        "gid:500",
    )


def test_an_entry_that_is_person_and_group_is_told_once() -> None:
    both = person("alice", member="uid=bob,dc=x")
    facts = read([both, person("bob")], [both])
    assert [fact.name for fact in facts if isinstance(fact, SourcePrincipal)] == ["alice", "bob"]
    assert memberships(facts) == []
