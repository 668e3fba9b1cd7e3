"""A database that is only read: one short connection a question, in a read-only transaction."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from connectors.endpoints import demand_host, read_secret
from connectors.errors import ConnectorConfigError, SourceUnavailableError

_CONNECT_SECONDS = 10
_STEPS_BETWEEN_LOOKS = 10_000
_ANSWER_MILLISECONDS = 30_000


class ReadOnlyDatabase:
    """Answers statements from PostgreSQL or SQLite and can change nothing there.

    Args:
        dsn_file: file that holds the URL of the database, with the password.
        allowed_hosts: public hosts that may be dialled; local ones always may.
        timeout_seconds: ceiling for one statement.
    """

    def __init__(
        self, dsn_file: Path, *, allowed_hosts: tuple[str, ...], timeout_seconds: int
    ) -> None:
        self._dsn_file = dsn_file
        self._allowed_hosts = allowed_hosts
        self._timeout_seconds = timeout_seconds

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database until it is closed.

        Raises:
            SourceUnavailableError: the database cannot be reached or refuses the statement; the
                reason names no password and no value.
        """
        engine = self._engine()
        try:
            with engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            kind = type(getattr(error, "orig", None) or error).__name__
            raise SourceUnavailableError(f"the database cannot answer: {kind}") from error
        finally:
            engine.dispose()

    def _engine(self) -> Engine:
        try:
            url = make_url(read_secret(self._dsn_file))
        except ArgumentError as error:
            raise SourceUnavailableError("the file of the database names no database") from error
        if url.get_backend_name() == "sqlite":
            return _sqlite(url, self._timeout_seconds)
        if url.get_backend_name() == "postgresql":
            return self._postgres(url)
        raise SourceUnavailableError("only PostgreSQL and SQLite can be followed")

    def _postgres(self, url: URL) -> Engine:
        hosts = [url.host, *(url.query.get(name) for name in ("host", "hostaddr"))]
        if "service" in url.query or not any(hosts):
            raise SourceUnavailableError("the database's URL has to name a host")
        for host in hosts:
            for each in host.split(",") if isinstance(host, str) else host or ():
                self._demand(each)
        limit = self._timeout_seconds * 1000
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True},
            connect_args={
                "connect_timeout": _CONNECT_SECONDS,
                # A cut line would otherwise be noticed after hours.
                "tcp_user_timeout": _ANSWER_MILLISECONDS,
                "options": f"-c statement_timeout={limit} -c default_transaction_read_only=on",
                "application_name": "strongroom",
            },
        )

    def _demand(self, host: str) -> None:
        if host.startswith("/"):
            # A socket file leads to this machine only.
            return
        try:
            demand_host(host, allowed=self._allowed_hosts, kind="sql")
        except ConnectorConfigError as error:
            raise SourceUnavailableError(str(error)) from error


def _sqlite(url: URL, timeout_seconds: int) -> Engine:
    if not url.database:
        raise SourceUnavailableError("the database's URL has to name a file")
    address = f"file:{quote(str(Path(url.database).absolute()))}?mode=ro"

    clock = _Deadline(timeout_seconds)

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address, uri=True, timeout=_CONNECT_SECONDS, isolation_level=None
        )
        connection.execute("PRAGMA query_only = ON")
        connection.set_progress_handler(clock.is_over, _STEPS_BETWEEN_LOOKS)
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    @event.listens_for(engine, "before_cursor_execute")
    def _start(*_: object) -> None:
        clock.start()

    return engine


class _Deadline:
    """Tells whether the statement that is running has had its time."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._end = 0.0
        self.start()

    def start(self) -> None:
        self._end = time.monotonic() + self._seconds

    def is_over(self) -> bool:
        return time.monotonic() > self._end
