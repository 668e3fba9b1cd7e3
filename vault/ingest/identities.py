"""Follows the people and groups of a source, and lets an operator say who somebody is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from connectors.base import Connector
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Membership, SourcePrincipal, Tombstone
from vault.domain.errors import InvalidRequestError, NotFoundError, SourceUnreachableError
from vault.domain.identity import check_reference
from vault.ingest.bindings import Rebound, rebind
from vault.ledger.journal import Journal
from vault.store.identities import Identity
from vault.store.session import Store, UnitOfWork
from vault.store.sources import SourceRecord

LONGEST_NAME = 512
"""Characters of a name that is mapped by hand."""


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """What one source knows now, and what that changed here."""

    source_id: str
    people: int
    groups: int
    change: Rebound

    def form(self) -> dict[str, object]:
        """Return the public JSON form."""
        return {
            "source": self.source_id,
            "people": self.people,
            "groups": self.groups,
            "memberships_added": self.change.added,
            "memberships_removed": self.change.removed,
        }


@dataclass(slots=True)
class _Heard:
    """What a connector said of people and groups, before any of it is kept."""

    principals: dict[str, Identity] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    cursor: str | None = None

    def hear(self, fact: SourcePrincipal | Membership | Tombstone | Cursor) -> None:
        if isinstance(fact, SourcePrincipal):
            self.principals[fact.id] = Identity(
                fact.id, fact.name, fact.is_group, fact.active, tuple(fact.aliases)
            )
            if fact.is_group:
                self.members.setdefault(fact.id, [])
        elif isinstance(fact, Membership):
            self.members.setdefault(fact.group, []).append(fact.member)
        elif isinstance(fact, Tombstone):
            self.gone.append(fact.id)
        else:
            self.cursor = fact.value


class IdentityDesk:
    """Keeps what sources know of people and groups true here.

    Args:
        store: the database.
        journal: the ledger.
        now: the clock.
    """

    def __init__(self, store: Store, *, journal: Journal, now: Callable[[], datetime]) -> None:
        self._store = store
        self._journal = journal
        self._now = now

    def follow(self, connector: Connector, source: SourceRecord) -> PeopleReport:
        """Bring people, groups and memberships up to date, all in one transaction.

        Who is gone, disabled or out of a group loses what came through that from the next
        request on.

        Raises:
            SourceUnreachableError: the listing was not complete; nothing was changed.
        """
        delta = connector.capabilities.delta and not connector.capabilities.items
        cursor = Cursor(source.people_cursor) if source.people_cursor else None
        try:
            heard, full = self._heard(connector, cursor, delta=delta)
        except (SourceUnavailableError, SourceRejectedError) as error:
            raise SourceUnreachableError(f"{error}; no membership was changed") from error
        with self._store.write() as unit:
            self._keep(unit, source, heard, full=full)
            change = rebind(unit, unit.sources.naming(source.id), now=self._now())
            unit.sources.note(
                source.id, people_cursor=heard.cursor, people_at=self._now(), problem=None
            )
            people, groups = unit.identities.count(source.id)
            if change.changed:
                self._note(unit, "identities.changed", source.id, change.facts())
        return PeopleReport(source.id, people, groups, change)

    def map(self, source_id: str, name: str, reference: str | None) -> Rebound:
        """Let a source's name stand for a principal or group of the vault, or for nobody.

        Raises:
            NotFoundError: there is no such source.
            InvalidRequestError: the name or the reference cannot be, or nobody has it.
        """
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            raise InvalidRequestError("a source's name has 1 to 512 characters on one line")
        with self._store.write() as unit:
            _demand(unit, source_id)
            if reference is not None:
                check_reference(reference)
                if not unit.principals.knows(reference):
                    raise InvalidRequestError(f"{reference} does not exist")
            unit.identities.map(source_id, name, reference, now=self._now())
            change = rebind(unit, unit.sources.naming(source_id), now=self._now())
            facts = {"name": name, "reference": reference or "nobody", **change.facts()}
            self._note(unit, "identity.mapped", source_id, facts)
        return change

    def unmap(self, source_id: str, name: str) -> Rebound:
        """Forget what a source's name was mapped to by hand.

        Raises:
            NotFoundError: there is no such source, or the name was not mapped.
        """
        with self._store.write() as unit:
            _demand(unit, source_id)
            if not unit.identities.unmap(source_id, name):
                raise NotFoundError(f"{name!r} is not mapped for source {source_id!r}")
            change = rebind(unit, unit.sources.naming(source_id), now=self._now())
            self._note(unit, "identity.unmapped", source_id, {"name": name, **change.facts()})
        return change

    def _heard(
        self, connector: Connector, cursor: Cursor | None, *, delta: bool
    ) -> tuple[_Heard, bool]:
        """Return all that the connector says, and whether that is all there is."""
        try:
            return _listen(connector.principals(cursor)), cursor is None or not delta
        except SourceRejectedError:
            if cursor is None:
                raise
        return _listen(connector.principals(None)), True

    def _keep(self, unit: UnitOfWork, source: SourceRecord, heard: _Heard, *, full: bool) -> None:
        gone = set(heard.gone)
        if full:
            gone |= unit.identities.all(source.id).keys() - heard.principals.keys()
        unit.identities.drop(source.id, sorted(gone - heard.principals.keys()))
        unit.identities.put(source.id, heard.principals.values())
        unit.identities.set_members(source.id, heard.members)

    def _note(self, unit: UnitOfWork, event: str, source_id: str, facts: dict[str, object]) -> None:
        self._journal.note(
            unit, event, subject=None, about=source_id, facts={"source": source_id, **facts}
        )


def _listen(
    facts: Iterable[SourcePrincipal | Membership | Tombstone | Cursor],
) -> _Heard:
    heard = _Heard()
    for fact in facts:
        heard.hear(fact)
    return heard


def _demand(unit: UnitOfWork, source_id: str) -> None:
    if unit.sources.get(source_id) is None:
        raise NotFoundError(f"there is no source {source_id!r}")
