"""Turns the access lists of a source into labels, each distinct list once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.facts import EVERYONE, AclEffect, AclEntry, RawAcl
from vault.domain.labels import AccessLabel
from vault.domain.source_rights import (
    ALL,
    Clause,
    Clauses,
    ItemRights,
    denial_group,
    list_group,
    name_group,
    simplified,
    under,
)
from vault.ingest.bindings import rebind
from vault.ingest.intake import Intake, SeenRights
from vault.ledger.journal import Journal
from vault.store.session import Store, UnitOfWork
from vault.store.source_rights import KeptAcl, acl_content
from vault.store.sources import SourceRecord


@dataclass(frozen=True, slots=True)
class Judged:
    """One item with the label that its access list comes to."""

    item_id: str
    access: AccessLabel
    acl_id: int
    known: bool

    def under(self, intake: Intake, *, acl_hash: str | None, at: datetime) -> Intake:
        """Return ``intake`` for this item, with these rights."""
        return replace(
            intake,
            access=self.access,
            item_id=self.item_id,
            native=True,
            seen=SeenRights(self.acl_id, acl_hash, at),
        )


class RightsDesk:
    """Keeps access lists, sealed, and says which label each comes to.

    Args:
        store: the database.
        journal: the ledger.
        now: the clock.
    """

    def __init__(self, store: Store, *, journal: Journal, now: Callable[[], datetime]) -> None:
        self._store = store
        self._journal = journal
        self._now = now

    def judge(
        self, source: SourceRecord, base: AccessLabel, lists: Iterable[RawAcl]
    ) -> list[Judged]:
        """Return the label of each item, after keeping the lists that are new.

        Args:
            source: whose items they are.
            base: what the data owner said: its readers, if it has any, are the most that may.
            lists: what the source says.
        """
        with self._store.read() as unit:
            known = unit.rights.acls(source.id)
            labels = unit.labels.all()
        new: dict[str, tuple[RawAcl, bytes]] = {}
        found: list[tuple[str, str]] = []
        for raw in lists:
            digest, content = acl_content(raw.raw, _form(raw), base=base.digest)
            found.append((raw.id, digest))
            if digest not in known:
                new[digest] = (raw, content)
        if new:
            known |= self._keep(source, base, new)
            with self._store.read() as unit:
                labels = unit.labels.all()
        return [
            Judged(
                item_id,
                labels[known[digest].access_label_id],
                known[digest].id,
                known[digest].known,
            )
            for item_id, digest in found
        ]

    def _keep(
        self, source: SourceRecord, base: AccessLabel, new: dict[str, tuple[RawAcl, bytes]]
    ) -> dict[str, KeptAcl]:
        key, now = self._key(source, base), self._now()
        with self._store.write() as unit:
            unit.sources.note(source.id, rights_key_id=key[0])
            kept = unit.rights.acls(source.id)
            names: set[tuple[str, bool]] = set()
            for digest, (raw, content) in new.items():
                if digest in kept:
                    continue
                names.update(_names(raw))
                label_id, fresh = unit.labels.intern(_label(unit, source.id, base, raw), now=now)
                if fresh:
                    unit.raise_epoch()
                kept[digest] = unit.rights.add_acl(
                    source.id,
                    digest,
                    content,
                    label=(label_id, raw.entries is not None),
                    key=key,
                    now=now,
                )
            self._bind(unit, source, names, now)
        return kept

    def _bind(
        self, unit: UnitOfWork, source: SourceRecord, names: set[tuple[str, bool]], now: datetime
    ) -> None:
        """Find out who the names are that these lists are the first to use."""
        if not unit.identities.note_names(source.id, sorted(names)):
            return
        change = rebind(unit, [source], now=now)
        if change.changed:
            self._journal.note(
                unit,
                "identities.changed",
                subject=None,
                about=source.id,
                facts={"source": source.id, **change.facts()},
            )

    def _key(self, source: SourceRecord, base: AccessLabel) -> tuple[str, bytes]:
        with self._store.read() as unit:
            record = unit.sources.get(source.id)
        key_id = None if record is None else record.rights_key_id
        if key_id is not None:
            keys = self._store.keys.open([key_id])
            if key_id in keys:
                return key_id, keys[key_id]
        return self._store.keys.new(collection=base.collection, now=self._now())


def rights_of(raw: RawAcl, source_id: str, *, readers: Iterable[str] = ()) -> ItemRights:
    """Return what a source's list says, about the groups that its names stand for.

    Args:
        raw: the list; unknown entries let nobody through.
        source_id: whose names they are.
        readers: the most that may read, whatever the source says; empty sets no bound.
    """
    if raw.entries is None:
        return ItemRights(())
    bound = tuple(Clause(allows=True, reference=reader) for reader in sorted(readers))
    gates = [_clauses(gate, source_id, gate=True) for gate in raw.gates]
    if bound:
        gates.append(bound)
    return simplified(ItemRights(_clauses(raw.entries, source_id, gate=False), tuple(gates)))


def _clauses(entries: Sequence[AclEntry], source_id: str, *, gate: bool) -> Clauses:
    return tuple(
        Clause(entry.effect is AclEffect.ALLOW, _reference(entry, source_id, gate=gate))
        for entry in entries
        if entry.reads
    )


def _reference(entry: AclEntry, source_id: str, *, gate: bool) -> str:
    denies = entry.effect is AclEffect.DENY
    if entry.principal == EVERYONE and (gate or denies):
        # A gate only narrows: whom the item's own list names can sign in there.
        return ALL
    group = denial_group if denies else name_group
    return f"group:{group(source_id, entry.principal)}"


def _label(unit: UnitOfWork, source_id: str, base: AccessLabel, raw: RawAcl) -> AccessLabel:
    rights = rights_of(raw, source_id, readers=base.readers)
    nobody = replace(base, readers=frozenset())
    label = under(nobody, rights)
    if label is not None:
        return label
    number = unit.rights.list_number(source_id, rights)
    return replace(nobody, readers=frozenset({f"group:{list_group(source_id, number)}"}))


def _names(raw: RawAcl) -> Iterator[tuple[str, bool]]:
    """Yield each name that a list uses, with whether it denies."""
    for entries in (raw.entries or (), *raw.gates):
        for entry in entries:
            denies = entry.effect is AclEffect.DENY
            if entry.reads and not (denies and entry.principal == EVERYONE):
                yield entry.principal, denies


def _form(raw: RawAcl) -> list[object] | None:
    if raw.entries is None:
        return None
    return [
        [[entry.effect.value, entry.principal, entry.reads] for entry in entries]
        for entries in (raw.entries, *raw.gates)
    ]
