"""People and groups as a directory outside sees and changes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.sql import ColumnElement

from vault.domain.identity import Principal, PrincipalKind
from vault.domain.source_rights import from_source
from vault.store.principals import EVERYONE
from vault.store.provisioning_schema import provisioned
from vault.store.schema import group, group_member, principal, token


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person; ``user_name`` is the sign-in name, which may change while the id stays."""

    id: str
    user_name: str
    display_name: str
    external_id: str | None
    active: bool
    created_at: datetime
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group that people make."""

    id: str
    display_name: str
    external_id: str | None
    created_at: datetime
    modified_at: datetime


class Provisioned:
    """Persons and groups, with what a directory outside says of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def persons(self, only: str | None = None) -> Sequence[PersonRow]:
        """Return every person that is not gone, inactive ones too, by id; or one."""
        return self._persons(_wanted(principal, only))

    def _persons(self, wanted: ColumnElement[bool]) -> Sequence[PersonRow]:
        rows = self._connection.execute(
            _joined(principal, "user:")
            .where(principal.c.kind == PrincipalKind.PERSON.value, wanted)
            .order_by(principal.c.id)
        )
        return [
            PersonRow(
                row.id,
                row.known_as or row.id,
                row.name,
                row.external_id,
                row.active,
                row.created_at,
                row.modified_at or row.created_at,
            )
            for row in rows
        ]

    def named(self, user_name: str, *, exact: bool) -> Sequence[PersonRow]:
        """Return the persons with that sign-in name, active or not.

        Args:
            user_name: the name.
            exact: whether case counts.
        """
        kept = func.coalesce(provisioned.c.name, principal.c.id)
        same = kept == user_name if exact else func.lower(kept) == func.lower(user_name)
        return self._persons(same)

    def groups(self, only: str | None = None) -> Sequence[GroupRow]:
        """Return every group that people make and that is not gone, by id; or one."""
        rows = self._connection.execute(
            _joined(group, "group:")
            .where(_wanted(group, only), group.c.id != EVERYONE)
            .order_by(group.c.id)
        )
        return [
            GroupRow(
                row.id,
                row.known_as or row.id,
                row.external_id,
                row.created_at,
                row.modified_at or row.created_at,
            )
            for row in rows
            if not from_source(row.id)
        ]

    def members(self, group_id: str) -> Sequence[str]:
        """Return the references directly in a group."""
        rows = self._connection.execute(
            select(group_member.c.member)
            .where(group_member.c.group_id == group_id)
            .order_by(group_member.c.member)
        )
        return [row[0] for row in rows]

    def groups_of(self, reference: str) -> Sequence[str]:
        """Return the ids of the groups that list a reference directly."""
        rows = self._connection.execute(
            select(group_member.c.group_id)
            .where(group_member.c.member == reference)
            .order_by(group_member.c.group_id)
        )
        return [row[0] for row in rows if not from_source(row[0])]

    def memberships(self) -> dict[str, list[str]]:
        """Return for every reference the ids of the groups that list it directly."""
        found: dict[str, list[str]] = {}
        for row in self._connection.execute(select(group_member).order_by(group_member.c.group_id)):
            if not from_source(row.group_id):
                found.setdefault(row.member, []).append(row.group_id)
        return found

    def is_taken(self, reference: str) -> bool:
        """Tell whether an id was ever used; one that is gone is never given again."""
        kind, _, name = reference.partition(":")
        table = principal if kind == "user" else group
        found = self._connection.execute(select(table.c.id).where(table.c.id == name)).first()
        return found is not None or name == EVERYONE

    def add_person(self, added: Principal, *, display_name: str, now: datetime) -> None:
        """Add a principal whose id was never used."""
        self._connection.execute(
            insert(principal).values(
                id=added.id,
                kind=added.kind.value,
                name=display_name,
                classification=int(added.clearance.classification),
                compartments=sorted(added.clearance.compartments),
                active=True,
                created_at=now,
            )
        )

    def set_person(self, person_id: str, *, display_name: str, active: bool) -> None:
        """Change what a person is called and whether they may sign in; clearance stays."""
        self._connection.execute(
            update(principal)
            .where(principal.c.id == person_id)
            .values(name=display_name, active=active)
        )

    def note(
        self,
        reference: str,
        *,
        name: str,
        external_id: str | None,
        now: datetime,
        gone: bool = False,
    ) -> None:
        """Keep what the directory says of a person or group besides."""
        values = {"name": name, "external_id": external_id, "modified_at": now, "gone": gone}
        self._connection.execute(
            upsert(provisioned)
            .values(reference=reference, **values)
            .on_conflict_do_update(index_elements=["reference"], set_=values)
        )

    def end_tokens(self, person_id: str, *, now: datetime) -> int:
        """End every token that stands for a person or acts for one; return how many."""
        result = self._connection.execute(
            update(token)
            .where(
                or_(token.c.principal_id == person_id, token.c.on_behalf_of == person_id),
                token.c.revoked_at.is_(None),
            )
            .values(revoked_at=now)
        )
        return result.rowcount

    def end_memberships(self, reference: str) -> None:
        """Take a person or group out of every group that people make."""
        for group_id in self.groups_of(reference):
            self._connection.execute(
                group_member.delete().where(
                    group_member.c.group_id == group_id, group_member.c.member == reference
                )
            )


def _joined(table: Table, prefix: str) -> Select[Any]:
    return (
        select(
            table,
            provisioned.c.name.label("known_as"),
            provisioned.c.external_id,
            provisioned.c.modified_at,
        )
        .select_from(table.outerjoin(provisioned, provisioned.c.reference == prefix + table.c.id))
        .where(or_(provisioned.c.gone.is_(None), provisioned.c.gone.is_(False)))
    )


def _wanted(table: Table, only: str | None) -> ColumnElement[bool]:
    return table.c.id.is_not(None) if only is None else table.c.id == only
