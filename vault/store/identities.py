"""People and groups as their sources know them, and who they are here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.store.sources_schema import (
    identity,
    identity_alias,
    identity_map,
    identity_member,
    source_name,
)

MOST_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Identity:
    """One person or group that a source knows.

    Attributes:
        id: its lasting name there.
        name: for a person, the sign-in name.
        active: False for a person who may not sign in any more.
    """

    id: str
    name: str
    is_group: bool
    active: bool = True
    aliases: tuple[str, ...] = ()


class Identities:
    """What is known of people and groups, source by source."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, source_id: str, found: Iterable[Identity]) -> None:
        """Keep people and groups in place of what was known of them, their aliases too."""
        listed = list({one.id: one for one in found}.values())
        self._clear(identity, source_id, "id", [one.id for one in listed])
        self._clear(identity_alias, source_id, "identity_id", [one.id for one in listed])
        self._insert(
            identity,
            [
                {
                    "source_id": source_id,
                    "id": one.id,
                    "name": one.name,
                    "is_group": one.is_group,
                    "active": one.active,
                }
                for one in listed
            ],
        )
        self._insert(
            identity_alias,
            [
                {"source_id": source_id, "alias": alias, "identity_id": one.id}
                for one in listed
                for alias in dict.fromkeys(one.aliases)
            ],
        )

    def set_members(self, source_id: str, members: Mapping[str, Iterable[str]]) -> None:
        """Make these the direct members of each of these groups, and no others."""
        self._clear(identity_member, source_id, "group_id", list(members))
        self._insert(
            identity_member,
            [
                {"source_id": source_id, "group_id": group, "member_id": member}
                for group, listed in members.items()
                for member in dict.fromkeys(listed)
            ],
        )

    def drop(self, source_id: str, gone: Iterable[str]) -> None:
        """Forget people and groups with their aliases and memberships."""
        ids = list(gone)
        self._clear(identity, source_id, "id", ids)
        self._clear(identity_alias, source_id, "identity_id", ids)
        self._clear(identity_member, source_id, "group_id", ids)
        self._clear(identity_member, source_id, "member_id", ids)

    def all(self, source_id: str) -> dict[str, Identity]:
        """Return whoever one source knows, by id."""
        aliases: dict[str, list[str]] = {}
        for row in self._connection.execute(
            select(identity_alias)
            .where(identity_alias.c.source_id == source_id)
            .order_by(identity_alias.c.alias)
        ):
            aliases.setdefault(row.identity_id, []).append(row.alias)
        rows = self._connection.execute(
            select(identity).where(identity.c.source_id == source_id).order_by(identity.c.id)
        )
        return {
            row.id: Identity(
                row.id, row.name, row.is_group, row.active, tuple(aliases.get(row.id, ()))
            )
            for row in rows
        }

    def members(self, source_id: str) -> Sequence[tuple[str, str]]:
        """Return (group, direct member) as one source has them."""
        rows = self._connection.execute(
            select(identity_member.c.group_id, identity_member.c.member_id).where(
                identity_member.c.source_id == source_id
            )
        )
        return [(row[0], row[1]) for row in rows]

    def count(self, source_id: str) -> tuple[int, int]:
        """Return how many people and how many groups one source knows."""
        rows = self._connection.execute(
            select(identity.c.is_group, func.count())
            .where(identity.c.source_id == source_id)
            .group_by(identity.c.is_group)
        )
        counted = {bool(row[0]): int(row[1]) for row in rows}
        return counted.get(False, 0), counted.get(True, 0)

    def map(self, source_id: str, name: str, reference: str | None, *, now: datetime) -> None:
        """Let a source's ``name`` stand for a reference; None is for nobody."""
        values = {"reference": reference, "mapped_at": now}
        self._connection.execute(
            upsert(identity_map)
            .values(source_id=source_id, name=name, **values)
            .on_conflict_do_update(index_elements=["source_id", "name"], set_=values)
        )

    def unmap(self, source_id: str, name: str) -> bool:
        """Forget what a name was mapped to by hand; tell whether it was."""
        result = self._connection.execute(
            delete(identity_map).where(
                identity_map.c.source_id == source_id, identity_map.c.name == name
            )
        )
        return result.rowcount == 1

    def mapped(self, source_id: str) -> dict[str, str | None]:
        """Return what was mapped by hand for one source, by name."""
        rows = self._connection.execute(
            select(identity_map.c.name, identity_map.c.reference)
            .where(identity_map.c.source_id == source_id)
            .order_by(identity_map.c.name)
        )
        return {row[0]: row[1] for row in rows}

    def note_names(self, source_id: str, names: Iterable[tuple[str, bool]]) -> bool:
        """Remember which names a source's entries use, and whether to deny; tell if any is new."""
        new = sorted(set(names) - set(self.names(source_id)))
        self._insert(
            source_name,
            [{"source_id": source_id, "name": name, "denied": denied} for name, denied in new],
        )
        return bool(new)

    def names(self, source_id: str) -> Sequence[tuple[str, bool]]:
        """Return each name that a source's entries use, with whether they deny it."""
        rows = self._connection.execute(
            select(source_name.c.name, source_name.c.denied)
            .where(source_name.c.source_id == source_id)
            .order_by(source_name.c.name, source_name.c.denied)
        )
        return [(row[0], bool(row[1])) for row in rows]

    def _clear(self, table: Table, source_id: str, column: str, values: Sequence[str]) -> None:
        for start in range(0, len(values), MOST_AT_ONCE):
            self._connection.execute(
                delete(table).where(
                    table.c.source_id == source_id,
                    table.c[column].in_(values[start : start + MOST_AT_ONCE]),
                )
            )

    def _insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        for start in range(0, len(rows), MOST_AT_ONCE):
            self._connection.execute(insert(table), list(rows[start : start + MOST_AT_ONCE]))
