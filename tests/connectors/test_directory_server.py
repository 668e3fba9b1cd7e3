"""People and groups as real directories tell them: OpenLDAP, and a Samba domain."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connectors import registry
from connectors.directory import DirectoryConfig, DirectoryConnector, connect_with_password
from connectors.errors import SourceUnavailableError
from connectors.facts import Cursor, Membership, SourcePrincipal
from connectors.ntfs import sid_of
from tests.connectors import contract
from tests.connectors.servers import samba
from tests.connectors.servers import slapd as open_ldap
from tests.connectors.servers.samba import Domain
from tests.connectors.servers.slapd import Slapd, slapd

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]

SERVER_NAME = "VAULTDC.vault.test"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Slapd]:
    with slapd(tmp_path) as running:
        yield running


def open_directory(server: Slapd, **settings: object) -> DirectoryConnector:
    values = {
        "host": "127.0.0.1",
        "port": server.port,
        "base": open_ldap.BASE,
        "username": open_ldap.ADMINISTRATOR,
        "password_file": server.password_file,
        "tls": "none",
    }
    config = DirectoryConfig(**values | settings)  # type: ignore[arg-type]
    return DirectoryConnector(source_id="people", config=config)


def active_directory(domain: Domain, **settings: object) -> DirectoryConnector:
    values = {
        "host": domain.host,
        "base": samba.BASE,
        "username": f"administrator@{samba.REALM}",
        "password_file": domain.password_file,
        "ca_file": domain.ca_file,
        "server_name": SERVER_NAME,
    }
    config = DirectoryConfig(**values | settings)  # type: ignore[arg-type]
    return DirectoryConnector(source_id="people", config=config)


def principals(source: DirectoryConnector) -> dict[str, SourcePrincipal]:
    return {
        fact.name: fact for fact in source.principals(None) if isinstance(fact, SourcePrincipal)
    }


def inside(source: DirectoryConnector) -> set[tuple[str, str]]:
    facts = list(source.principals(None))
    names = {fact.id: fact.name for fact in facts if isinstance(fact, SourcePrincipal)}
    return {
        (names[fact.group], names.get(fact.member, fact.member))
        for fact in facts
        if isinstance(fact, Membership)
    }


def around(person: str, pairs: set[tuple[str, str]]) -> set[str]:
    found, left = {person}, [person]
    while left:
        member = left.pop()
        groups = {group for group, each in pairs if each == member} - found
        found |= groups
        left.extend(groups)
    return found - {person}


def test_the_kind_ldap_keeps_the_contract_on_openldap(server: Slapd) -> None:
    settings = {
        "host": "127.0.0.1",
        "port": str(server.port),
        "base": open_ldap.BASE,
        "username": open_ldap.ADMINISTRATOR,
        "password_file": str(server.password_file),
        "tls": "none",
    }
    contract.keeps_the_contract(registry.build("ldap", source_id="people", settings=settings))


def test_openldap_tells_people_groups_and_who_is_in_them(server: Slapd) -> None:
    source = open_directory(server)
    found = principals(source)
    assert found.keys() == {
        "alice", "bob", "carol", "Legal", "Outer", "Ring", "staff", "night",
    }  # fmt: skip
    alice = found["alice"]
    assert alice.id.startswith("uuid:")
    assert set(alice.aliases) == {
        f"dn:uid=alice,ou=people,{open_ldap.BASE}",
        "name:alice",
        "mail:alice@vault.test",
        "uid:6000",
    }
    assert "gid:5001" in found["night"].aliases
    assert inside(source) == {
        ("Legal", "alice"),
        ("Outer", "Legal"),
        ("Outer", "Ring"),
        ("Ring", "Outer"),
        ("Ring", "bob"),
        ("staff", "alice"),
        ("staff", "bob"),
        ("staff", "carol"),
        ("night", "carol"),
    }
    assert around("alice", inside(source)) == {"Legal", "Outer", "Ring", "staff"}


def test_a_removal_and_a_lock_are_seen_and_a_new_name_keeps_the_id(server: Slapd) -> None:
    source = open_directory(server)
    before = principals(source)
    server.change(
        f"dn: cn=Ring,ou=groups,{open_ldap.BASE}\nchangetype: modify\ndelete: uniqueMember\n"
        f"uniqueMember: uid=bob,ou=people,{open_ldap.BASE}\n\n"
        f"dn: uid=carol,ou=people,{open_ldap.BASE}\nchangetype: modify\nadd: shadowExpire\n"
        "shadowExpire: 1\n\n"
        f"dn: uid=bob,ou=people,{open_ldap.BASE}\nchangetype: modrdn\nnewrdn: uid=robert\n"
        "deleteoldrdn: 1\n"
    )
    after = principals(source)
    assert ("Ring", "robert") not in inside(source)
    assert (before["carol"].active, after["carol"].active) == (True, False)
    assert after["robert"].id == before["bob"].id


def test_a_directory_of_many_pages_is_read_whole(tmp_path: Path) -> None:
    with slapd(tmp_path, people=1_234) as server:
        facts = list(open_directory(server).principals(None))
    assert facts[-1] == Cursor('{"people": 1234}')


def test_a_search_that_the_server_cuts_short_is_an_outage(tmp_path: Path) -> None:
    with slapd(tmp_path, people=100, limit="10") as server:
        reader = open_directory(server, username=f"uid=alice,ou=people,{open_ldap.BASE}")
        with pytest.raises(SourceUnavailableError, match="size limit"):
            list(reader.principals(None))


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        pytest.param({"username": "cn=nobody,dc=vault,dc=test"}, "refused the name", id="name"),
        pytest.param({"base": "dc=elsewhere"}, "no such base", id="base"),
        pytest.param({"port": 1}, "cannot be reached", id="port"),
        pytest.param({"tls": "ldaps"}, "cannot be reached", id="no encryption"),
        pytest.param({"tls": "starttls"}, "cannot be reached", id="no encryption later"),
    ],
)
def test_what_keeps_us_out_is_told_in_one_sentence(
    server: Slapd, settings: dict[str, object], reason: str
) -> None:
    source = open_directory(server, **settings)
    health = source.check()
    assert not health.ok
    assert reason in health.detail
    with pytest.raises(SourceUnavailableError, match=reason):
        list(source.principals(None))


def test_the_kind_ldap_keeps_the_contract_on_a_domain(domain: Domain) -> None:
    contract.keeps_the_contract(active_directory(domain))


def test_groups_are_those_in_the_token_that_the_domain_itself_makes(domain: Domain) -> None:
    source = active_directory(domain)
    facts = list(source.principals(None))
    pairs = {(fact.group, fact.member) for fact in facts if isinstance(fact, Membership)}
    # Whoever signs in is an authenticated user, which the domain adds at that moment alone.
    crowd = {"sid:S-1-5-11"} | around("sid:S-1-5-11", pairs)
    people = 0
    with closing(connect_with_password(source._config)) as client:
        everybody = "(&(objectCategory=person)(objectClass=user))"
        for account in list(client.search(samba.BASE, everybody, ("objectSid",))):
            sids = client.entry(account.dn, ("tokenGroups",)).all("tokenGroups")
            token = {f"sid:{sid_of(sid)}" for sid in sids}
            person = f"sid:{sid_of(account.all('objectSid')[0])}"
            assert around(person, pairs) - crowd == token - crowd, person
            people += 1
    assert people >= len(samba.PEOPLE)


def test_a_domain_tells_people_groups_and_who_is_in_them(domain: Domain) -> None:
    source = active_directory(domain)
    found = principals(source)
    assert found["alice"].id == f"sid:{domain.sids['alice']}"
    assert set(found["alice"].aliases) == {
        "name:alice",
        "name:alice@vault.test",
        "mail:alice@vault.test",
        "uid:10000",
    }
    assert (found["frank"].active, found["grace"].active) == (True, False)
    assert "Letters" not in found, "a group for mail alone is in no token"
    pairs = inside(source)
    assert ("Domain Users", "alice") in pairs
    assert {"RingA", "RingB"} <= around("dave", pairs)
    assert {"Legal", "Outer", "Outermost", "Local", "Crowd"} <= around("carol", pairs)


def test_a_removal_in_a_domain_is_seen_at_the_next_reading(domain: Domain) -> None:
    source = active_directory(domain)
    domain.tool("group", "addmembers", "Audit", "frank")
    assert ("Audit", "frank") in inside(source)
    domain.tool("group", "removemembers", "Audit", "frank")
    assert ("Audit", "frank") not in inside(source)


@pytest.mark.parametrize("tls", ["ldaps", "starttls"])
def test_a_domain_is_asked_over_an_encrypted_and_checked_connection(
    domain: Domain, tls: str
) -> None:
    assert active_directory(domain, tls=tls).check().ok
    stranger = active_directory(domain, tls=tls, server_name="other.vault.test").check()
    assert not stranger.ok
    unknown = active_directory(domain, tls=tls, ca_file=None).check()
    assert not unknown.ok


def test_a_domain_takes_no_password_in_the_clear(domain: Domain) -> None:
    assert not active_directory(domain, tls="none").check().ok
