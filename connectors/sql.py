"""Rows of a table or query of a database as a source."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from connectors.base import AclSupport, Capabilities, Health
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import (
    Cursor,
    Failure,
    Item,
    Membership,
    RawAcl,
    SlimItem,
    SourceContent,
    SourcePrincipal,
    Tombstone,
)
from connectors.sql_config import SqlConfig
from connectors.sql_listing import SqlListing
from connectors.sql_rows import Row, SqlRows
from connectors.sql_values import (
    UnknownValueError,
    digest_of,
    key_of,
    position_of,
    position_value,
    value_of,
)


class SqlConnector:
    """Follows rows; what it is not given a column for, it does not know.

    Args:
        source_id: stable name of this source.
        config: what to follow.
    """

    config_type: ClassVar[type] = SqlConfig
    capabilities: Capabilities = Capabilities(acl=AclSupport.MAPPED, delta=True)

    def __init__(self, *, source_id: str, config: SqlConfig) -> None:
        self.source_id = source_id
        self._config = config
        self._columns = config.columns()
        self._rows = SqlRows(source_id, self._columns, media_type=config.media_type)
        self._listing = SqlListing(config)
        acl = AclSupport.NATIVE if config.readers_column else AclSupport.MAPPED
        self.capabilities = Capabilities(acl=acl, delta=bool(config.version_column))
        self._scope = digest_of([config.table, config.query, *self._columns.names()])
        self._page: dict[str, Row] = {}

    def check(self) -> Health:
        """Tell whether the database answers and has the columns."""
        try:
            self._listing.probe()
        except SourceUnavailableError as error:
            return Health(ok=False, detail=str(error))
        return Health(ok=True, detail="the rows can be read")

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield rows whose version is that of ``cursor`` or later, or all rows, page by page."""
        state: dict[str, Any] = {} if cursor is None else json.loads(cursor.value)
        if state.get("of") != self._scope:
            state = {"before": state.get("rows", 0)}
        if state.get("since") and not state.get("after"):
            yield from self._newer(state)
        else:
            yield from self._all(state)

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield every row, all as of one moment."""
        count = 0
        for row in self._listing.sweep():
            slim = self._rows.slim(row)
            if slim is not None:
                count += 1
                yield slim
        self._demand_some(count, 0 if cursor is None else json.loads(cursor.value).get("rows", 0))

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield the readers of each row; unknown where the row is gone or names none."""
        waiting: list[str] = []
        for item in ids:
            waiting.append(item)
            if len(waiting) == self._config.page_rows:
                yield from self._rights(waiting)
                waiting = []
        yield from self._rights(waiting)

    def principals(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield nothing: rows name readers, and say nothing else of them."""
        yield from ()

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002 - the seam's word
        """Return the text of one row."""
        kept = self._page.get(id)
        if kept is not None and self._rows.version(kept) == version:
            return self._rows.content(kept)
        rows = self._listing.some([self._rows.key_of(id)])
        if len(rows) != 1:
            raise SourceUnavailableError("the row is not there now, or not alone")
        return self._rows.content(rows[0])

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: groups of a person are not asked of the database."""
        return None

    def _all(self, state: dict[str, Any]) -> Iterator[Item | Failure | Cursor]:
        """Yield every row in the order of keys, from where an earlier scan was cut off."""
        count, since = state.get("rows", 0), state.get("since")
        after: list[object] | None = None
        before = state.get("before", count)
        if "after" in state:
            after = [value_of(state["after"])]
        else:
            since, keyless = self._listing.start()
            count = 0
            if keyless:
                yield Failure(self._rows.base + "?", f"{keyless} rows have no key", retry=False)
        while page := self._listing.page([self._columns.id], after):
            yield from self._items(page)
            count += len(page)
            after = [page[-1][self._columns.id]]
            position = self._position(after[0])
            if position:
                yield self._cursor(after=position, since=since, rows=count, before=before)
        self._demand_some(count, before)
        yield self._cursor(since=since, rows=count)

    def _newer(self, state: dict[str, Any]) -> Iterator[Item | Failure | Cursor]:
        """Yield rows whose version is not below the one that was reached."""
        order = [self._columns.version, self._columns.id]
        since, after, rows = state["since"], None, state.get("rows", 0)
        least = _earlier(position_value(since), self._config.overlap)
        while page := self._listing.page(order, after, least=least):
            yield from self._items(page)
            after = [page[-1][name] for name in order]
            since = position_of(after[0])
            yield self._cursor(since=since, rows=rows)
        yield self._cursor(since=since, rows=rows)

    def _items(self, page: list[Row]) -> Iterator[Item | Failure]:
        """Yield the items of a page, whose texts are kept until the next one is read."""
        self._page = {}
        for row in page:
            item = self._rows.item(row)
            if isinstance(item, Item):
                self._page[item.id] = row
            yield item

    def _rights(self, items: list[str]) -> Iterator[RawAcl]:
        keys = {}
        if self._columns.readers:
            for item in items:
                try:
                    keys[item] = self._rows.key_of(item)
                except SourceRejectedError:
                    continue
        found = self._listing.some(list(keys.values()), rights_only=True) if keys else []
        rows = {self._rows.id_of(row): row for row in found}
        yield from (self._rows.rights(item, rows.get(item)) for item in items)

    def _cursor(self, **state: object) -> Cursor:
        return Cursor(json.dumps({"of": self._scope, **state}))

    def _position(self, key: object) -> str | None:
        try:
            return key_of(key)
        except UnknownValueError:
            return None

    def _demand_some(self, count: int, before: int) -> None:
        if before and not count:
            # Rights that were taken away show as an empty table too.
            raise SourceUnavailableError(f"source {self.source_id!r} has no rows at all")


def _earlier(value: datetime | Decimal | int | str, overlap: int) -> object:
    if isinstance(value, datetime):
        return value - timedelta(seconds=overlap)
    return value if isinstance(value, str) else value - overlap
