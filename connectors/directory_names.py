"""Names of people and groups as a directory writes them."""

from ldap3.core.exceptions import LDAPInvalidDnError
from ldap3.utils.dn import parse_dn

from connectors.facts import SourcePrincipal
from connectors.ldap_client import Entry


def dn_key(dn: str) -> str:
    """Return a distinguished name so that two spellings of one name are equal.

    Source: RFC 4514; RFC 4517, section 4.2.15 (matching of distinguished names), without the
    syntaxes of single attributes.
    """
    try:
        parts = parse_dn(dn, escape=True, strip=True)
    except LDAPInvalidDnError:
        return dn.strip().casefold()
    return ",".join(f"{name.strip()}={value.strip()}" for name, value, _ in parts).casefold()


def mails(entry: Entry) -> tuple[str, ...]:
    """Return the mail addresses of an entry as aliases, each once, in lower case."""
    proxies = (
        proxy.partition(":")[2]
        for proxy in entry.texts("proxyAddresses")
        if proxy.lower().startswith("smtp:")
    )
    found = [*entry.texts("mail"), *proxies]
    return tuple(dict.fromkeys(f"mail:{mail.lower()}" for mail in found if mail))


def numbers(entry: Entry, name: str, kind: str) -> tuple[str, ...]:
    """Return a POSIX number of an entry as an alias of ``kind``, if it has one."""
    number = entry.number(name)
    return () if number is None or number < 0 else (f"{kind}:{number}",)


def principal(
    id: str,  # noqa: A002 - the fact's word
    name: str,
    *,
    is_group: bool,
    aliases: tuple[str, ...],
    active: bool = True,
) -> SourcePrincipal:
    """Return a person or group whose aliases are each told once and do not repeat the name."""
    told = tuple(alias for alias in dict.fromkeys(aliases) if alias != id)
    return SourcePrincipal(id, name or id, is_group=is_group, aliases=told, active=active)
