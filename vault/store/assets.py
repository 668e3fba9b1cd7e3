"""Versions of governed things: added, never altered but in their state."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select, update

from vault.domain.assets import AssetKind, AssetState, AssetVersion, digest_of_body
from vault.store.orchestrate_schema import asset_version as table


class Assets:
    """Versions by kind, name and number."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, kind: AssetKind, name: str, body: Mapping[str, object], *, by: str, now: datetime
    ) -> AssetVersion:
        """Keep a body as the next version of its name, or return the newest if it is that."""
        newest = self.newest(kind, name)
        digest = digest_of_body(body)
        if newest is not None and newest.digest == digest:
            return newest
        made = AssetVersion(
            kind=kind,
            name=name,
            number=1 if newest is None else newest.number + 1,
            digest=digest,
            body=dict(body),
            state=AssetState.DRAFT,
            applied_by=by,
            applied_at=now,
        )
        self._connection.execute(
            insert(table).values(
                kind=kind.value,
                name=name,
                number=made.number,
                digest=digest,
                body=dict(body),
                state=made.state.value,
                applied_by=by,
                applied_at=now,
            )
        )
        return made

    def newest(self, kind: AssetKind, name: str) -> AssetVersion | None:
        """Return the version that was added last, or None."""
        last = (
            select(func.max(table.c.number))
            .where(table.c.kind == kind.value, table.c.name == name)
            .scalar_subquery()
        )
        row = self._connection.execute(
            select(table).where(
                table.c.kind == kind.value, table.c.name == name, table.c.number == last
            )
        ).first()
        return None if row is None else _version(row)

    def get(self, kind: AssetKind, name: str, number: int) -> AssetVersion | None:
        """Return one version, or None."""
        row = self._connection.execute(
            select(table).where(
                table.c.kind == kind.value, table.c.name == name, table.c.number == number
            )
        ).first()
        return None if row is None else _version(row)

    def usable(self, kind: AssetKind, name: str) -> AssetVersion | None:
        """Return the version that is used now: the active one, else the newest approved."""
        rows = self._connection.execute(
            select(table)
            .where(
                table.c.kind == kind.value,
                table.c.name == name,
                table.c.state.in_([AssetState.ACTIVE.value, AssetState.APPROVED.value]),
            )
            .order_by(table.c.state, table.c.number.desc())
        ).all()
        # The word "active" sorts before "approved".
        return _version(rows[0]) if rows else None

    def versions(self, kind: AssetKind, name: str | None = None) -> Sequence[AssetVersion]:
        """Return every version of a name, or of all names; by name, oldest first."""
        query = select(table).where(table.c.kind == kind.value)
        if name is not None:
            query = query.where(table.c.name == name)
        rows = self._connection.execute(query.order_by(table.c.name, table.c.number))
        return [_version(row) for row in rows]

    def by_digest(self, kind: AssetKind, digest: str) -> AssetVersion | None:
        """Return the newest version with these exact bytes, or None."""
        row = self._connection.execute(
            select(table)
            .where(table.c.kind == kind.value, table.c.digest == digest)
            .order_by(table.c.number.desc())
            .limit(1)
        ).first()
        return None if row is None else _version(row)

    def move(self, version: AssetVersion, to: AssetState, *, by: str) -> AssetVersion:
        """Change the state of a version and return it as it is then.

        A version that becomes active retires the one that was.

        Raises:
            RunStateError: it may not go there from where it is.
        """
        version.check_step(to)
        if to is AssetState.ACTIVE:
            self._connection.execute(
                update(table)
                .where(
                    table.c.kind == version.kind.value,
                    table.c.name == version.name,
                    table.c.state == AssetState.ACTIVE.value,
                )
                .values(state=AssetState.RETIRED.value)
            )
        values: dict[str, object] = {"state": to.value}
        if to is AssetState.APPROVED:
            values["approved_by"] = by
        self._connection.execute(
            update(table)
            .where(
                table.c.kind == version.kind.value,
                table.c.name == version.name,
                table.c.number == version.number,
            )
            .values(**values)
        )
        moved = self.get(version.kind, version.name, version.number)
        return version if moved is None else moved


def _version(row: Row[tuple[object, ...]]) -> AssetVersion:
    found = row._mapping
    return AssetVersion(
        kind=AssetKind(found["kind"]),
        name=found["name"],
        number=found["number"],
        digest=found["digest"],
        body=found["body"],
        state=AssetState(found["state"]),
        applied_by=found["applied_by"],
        applied_at=found["applied_at"],
        approved_by=found["approved_by"],
    )
