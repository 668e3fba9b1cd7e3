"""Encrypted SQLite: how it is opened, and what its failures mean to a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlcipher3 import dbapi2 as sqlcipher

from vault.domain.errors import HomeUnavailableError, UnauthenticatedError

OLDEST_SQLITE = (3, 51, 3)
"""First release without the defect that can corrupt a write-ahead log.

Source:
    SQLite release notes 3.51.3, "WAL-reset" correction.
"""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 1000",
)


class Database:
    """One encrypted database file.

    Args:
        path: file, created when missing.
        key: 32 random bytes that encrypt every page.
        busy_seconds: how long a writer waits for another one.
    """

    def __init__(self, path: Path, *, key: bytes, busy_seconds: float = 10.0) -> None:
        if sqlcipher.sqlite_version_info < OLDEST_SQLITE:
            oldest = ".".join(map(str, OLDEST_SQLITE))
            raise HomeUnavailableError(
                f"SQLite {sqlcipher.sqlite_version} can corrupt its log; use {oldest} or newer"
            )
        self.path = path
        self._key = key
        self._busy_seconds = busy_seconds
        self.engine = self._engine()

    def _engine(self) -> Engine:
        engine = create_engine(
            "sqlite+pysqlite://",
            module=sqlcipher,
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=8,
            max_overflow=32,
        )
        event.listen(engine, "begin", _begin)
        return engine

    def _connect(self) -> Any:  # noqa: ANN401 - the driver has no type
        connection = sqlcipher.connect(
            str(self.path),
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            for pragma in _PRAGMAS:
                connection.execute(pragma)
        except sqlcipher.DatabaseError:
            connection.close()
            raise
        return connection

    @contextmanager
    def transaction(self, *, write: bool) -> Iterator[Connection]:
        """Open one transaction; it commits when the block ends and rolls back on an error.

        Raises:
            HomeUnavailableError: another process writes, the disk is full or it fails.
            UnauthenticatedError: the key does not open the file.
        """
        try:
            with self.engine.connect() as plain:
                connection = plain.execution_options(write=write)
                with connection.begin():
                    yield connection
        except OperationalError as error:
            raise _explained(error) from error
        except DatabaseError as error:
            if "not a database" in str(error.orig):
                raise UnauthenticatedError("the key does not open this home") from error
            raise _explained(error) from error

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _explained(error: DatabaseError) -> HomeUnavailableError:
    cause = str(error.orig)
    for sign, meaning in (
        ("locked", "another process is writing to this home; try again when it is done"),
        ("full", "the disk is full; nothing of this step was kept"),
        ("readonly", "the home is read-only"),
        ("unable to open", "the database file cannot be opened"),
        ("malformed", "the database file is damaged; restore a backup"),
        ("no such table", "the home is incomplete or of another version; run doctor"),
    ):
        if sign in cause:
            return HomeUnavailableError(meaning)
    return HomeUnavailableError("the database refused the operation")
