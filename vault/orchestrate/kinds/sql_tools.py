"""Read-only SQL as tools: parsed, parameterised, row-limited and bounded in time."""

import sqlite3
import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from sqlglot import exp

from vault.domain.errors import InvalidRequestError
from vault.domain.tools import Reversibility, ToolDefinition, ToolResult
from vault.orchestrate.kinds.statements import (
    check_statement,
    names_in,
    parameters_of,
    rendered,
    row_form,
)
from vault.orchestrate.tool import RetryableToolError, ToolContext, ToolFailedError

MOST_ROWS = 1000
FREE = "statement"
"""Argument of a tool that takes the statement itself."""
_READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, 33})
"""What SQLite asks about when it compiles a statement that only reads; 33 is a recursion."""
_MEMBERS = frozenset({"dialect", "statement", "tables", "functions", "max_rows", "database"})
Rows = tuple[list[str], list[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class _Query:
    text: str
    values: Mapping[str, object]
    most: int
    seconds: float


class SqlTool:
    """Runs one approved statement, or statements of the caller's on approved tables.

    The secret that the binding names as ``database`` says where it is: the path of a SQLite
    file, or a ``postgresql://`` URL.

    Args:
        definition: what was approved.

    Raises:
        InvalidRequestError: its statement does more than read, or its arguments do not fit.
    """

    def __init__(self, definition: ToolDefinition) -> None:
        self._definition = definition
        binding = definition.binding
        unknown = binding.keys() - _MEMBERS
        if unknown:
            raise InvalidRequestError(f"the binding has an unknown member {min(unknown)[:40]!r}")
        if definition.reversibility is not Reversibility.READ:
            raise InvalidRequestError("a tool of kind sql only reads; say reversibility: read")
        self._dialect = str(binding.get("dialect", ""))
        self._database = str(binding.get("database", ""))
        if self._dialect not in {"sqlite", "postgres"}:
            raise InvalidRequestError("the dialect of a tool of kind sql is sqlite or postgres")
        if self._database not in definition.secrets:
            raise InvalidRequestError("the database of a tool of kind sql is one of its secrets")
        most = binding.get("max_rows", 100)
        if not isinstance(most, int) or not 1 <= most <= MOST_ROWS:
            raise InvalidRequestError(f"max_rows is 1 to {MOST_ROWS}")
        self._most = most
        self._tables = names_in(binding, "tables")
        self._functions = names_in(binding, "functions")
        self._fixed = self._statement(str(binding["statement"])) if FREE in binding else None
        self._check_arguments()

    @property
    def definition(self) -> ToolDefinition:
        """What was approved."""
        return self._definition

    def call(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Run the statement once and return its columns and first rows.

        Raises:
            RetryableToolError: the statement of the caller does more than read, or the
                database is not there.
            ToolFailedError: the database refused it, or took too long.
        """
        if self._fixed is None:
            try:
                statement, values = self._statement(str(arguments[FREE])), {}
            except InvalidRequestError as error:
                raise RetryableToolError(error.detail) from None
            if parameters_of(statement):
                raise RetryableToolError("a statement of the caller's has no parameters")
        else:
            statement = self._fixed
            values = {name: arguments.get(name) for name in parameters_of(statement)}
        text, names = rendered(statement, dialect=self._dialect)
        ordered = {name: values[name] for name in names}
        query = _Query(text, ordered, self._most, context.seconds)
        place = context.secrets.reveal(self._database)
        read = _read_sqlite if self._dialect == "sqlite" else _read_postgres
        columns, rows = read(place, query)
        content: dict[str, object] = {
            "columns": columns,
            "rows": row_form(columns, rows[: self._most]),
            "more": len(rows) > self._most,
        }
        return ToolResult(content, context.label)

    def _statement(self, text: str) -> exp.Expression:
        return check_statement(
            text, dialect=self._dialect, tables=self._tables, functions=self._functions
        )

    def _check_arguments(self) -> None:
        known = self._definition.input_schema.get("properties")
        given = frozenset(known) if isinstance(known, Mapping) else frozenset()
        wanted = frozenset({FREE}) if self._fixed is None else parameters_of(self._fixed)
        if given != wanted:
            raise InvalidRequestError(
                "the arguments of a tool of kind sql are the parameters of its statement: "
                + ", ".join(sorted(wanted))
            )


def _read_sqlite(place: str, query: _Query) -> Rows:
    uri = f"file:{quote(str(Path(place).absolute()))}?mode=ro"
    try:
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False, timeout=1.0)
    except sqlite3.Error:
        raise RetryableToolError("the database cannot be opened") from None
    with closing(connection):
        # The alarm ends a statement that computes for ever between two rows too.
        alarm = threading.Timer(query.seconds, connection.interrupt)
        alarm.daemon = True
        alarm.start()
        try:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.set_authorizer(_allow_reading)
            cursor = connection.execute(query.text, dict(query.values))
            rows = cursor.fetchmany(query.most + 1)
            return _unique([column[0] for column in cursor.description or ()]), rows
        except sqlite3.Error as error:
            raise ToolFailedError(_reason(error)) from None
        finally:
            alarm.cancel()


def _allow_reading(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _reason(error: sqlite3.Error) -> str:
    if "interrupted" in str(error):
        return "the statement took too long"
    return f"the database refused the statement ({type(error).__name__})"


def _read_postgres(place: str, query: _Query) -> Rows:
    import psycopg  # noqa: PLC0415 - of an extra

    if urlsplit(place).scheme not in {"postgresql", "postgres"}:
        raise ToolFailedError("the secret of the database is no postgresql:// URL")
    milliseconds = max(1, int(query.seconds * 1000))
    try:
        with psycopg.connect(
            place,
            connect_timeout=max(2, int(query.seconds)),
            options=f"-c default_transaction_read_only=on -c statement_timeout={milliseconds}",
            keepalives_idle=5,
            tcp_user_timeout=milliseconds,
        ) as connection:
            connection.read_only = True
            with psycopg.RawCursor(connection) as cursor:
                cursor.execute(query.text.encode(), list(query.values.values()))
                names = [column.name for column in cursor.description or ()]
                return _unique(names), cursor.fetchmany(query.most + 1)
    except psycopg.errors.QueryCanceled:
        raise ToolFailedError("the statement took too long") from None
    except psycopg.OperationalError:
        raise RetryableToolError("the database cannot be reached") from None
    except psycopg.Error as error:
        kind = type(error).__name__
        raise ToolFailedError(f"the database refused the statement ({kind})") from None


def _unique(names: list[str]) -> list[str]:
    if len(set(names)) != len(names):
        raise ToolFailedError("the statement gives two columns one name")
    return names
