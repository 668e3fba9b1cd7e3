"""Reads the rows of a table or query, page by page."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from connectors.errors import SourceUnavailableError
from connectors.sql_columns import Found
from connectors.sql_config import SqlConfig
from connectors.sql_database import ReadOnlyDatabase
from connectors.sql_rows import Row
from connectors.sql_values import position_of


class SqlListing:
    """The rows of one source; every question opens a connection and closes it again.

    Args:
        config: what to follow.
    """

    def __init__(self, config: SqlConfig) -> None:
        self._config = config
        self._columns = config.columns()
        self._statements = config.statements()
        self._database = ReadOnlyDatabase(
            config.dsn_file,
            allowed_hosts=config.allowed_hosts,
            timeout_seconds=config.timeout_seconds,
        )

    def probe(self) -> None:
        """Return if the rows can be read now.

        Raises:
            SourceUnavailableError: they cannot; so with every method below.
        """
        self.page([self._columns.id], None, limit=1)

    def page(
        self,
        order: Sequence[str],
        after: Sequence[object] | None,
        *,
        least: object = None,
        limit: int | None = None,
    ) -> list[Row]:
        """Return the next rows in the order of some columns.

        Args:
            order: names of columns, the most important first.
            after: values of those columns in the last row that was read, or None.
            least: lowest value of the first of them that is wanted, or None for any.
            limit: rows to read, or None for as many as the settings say.
        """
        with self._database.connect() as connection:
            found = self._whole(connection)
            if least is not None:
                found = self._statements.since(found, order[0], least)
            return self._read(connection, found, order, after, limit=limit)

    def sweep(self) -> Iterator[Row]:
        """Yield every row with a key, all as of one moment; only what tells them apart."""
        order = [self._columns.id]
        after: list[object] | None = None
        with self._database.connect() as connection:
            self._demand_unique(connection)
            if self._columns.version:
                names = (self._columns.id, self._columns.version, self._columns.readers)
                found = self._statements.only(*filter(None, names))
            else:
                found = self._whole(connection)
            while page := self._read(connection, found, order, after):
                yield from page
                after = [page[-1][self._columns.id]]

    def some(self, keys: Sequence[object], *, rights_only: bool = False) -> list[Row]:
        """Return the rows with these keys, or their keys and readers alone."""
        with self._database.connect() as connection:
            if rights_only:
                found = self._statements.only(self._columns.id, self._columns.readers)
            else:
                found = self._whole(connection)
            found = self._statements.among(found, self._columns.id, keys)
            return self._read(connection, found, [self._columns.id], None, limit=len(keys) + 1)

    def start(self) -> tuple[list[str] | None, int]:
        """Return the highest version there is now, and how many rows have no key."""
        with self._database.connect() as connection:
            self._demand_unique(connection)
            keyless = connection.execute(self._statements.keyless()).scalar_one()
            if not self._columns.version:
                return None, keyless
            highest = connection.execute(self._statements.highest(self._columns.version)).scalar()
            return None if highest is None else position_of(highest), keyless

    def _whole(self, connection: Connection) -> Found:
        return self._statements.everything(
            max_bytes=self._config.max_bytes, sqlite=connection.dialect.name == "sqlite"
        )

    def _read(
        self,
        connection: Connection,
        found: Found,
        order: Sequence[str],
        after: Sequence[object] | None,
        *,
        limit: int | None = None,
    ) -> list[Row]:
        rows = self._config.page_rows if limit is None else limit
        statement = self._statements.page(found, order, after=after, limit=rows)
        return [dict(row) for row in connection.execute(statement).mappings()]

    def _demand_unique(self, connection: Connection) -> None:
        if connection.execute(self._statements.doubles()).first() is not None:
            raise SourceUnavailableError("two rows have the same key, so neither can be followed")
