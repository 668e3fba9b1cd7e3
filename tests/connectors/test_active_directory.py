"""A domain's people and groups are those that a server's token would name."""

from datetime import UTC, datetime

from connectors.active_directory import ActiveDirectory
from connectors.facts import Membership, SourcePrincipal
from connectors.ldap_client import Entry
from tests.connectors.descriptors import sid_bytes
from tests.connectors.servers.inline_directory import InlineDirectory, entry

DOMAIN = "S-1-5-21-1-2-3"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SECURITY = str(0x80000002 - 2**32)


def person(name: str, rid: int, **values: object) -> Entry:
    return entry(
        f"CN={name},DC=vault",
        objectSid=sid_bytes(f"{DOMAIN}-{rid}"),
        sAMAccountName=name,
        **values,  # type: ignore[arg-type]
    )


def group(name: str, rid: int, *members: str, **values: object) -> Entry:
    kept = {"groupType": SECURITY, "member": list(members)} | values
    return person(name, rid, **kept)


def read(*entries: Entry, groups: tuple[Entry, ...] = (), foreign: tuple[Entry, ...] = (),
         more: dict[str, Entry] | None = None) -> list[SourcePrincipal | Membership]:  # fmt: skip
    kinds = {
        "user": list(entries),
        "group": list(groups),
        "foreignSecurityPrincipal": list(foreign),
    }
    directory = InlineDirectory(kinds, more=more or {})
    return list(ActiveDirectory(directory, directory.base, NOW).facts())


def memberships(facts: list[SourcePrincipal | Membership]) -> set[tuple[str, str]]:
    lead = f"sid:{DOMAIN}-"
    return {
        (fact.group.removeprefix(lead), fact.member.removeprefix(lead))
        for fact in facts
        if isinstance(fact, Membership)
    }


def only(facts: list[SourcePrincipal | Membership]) -> SourcePrincipal:
    (found,) = [fact for fact in facts if isinstance(fact, SourcePrincipal)]
    return found


def test_a_person_is_known_by_its_sid_and_every_other_name() -> None:
    found = only(
        read(
            person(
                "alice",
                1001,
                userPrincipalName="alice@vault.test",
                mail="Alice@vault.test",
                uidNumber="5001",
                sIDHistory=sid_bytes("S-1-5-21-9-9-9-77"),
            )
        )
    )
    assert found.id == f"sid:{DOMAIN}-1001"
    assert found.name == "alice"
    assert not found.is_group
    assert found.aliases == (
        "name:alice",
        "name:alice@vault.test",
        "mail:alice@vault.test",
        "uid:5001",
        "sid:S-1-5-21-9-9-9-77",
    )


def test_who_may_not_sign_in_any_more_is_not_active() -> None:
    def active(**values: str) -> bool:
        return only(read(person("a", 1, **values))).active

    assert active(userAccountControl="512")
    assert not active(userAccountControl="514")
    assert active(accountExpires="0")
    assert active(accountExpires=str(2**63 - 1))
    assert active(accountExpires=str(2**63 - 2))
    assert not active(accountExpires="134000000000000000")
    assert active(accountExpires="144000000000000000")


def test_members_are_found_by_their_names_however_spelled() -> None:
    facts = read(
        person("alice", 1001),
        groups=(
            group("Legal", 2001, "cn=Alice, dc=VAULT", "CN=gone,DC=vault"),
            group("Outer", 2002, "CN=Legal,DC=vault", "CN=Legal,DC=vault"),
        ),
    )
    assert memberships(facts) == {("2001", "1001"), ("2002", "2001")}


def test_the_first_group_of_a_person_is_a_group_all_the_same() -> None:
    users = group("Domain Users", 513)
    facts = read(person("alice", 1001, primaryGroupID="513"), groups=(users,))
    assert memberships(facts) == {("513", "1001")}
    elsewhere = read(person("alice", 1001, primaryGroupID="514"), groups=(users,))
    assert memberships(elsewhere) == set()


def test_a_group_for_mail_alone_is_in_no_token() -> None:
    letters = group("Letters", 2003, "CN=alice,DC=vault", groupType="2")
    outer = group("Outer", 2002, "CN=Letters,DC=vault")
    facts = read(person("alice", 1001), groups=(letters, outer))
    assert memberships(facts) == set()
    assert [fact.name for fact in facts if isinstance(fact, SourcePrincipal)] == ["alice", "Outer"]


def test_a_long_list_of_members_is_asked_for_piece_by_piece() -> None:
    people = [person(f"p{n}", 1000 + n) for n in range(6)]
    names = [each.dn for each in people]
    large = group("Large", 2001, member__0_to_1=names[:2])
    more = {
        "member;range=2-*": entry("CN=Large,DC=vault", member__2_to_3=names[2:4]),
        "member;range=4-*": entry("CN=Large,DC=vault", member__4_end=names[4:]),
    }
    facts = read(*people, groups=(large,), more=more)
    assert memberships(facts) == {("2001", str(1000 + n)) for n in range(6)}


def test_who_signs_in_is_in_the_groups_that_say_so() -> None:
    crowd = entry("CN=S-1-5-11,CN=Foreign", objectSid=sid_bytes("S-1-5-11"))
    stranger = entry("CN=other,CN=Foreign", objectSid=sid_bytes("S-1-5-21-7-7-7-1"))
    facts = read(
        person("alice", 1001),
        person("Guest", 501),
        groups=(group("Users", 545, "CN=S-1-5-11,CN=Foreign", "CN=other,CN=Foreign"),),
        foreign=(crowd, stranger, entry("CN=odd", objectSid=b"")),
    )
    assert memberships(facts) == {
        ("545", "sid:S-1-5-11"),
        ("545", "sid:S-1-5-21-7-7-7-1"),
        ("sid:S-1-5-11", "1001"),
    }
    names = [fact.name for fact in facts if isinstance(fact, SourcePrincipal)]
    assert "Authenticated Users" in names


def test_an_entry_without_a_sid_is_nobody() -> None:
    assert read(entry("CN=x", sAMAccountName="x"), groups=(entry("CN=y"),)) == []
