"""People and groups of an Active Directory domain, as a server's token would name them.

Source: MS-ADTS 3.1.1.3.1.3.3 (range retrieval), 3.1.1.4.5.19 (tokenGroups), 2.2.12 (groupType),
2.2.16 (userAccountControl); MS-DTYP 2.4.2.4 (well-known SIDs).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.directory_names import dn_key, mails, numbers, principal
from connectors.facts import Membership, SourcePrincipal
from connectors.ldap_client import Directory, Entry
from connectors.ntfs import sid_of

CAPABILITY = "1.2.840.113556.1.4.800"
"""What a server says among its capabilities that is an Active Directory."""

_PEOPLE = "(&(objectCategory=person)(objectClass=user))"
_PERSON = (
    "objectSid", "sIDHistory", "sAMAccountName", "userPrincipalName", "mail", "proxyAddresses",
    "uidNumber", "primaryGroupID", "userAccountControl", "accountExpires",
)  # fmt: skip
_GROUPS = "(objectClass=group)"
_GROUP = (
    "objectSid", "sIDHistory", "sAMAccountName", "mail", "gidNumber", "groupType", "member",
)  # fmt: skip
_FOREIGN = "(objectClass=foreignSecurityPrincipal)"
_DISABLED = 0x2
_SECURITY = 0x80000000
_NEVER = frozenset({0, 2**63 - 1})
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_GUEST = "-501"
_CROWDS = {"S-1-1-0": "Everyone", "S-1-5-11": "Authenticated Users"}
"""Groups that no directory lists the members of, because all who sign in are."""


@dataclass(frozen=True, slots=True)
class ActiveDirectory:
    """Reads a domain.

    Groups that are for mail alone are left out, because no token holds them.

    Attributes:
        directory: a connection to a domain controller.
        base: where to search.
        now: the moment at which accounts are active or not.
    """

    directory: Directory
    base: str
    now: datetime

    def facts(self) -> Iterator[SourcePrincipal | Membership]:
        """Yield people, then groups, then who is directly in which group."""
        sids: dict[str, str] = {}
        own: list[Membership] = []
        people: list[str] = []
        for entry in self.directory.search(self.base, _PEOPLE, _PERSON):
            sid = sid_of(b"".join(entry.all("objectSid")))
            if sid is None:
                continue
            sids[dn_key(entry.dn)] = sid
            if not sid.endswith(_GUEST):
                people.append(sid)
            own.extend(_primary(entry, sid))
            yield self._person(entry, sid)
        groups = list(self._groups(sids))
        yield from (group for group, _ in groups)
        for entry in self.directory.search(self.base, _FOREIGN, ("objectSid",)):
            sid = sid_of(b"".join(entry.all("objectSid")))
            if sid is not None:
                sids[dn_key(entry.dn)] = sid
        inside = [*own, *_inside(groups, sids)]
        yield from _crowds(inside, people)
        known = {group.id for group, _ in groups}
        yield from (fact for fact in inside if fact.group in known)

    def _person(self, entry: Entry, sid: str) -> SourcePrincipal:
        account = entry.text("sAMAccountName")
        names = (f"name:{name}" for name in (account, *entry.texts("userPrincipalName")) if name)
        aliases = (*names, *mails(entry), *numbers(entry, "uidNumber", "uid"), *_history(entry))
        active = not (entry.number("userAccountControl") or 0) & _DISABLED
        active = active and not self._has_expired(entry.number("accountExpires") or 0)
        return principal(f"sid:{sid}", account, is_group=False, aliases=aliases, active=active)

    def _has_expired(self, ticks: int) -> bool:
        if ticks in _NEVER:
            return False
        try:
            return _EPOCH + timedelta(microseconds=ticks // 10) <= self.now
        except OverflowError:
            return False

    def _groups(self, sids: dict[str, str]) -> Iterator[tuple[SourcePrincipal, tuple[str, ...]]]:
        for entry in self.directory.search(self.base, _GROUPS, _GROUP):
            sid = sid_of(b"".join(entry.all("objectSid")))
            if sid is None or not (entry.number("groupType") or 0) & _SECURITY:
                continue
            sids[dn_key(entry.dn)] = sid
            aliases = (*mails(entry), *numbers(entry, "gidNumber", "gid"), *_history(entry))
            group = principal(
                f"sid:{sid}", entry.text("sAMAccountName"), is_group=True, aliases=aliases
            )
            yield group, tuple(self._members(entry))

    def _members(self, entry: Entry) -> Iterator[str]:
        yield from entry.texts("member")
        ranged = _range(entry)
        while ranged is not None:
            name, after = ranged
            yield from entry.texts(name)
            if after is None:
                return
            entry = self.directory.entry(entry.dn, (f"member;range={after}-*",))
            ranged = _range(entry)


def _range(entry: Entry) -> tuple[str, int | None] | None:
    """Return the name under which some members came, and where the next ones begin."""
    for name in entry.values:
        if name.startswith("member;range="):
            last = name.rpartition("-")[2]
            return name, None if last == "*" else int(last) + 1
    return None


def _primary(entry: Entry, sid: str) -> Iterator[Membership]:
    # The group that everybody has first is in no list of members.
    number = entry.number("primaryGroupID")
    if number is not None:
        yield Membership(f"sid:{sid.rpartition('-')[0]}-{number}", f"sid:{sid}")


def _history(entry: Entry) -> Iterator[str]:
    # A token holds the names that an account had in the domains it came from.
    return (f"sid:{sid}" for raw in entry.all("sIDHistory") if (sid := sid_of(raw)) is not None)


def _inside(
    groups: Iterable[tuple[SourcePrincipal, tuple[str, ...]]], sids: dict[str, str]
) -> Iterator[Membership]:
    for group, members in groups:
        for member in dict.fromkeys(members):
            sid = sids.get(dn_key(member))
            if sid is not None:
                yield Membership(group.id, f"sid:{sid}")


def _crowds(
    inside: Iterable[Membership], people: Iterable[str]
) -> Iterator[SourcePrincipal | Membership]:
    used = {fact.member.removeprefix("sid:") for fact in inside}
    for sid, name in _CROWDS.items():
        if sid in used:
            yield principal(f"sid:{sid}", name, is_group=True, aliases=())
            yield from (Membership(f"sid:{sid}", f"sid:{person}") for person in people)
