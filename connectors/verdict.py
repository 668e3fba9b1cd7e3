"""Who may read an item, by the ordered entries its source reported."""

from collections.abc import Iterable

from connectors.facts import EVERYONE, AclEffect, AclEntry, RawAcl


def permits(acl: RawAcl, principals: frozenset[str]) -> bool:
    """Return whether the source would let a person read the item.

    Unknown rights permit nobody. The item's own entries and each gate must let the person
    through, each judged alone.

    Args:
        acl: the item's rights as its connector reported them.
        principals: every name of the person and of the groups around it, nested ones too.
    """
    if acl.entries is None:
        return False
    return all(passes(entries, principals) for entries in (acl.entries, *acl.gates))


def passes(entries: Iterable[AclEntry], principals: frozenset[str]) -> bool:
    """Return what the first entry about reading that fits says; no such entry says no.

    Source: MS-DTYP 2.5.3.2 (access check) and acl(5) (POSIX 1003.1e draft 17), where the
    first fitting entry decides once each entry is about one right alone.
    """
    for entry in entries:
        if entry.reads and (entry.principal == EVERYONE or entry.principal in principals):
            return entry.effect is AclEffect.ALLOW
    return False
