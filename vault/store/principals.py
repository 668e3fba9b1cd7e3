"""Principals, groups and tokens."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.domain.identity import Principal, PrincipalKind, group_closure
from vault.domain.labels import Classification, Label
from vault.store.schema import group, group_member, principal, token

EVERYONE = "everyone"
"""The group every principal belongs to without being listed."""


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

    def all(self) -> Sequence[tuple[Principal, str]]:
        """Return every active principal with its name, by id."""
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
        """Return the direct members of every group."""
        members: dict[str, list[str]] = {
            row.id: [] for row in self._connection.execute(select(group.c.id).order_by(group.c.id))
        }
        for row in self._connection.execute(
            select(group_member).order_by(group_member.c.group_id, group_member.c.member)
        ):
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

    def _closure(self, reference: str) -> frozenset[str]:
        return group_closure(reference, self._memberships())

    def _memberships(self) -> dict[str, list[str]]:
        memberships: dict[str, list[str]] = defaultdict(list)
        for row in self._connection.execute(select(group_member)):
            memberships[row.member].append(row.group_id)
        return memberships


def _principal(row: RowMapping, groups: frozenset[str]) -> Principal:
    return Principal(
        id=row["id"],
        kind=PrincipalKind(row["kind"]),
        clearance=Label(Classification(row["classification"]), frozenset(row["compartments"])),
        groups=groups | {EVERYONE},
    )
