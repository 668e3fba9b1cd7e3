"""People and groups of a directory of the common schemas: persons, POSIX accounts, groups by name.

Source: RFC 4519 (groupOfNames, groupOfUniqueNames); RFC 2307 (posixAccount, posixGroup,
shadowAccount); RFC 4530 (entryUUID); RFC 2798 (inetOrgPerson).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.directory_names import dn_key, mails, numbers, principal
from connectors.facts import Membership, SourcePrincipal
from connectors.ldap_client import Directory, Entry

_PEOPLE = "(|(objectClass=inetOrgPerson)(objectClass=posixAccount)(objectClass=account))"
_PERSON = (
    "entryUUID", "uid", "cn", "mail", "uidNumber", "gidNumber", "shadowExpire",
    "pwdAccountLockedTime", "nsAccountLock", "loginDisabled",
)  # fmt: skip
_GROUPS = (
    "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=groupOfMembers)"
    "(objectClass=posixGroup))"
)
_GROUP = ("entryUUID", "cn", "mail", "gidNumber", "member", "uniqueMember", "memberUid")
_LOCKED_FOR_GOOD = "000001010000Z"


@dataclass(frozen=True, slots=True)
class OpenDirectory:
    """Reads a directory.

    Attributes:
        directory: a connection to the server.
        base: where to search.
        now: the moment at which accounts are active or not.
    """

    directory: Directory
    base: str
    now: datetime

    def facts(self) -> Iterator[SourcePrincipal | Membership]:
        """Yield people, then groups, then who is directly in which group."""
        ids: dict[str, str] = {}
        by_name: dict[str, str] = {}
        primary: list[tuple[str, str]] = []
        for entry in self.directory.search(self.base, _PEOPLE, _PERSON):
            person = self._person(entry)
            ids[dn_key(entry.dn)] = person.id
            by_name.update((name, person.id) for name in entry.texts("uid"))
            primary.extend((gid, person.id) for gid in numbers(entry, "gidNumber", "gid"))
            yield person
        groups = [
            (entry, _group(entry))
            for entry in self.directory.search(self.base, _GROUPS, _GROUP)
            if dn_key(entry.dn) not in ids
        ]
        ids.update((dn_key(entry.dn), group.id) for entry, group in groups)
        yield from (group for _, group in groups)
        for entry, group in groups:
            members = [ids.get(dn_key(dn)) for dn in _member_dns(entry)]
            members += [by_name.get(name) for name in entry.texts("memberUid")]
            gids = numbers(entry, "gidNumber", "gid")
            members += [person for gid, person in primary if gid in gids]
            known = dict.fromkeys(member for member in members if member is not None)
            yield from (Membership(group.id, member) for member in known)

    def _person(self, entry: Entry) -> SourcePrincipal:
        names = tuple(f"name:{name}" for name in entry.texts("uid"))
        aliases = (_by_dn(entry), *names, *mails(entry), *numbers(entry, "uidNumber", "uid"))
        return principal(
            _id(entry),
            entry.text("uid") or entry.text("cn"),
            is_group=False,
            aliases=aliases,
            active=not self._is_shut(entry),
        )

    def _is_shut(self, entry: Entry) -> bool:
        shut = any(
            entry.text(name).upper() == "TRUE" for name in ("nsAccountLock", "loginDisabled")
        )
        days = entry.number("shadowExpire")
        expired = days is not None and days >= 0 and _day(days) <= self.now
        return shut or expired or entry.text("pwdAccountLockedTime") == _LOCKED_FOR_GOOD


def _group(entry: Entry) -> SourcePrincipal:
    aliases = (_by_dn(entry), *mails(entry), *numbers(entry, "gidNumber", "gid"))
    return principal(_id(entry), entry.text("cn"), is_group=True, aliases=aliases)


def _member_dns(entry: Entry) -> Iterator[str]:
    yield from entry.texts("member")
    # A unique member may carry a bit string behind its name.
    yield from (text.partition("#'")[0] for text in entry.texts("uniqueMember"))


def _id(entry: Entry) -> str:
    number = entry.text("entryUUID").lower()
    return f"uuid:{number}" if number else _by_dn(entry)


def _by_dn(entry: Entry) -> str:
    return f"dn:{dn_key(entry.dn)}"


def _day(days: int) -> datetime:
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=days)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
