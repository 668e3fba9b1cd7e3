"""Who the people, groups and names of a source are here, as memberships of derived groups."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from connectors.facts import EVERYONE
from vault.domain.following import Match
from vault.domain.source_rights import ALL, denial_group, name_group
from vault.store.identities import Identity
from vault.store.session import UnitOfWork
from vault.store.sources import SourceRecord

MAIL = "mail:"


@dataclass(frozen=True, slots=True)
class Rebound:
    """How many memberships came and went, and a digest of which."""

    added: int
    removed: int
    digest: str

    @property
    def changed(self) -> bool:
        """Whether anything did."""
        return bool(self.added or self.removed)

    def facts(self) -> dict[str, object]:
        """Return this as the ledger keeps it."""
        return {"added": self.added, "removed": self.removed, "memberships": self.digest}


def rebind(unit: UnitOfWork, sources: Iterable[SourceRecord], *, now: datetime) -> Rebound:
    """Make the groups that follow from ``sources`` what these say now; a change raises the epoch.

    Args:
        unit: the transaction; its caller notes the change in the ledger.
        sources: those that may have changed, and those that look their names up in them.
        now: the time.
    """
    principals = _by_letters(unit.principals.persons())
    added: list[tuple[str, str]] = []
    removed: list[tuple[str, str]] = []
    for source in sources:
        wanted = set(_people(unit, source, principals))
        wanted.update(_names(unit, source))
        before = unit.principals.derived(source.id)
        added.extend(sorted(wanted - before))
        removed.extend(sorted(before - wanted))
    unit.principals.derive(added, removed, now=now)
    if added or removed:
        unit.raise_epoch()
    told = repr((added, removed)).encode()
    return Rebound(len(added), len(removed), "sha256:" + hashlib.sha256(told).hexdigest())


def _by_letters(persons: Iterable[str]) -> dict[str, str | None]:
    """Return each person by folded id; None where two differ in letter case only."""
    found: dict[str, str | None] = {}
    for person in persons:
        folded = person.casefold()
        found[folded] = None if folded in found else person
    return found


def _people(
    unit: UnitOfWork, source: SourceRecord, principals: dict[str, str | None]
) -> Iterator[tuple[str, str]]:
    """Yield the memberships that follow from the people and groups a source knows."""
    known = unit.identities.all(source.id)
    by_hand = unit.identities.mapped(source.id)
    kept_groups = {
        found.id for found in known.values() if found.is_group and found.id not in by_hand
    }
    for group, member in unit.identities.members(source.id):
        if group in kept_groups and member in known:
            yield name_group(source.id, group), f"group:{name_group(source.id, member)}"
    for found in known.values():
        if found.id in by_hand:
            reference = by_hand[found.id]
        else:
            reference = None if found.is_group else _recognised(found, source, principals)
        if reference is not None and found.active:
            yield name_group(source.id, found.id), reference


def _recognised(
    found: Identity, source: SourceRecord, principals: dict[str, str | None]
) -> str | None:
    match = source.following.match
    if match is Match.NONE:
        return None
    names = [found.name]
    if match is Match.MAIL:
        mails = [alias for alias in found.aliases if alias.lower().startswith(MAIL)]
        names = [alias[len(MAIL) :] for alias in mails]
    persons = {principals.get(name.casefold()) for name in names} - {None}
    # Two addresses of two principals do not tell which of them it is.
    return f"user:{persons.pop()}" if len(persons) == 1 else None


def _names(unit: UnitOfWork, source: SourceRecord) -> Iterator[tuple[str, str]]:
    """Yield the memberships that follow from the names that a source's entries use."""
    used = unit.identities.names(source.id)
    if not used:
        return
    lookups = [_Lookup(unit, each) for each in (source.id, *source.following.identities)]
    by_hand = unit.identities.mapped(source.id)
    reference: str | _Unknown | None
    for name, denied in used:
        group = (denial_group if denied else name_group)(source.id, name)
        if name == EVERYONE:
            reference = by_hand.get(name, source.following.audience)
        else:
            reference = _meaning(name, lookups)
        if isinstance(reference, _Unknown):
            reference = ALL if denied else None
        if reference is not None and reference != f"group:{group}":
            yield group, reference


class _Unknown:
    """A name that nobody can tell the meaning of."""


class _Lookup:
    """Finds what a name stands for in one source of identities."""

    def __init__(self, unit: UnitOfWork, source_id: str) -> None:
        self._source_id = source_id
        self._by_hand = unit.identities.mapped(source_id)
        self._known = unit.identities.all(source_id)
        self._aliases: dict[str, set[str]] = {}
        for found in self._known.values():
            for alias in found.aliases:
                self._aliases.setdefault(alias, set()).add(found.id)

    def meaning(self, name: str) -> str | _Unknown | None:
        """Return the reference a name stands for, None for nobody."""
        if name in self._known:
            return f"group:{name_group(self._source_id, name)}"
        if name in self._by_hand:
            return self._by_hand[name]
        owners = self._aliases.get(name, set())
        if len(owners) == 1:
            return f"group:{name_group(self._source_id, next(iter(owners)))}"
        return _Unknown()


def _meaning(name: str, lookups: Iterable[_Lookup]) -> str | _Unknown | None:
    for lookup in lookups:
        found = lookup.meaning(name)
        if not isinstance(found, _Unknown):
            return found
    return _Unknown()
