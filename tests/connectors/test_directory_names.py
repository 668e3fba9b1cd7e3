"""Two spellings of one name are equal, and an entry's other names are told once."""

import pytest

from connectors.directory_names import dn_key, mails, numbers, principal
from connectors.ldap_client import Entry


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UID=Alice, OU=people,dc=vault", "uid=alice,ou=People,DC=Vault"),
        (" cn=Legal ,dc=vault", "cn=legal,dc=vault"),
        ("cn=Straße,dc=x", "CN=STRASSE,dc=x"),
    ],
)
def test_spellings_of_one_name_are_equal(one: str, other: str) -> None:
    assert dn_key(one) == dn_key(other)


def test_different_names_and_no_names_stay_apart() -> None:
    assert dn_key("cn=a,dc=x") != dn_key("cn=a\\,dc=x")
    assert dn_key("cn=a,ou=b,dc=x") != dn_key("cn=b,ou=a,dc=x")
    assert dn_key(" Not A Name ") == "not a name"


def test_mail_addresses_are_told_once() -> None:
    entry = Entry(
        "cn=a",
        {
            "mail": (b"Alice@Vault.test", b""),
            "proxyaddresses": (b"SMTP:alice@vault.test", b"smtp:a@vault.test", b"X400:c=us"),
        },
    )
    assert mails(entry) == ("mail:alice@vault.test", "mail:a@vault.test")


def test_numbers_are_names_only_where_they_are_numbers() -> None:
    entry = Entry("cn=a", {"uidnumber": (b"1001",), "gidnumber": (b"many",), "other": (b"-1",)})
    assert numbers(entry, "uidNumber", "uid") == ("uid:1001",)
    assert numbers(entry, "gidNumber", "gid") == ()
    assert numbers(entry, "other", "uid") == ()
    assert numbers(entry, "missing", "uid") == ()


def test_a_principal_has_a_name_and_no_name_twice() -> None:
    found = principal("dn:cn=a", "", is_group=True, aliases=("gid:1", "dn:cn=a", "gid:1"))
    assert (found.name, found.aliases, found.active) == ("dn:cn=a", ("gid:1",), True)
