"""Principals, groups and tokens."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Connection,
    RowMapping,
    bindparam,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.domain.identity import Principal, PrincipalKind, group_closure
from vault.domain.labels import Classification, Label
from vault.domain.source_rights import from_source
from vault.store.ordered_lists import passed_lists
from vault.store.schema import group, group_member, principal, token

EVERYONE = "everyone"
"""The group every principal belongs to without being listed."""

_CLOSURE = text(
    """
    WITH RECURSIVE held(member) AS (
        SELECT :who UNION SELECT 'group:everyone' UNION
        SELECT 'group:' || group_member.group_id
        FROM held JOIN group_member ON group_member.member = held.member
    )
    SELECT member FROM held
    """
)


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A bearer token as kept: never the secret itself."""

    id: str
    secret_digest: str
    principal_id: str
    on_behalf_of: str | None
    scopes: tuple[str, ...]
    expires_at: datetime
    revoked_at: datetime | None


class Principals:
    """Who exists, which groups they belong to and which tokens stand for them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, added: Principal, *, name: str, now: datetime) -> None:
        """Add a principal, or replace the clearance and kind of one that exists."""
        values = {
            "kind": added.kind.value,
            "name": name,
            "classification": int(added.clearance.classification),
            "compartments": sorted(added.clearance.compartments),
            "active": True,
        }
        statement = upsert(principal).values(id=added.id, created_at=now, **values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=values)
        )

    def get(self, principal_id: str) -> Principal | None:
        """Return an active principal with the closure of its groups, or None."""
        row = (
            self._connection.execute(
                select(principal).where(principal.c.id == principal_id, principal.c.active)
            )
            .mappings()
            .first()
        )
        if row is None:
            return None
        return _principal(row, self._closure(f"user:{principal_id}"))

    def with_groups(self, groups: Iterable[str]) -> frozenset[str]:
        """Return groups with every group that they belong to, and the group of everyone."""
        memberships = self._memberships()
        found = [group_closure(f"group:{each}", memberships) | {each} for each in groups]
        return frozenset({EVERYONE}).union(*found)

    def kinds(self, principal_ids: Iterable[str]) -> dict[str, PrincipalKind]:
        """Return what stands behind each of these principals that is active."""
        rows = self._connection.execute(_KINDS, {"names": list(principal_ids)})
        return {row.id: PrincipalKind(row.kind) for row in rows}

    def kind(self, principal_id: str) -> PrincipalKind | None:
        """Return what stands behind an active principal, or None; its groups are not read."""
        found = self._connection.execute(
            select(principal.c.kind).where(principal.c.id == principal_id, principal.c.active)
        ).scalar()
        return None if found is None else PrincipalKind(found)

    def all(self) -> Sequence[tuple[Principal, str]]:
        """Return every active principal with its name, by id.

        Groups that follow from what sources say are left out.
        """
        memberships = self._memberships()
        rows = self._connection.execute(
            select(principal).where(principal.c.active).order_by(principal.c.id)
        ).mappings()
        return [
            (_principal(row, group_closure(f"user:{row['id']}", memberships)), row["name"])
            for row in rows
        ]

    def add_group(self, group_id: str, *, now: datetime) -> None:
        """Add a group if it does not exist."""
        self._connection.execute(
            upsert(group).values(id=group_id, created_at=now).on_conflict_do_nothing()
        )

    def add_member(self, group_id: str, member: str) -> None:
        """Make ``member``, a reference, a direct member of the group."""
        self._connection.execute(
            upsert(group_member).values(group_id=group_id, member=member).on_conflict_do_nothing()
        )

    def remove_member(self, group_id: str, member: str) -> None:
        """End a direct membership."""
        self._connection.execute(
            group_member.delete().where(
                group_member.c.group_id == group_id, group_member.c.member == member
            )
        )

    def groups(self) -> dict[str, list[str]]:
        """Return the direct members of every group that people make."""
        members: dict[str, list[str]] = {
            row.id: []
            for row in self._connection.execute(select(group.c.id).order_by(group.c.id))
            if not from_source(row.id)
        }
        for row in self._connection.execute(
            select(group_member).order_by(group_member.c.group_id, group_member.c.member)
        ):
            if row.group_id in members:
                members[row.group_id].append(row.member)
        return members

    def knows(self, reference: str) -> bool:
        """Tell whether a reference names an existing principal or group."""
        kind, _, name = reference.partition(":")
        if kind == "group" and name == EVERYONE:
            return True
        table = principal if kind == "user" else group
        return (
            self._connection.execute(select(table.c.id).where(table.c.id == name)).first()
            is not None
        )

    def add_token(self, record: TokenRecord, *, now: datetime) -> None:
        """Keep a token's digest and terms."""
        self._connection.execute(
            insert(token).values(
                id=record.id,
                secret_digest=record.secret_digest,
                principal_id=record.principal_id,
                on_behalf_of=record.on_behalf_of,
                scopes=list(record.scopes),
                created_at=now,
                expires_at=record.expires_at,
            )
        )

    def token(self, token_id: str) -> TokenRecord | None:
        """Return a token's record, or None."""
        row = self._connection.execute(select(token).where(token.c.id == token_id)).first()
        if row is None:
            return None
        return TokenRecord(
            row.id,
            row.secret_digest,
            row.principal_id,
            row.on_behalf_of,
            tuple(row.scopes),
            row.expires_at,
            row.revoked_at,
        )

    def revoke_token(self, token_id: str, *, now: datetime) -> bool:
        """End a token now; tell whether it was live."""
        result = self._connection.execute(
            update(token)
            .where(token.c.id == token_id, token.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        return result.rowcount == 1

    def persons(self) -> Sequence[str]:
        """Return the ids of every active person."""
        query = select(principal.c.id).where(
            principal.c.active, principal.c.kind == PrincipalKind.PERSON.value
        )
        return [row[0] for row in self._connection.execute(query.order_by(principal.c.id))]

    def derived(self, source_id: str) -> set[tuple[str, str]]:
        """Return (group, member) of the groups that follow from what one source says."""
        first, end = f"{source_id}/", f"{source_id}0"
        rows = self._connection.execute(
            select(group_member).where(
                group_member.c.group_id >= first, group_member.c.group_id < end
            )
        )
        return {(row.group_id, row.member) for row in rows}

    def derive(
        self,
        added: Collection[tuple[str, str]],
        removed: Collection[tuple[str, str]],
        *,
        now: datetime,
    ) -> None:
        """Add and end memberships of groups that follow from what sources say."""
        if removed:
            self._connection.execute(
                group_member.delete().where(
                    group_member.c.group_id == bindparam("of"),
                    group_member.c.member == bindparam("who"),
                ),
                [{"of": group_id, "who": member} for group_id, member in removed],
            )
        if added:
            groups = sorted({group_id for group_id, _ in added})
            self._connection.execute(
                upsert(group).on_conflict_do_nothing(),
                [{"id": group_id, "created_at": now} for group_id in groups],
            )
            self._connection.execute(
                upsert(group_member).on_conflict_do_nothing(),
                [{"group_id": group_id, "member": member} for group_id, member in added],
            )

    def _closure(self, reference: str) -> frozenset[str]:
        """Return every group a reference is in, now; what everyone is in, it is in too."""
        rows = self._connection.execute(_CLOSURE, {"who": reference})
        found = frozenset(row[0] for row in rows) - {reference}
        groups = frozenset(name.removeprefix("group:") for name in found)
        return groups | passed_lists(self._connection, found | {reference})

    def _memberships(self) -> dict[str, list[str]]:
        memberships: dict[str, list[str]] = defaultdict(list)
        for row in self._connection.execute(select(group_member)):
            if not from_source(row.group_id):
                memberships[row.member].append(row.group_id)
        return memberships


_KINDS = select(principal.c.id, principal.c.kind).where(
    principal.c.id.in_(bindparam("names", expanding=True)), principal.c.active
)


def _principal(row: RowMapping, groups: frozenset[str]) -> Principal:
    return Principal(
        id=row["id"],
        kind=PrincipalKind(row["kind"]),
        clearance=Label(Classification(row["classification"]), frozenset(row["compartments"])),
        groups=groups | {EVERYONE},
    )
