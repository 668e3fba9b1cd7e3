"""Which columns of a table or query are what, and the statements that read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    case,
    cast,
    column,
    func,
    literal,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.sql.expression import FromClause, Select

from connectors.errors import ConnectorConfigError

Found = Select[tuple[object, ...]]
"""A statement whose rows have a value for each column."""

TOO_LARGE = "_too_large"
"""Name under which a row tells the size of a text that was left out, in bytes."""


@dataclass(frozen=True, slots=True)
class SqlColumns:
    """Where the parts of an item stand; an empty name is a part that there is not.

    Attributes:
        id: key; unique and never reused.
        text: text or bytes of the item.
        title: what people call it.
        modified: time of the last change.
        version: value that grows with every change of a row.
        readers: names of those who may read it.
        facts: pairs of a fact and the column that states it.
    """

    id: str
    text: str
    title: str = ""
    modified: str = ""
    version: str = ""
    readers: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    def names(self) -> list[str]:
        """Return every column there is, once."""
        own = [self.id, self.text, self.title, self.modified, self.version, self.readers]
        return list(
            dict.fromkeys(name for name in (*own, *(pair[1] for pair in self.facts)) if name)
        )


class Statements:
    """Selects over one table or query; values go in as parameters only.

    Args:
        columns: what stands where.
        table_name: the table, with its schema in front where it has one; or empty.
        query: one SELECT, where there is no table; it is put into parentheses as it is.
    """

    def __init__(self, columns: SqlColumns, *, table_name: str, query: str) -> None:
        if bool(table_name) == bool(query):
            raise ConnectorConfigError("connector 'sql' needs either table or query")
        if ";" in query:
            raise ConnectorConfigError("the query of connector 'sql' is one SELECT without ';'")
        self._columns = columns
        self._source = _source(columns.names(), table_name, query)

    def everything(self, *, max_bytes: int, sqlite: bool) -> Found:
        """Select all columns; a text above ``max_bytes`` is left out and its size told."""
        body = self._source.c[self._columns.text]
        size: ColumnElement[int]
        size = func.length(cast(body, LargeBinary)) if sqlite else func.octet_length(body)
        others = [each for each in self._source.c if each.name != self._columns.text]
        return select(
            *others,
            case((size <= max_bytes, body)).label(self._columns.text),
            case((size > max_bytes, size)).label(TOO_LARGE),
        )

    def only(self, *names: str) -> Found:
        """Select some columns."""
        return select(*(self._source.c[name] for name in dict.fromkeys(names)))

    def highest(self, name: str) -> Found:
        """Select the largest value of a column."""
        return select(func.max(self._source.c[name]))

    def doubles(self) -> Found:
        """Select one key that two rows have, if there is one."""
        key = self._source.c[self._columns.id]
        keyed = select(key).where(key.is_not(None))
        return keyed.group_by(key).having(func.count() > 1).limit(1)

    def keyless(self) -> Select[int]:
        """Select how many rows have no key."""
        key = self._source.c[self._columns.id]
        return select(func.count()).select_from(self._source).where(key.is_(None))

    def page(
        self, found: Found, order: Sequence[str], *, after: Sequence[object] | None, limit: int
    ) -> Found:
        """Sort rows with a key, and keep the first ones that come after some values.

        Args:
            found: the statement.
            order: names of columns, the most important first.
            after: a value for each column of ``order``, or None to begin at the beginning.
            limit: rows to keep.
        """
        columns = [self._source.c[name] for name in order]
        if after is not None:
            found = found.where(tuple_(*columns) > tuple_(*map(literal, after)))
        keyed = self._source.c[self._columns.id].is_not(None)
        return found.where(keyed).order_by(*columns).limit(limit)

    def since(self, found: Found, name: str, value: object) -> Found:
        """Keep rows whose column is ``value`` or greater."""
        return found.where(self._source.c[name] >= value)

    def among(self, found: Found, name: str, values: Sequence[object]) -> Found:
        """Keep rows whose column is one of ``values``."""
        return found.where(self._source.c[name].in_(values))


def _source(names: list[str], table_name: str, query: str) -> FromClause:
    columns: list[Column[object]] = [Column(name) for name in names]
    if table_name:
        schema, _, name = table_name.rpartition(".")
        return table(name, *(column(each) for each in names), schema=schema or None)
    # A colon in the query is its own, not the mark of a parameter.
    return text(query.replace(":", "\\:")).columns(*columns).subquery("source")
