"""Statements that read, and nothing else: parsed, never searched for words."""

from collections.abc import Iterator, Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from vault.domain.errors import InvalidRequestError

MOST_CHARACTERS = 10_000
_READS = (exp.Select, exp.SetOperation, exp.Subquery)
_ACTS = (
    exp.Alter,
    exp.Analyze,
    exp.Command,
    exp.Copy,
    exp.Create,
    exp.DDL,
    exp.DML,
    exp.Drop,
    exp.Into,
    exp.Lock,
    exp.Pragma,
    exp.Set,
    exp.Transaction,
    exp.Use,
)
_CATALOGS = ("pg_", "information_schema", "sqlite_")


def check_statement(
    text: str, *, dialect: str, tables: frozenset[str], functions: frozenset[str]
) -> exp.Expression:
    """Return a statement that only reads, from these tables alone.

    Args:
        text: exactly one statement.
        dialect: ``sqlite`` or ``postgres``.
        tables: names of tables, in lower case, with their schema where the statement has one.
        functions: names of functions that the database has besides the standard's.

    Raises:
        InvalidRequestError: it is none, or does more, or reads elsewhere.
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidRequestError(f"a statement has at most {MOST_CHARACTERS} characters")
    try:
        parsed = sqlglot.parse(text, dialect=dialect)
    except (SqlglotError, RecursionError):
        raise InvalidRequestError("this is not a statement of this database") from None
    if len(parsed) != 1 or not isinstance(parsed[0], _READS):
        raise InvalidRequestError("one statement is allowed, and it only reads")
    statement = parsed[0]
    _check_parts(statement)
    _check_functions(statement, functions)
    for name in _tables_of(statement):
        if name not in tables or name.startswith(_CATALOGS):
            raise InvalidRequestError(f"the table {name[:80]!r} may not be read")
    return statement


def parameters_of(statement: exp.Expression) -> frozenset[str]:
    """Return the names of the parameters, written ``:name``, of a statement.

    Raises:
        InvalidRequestError: one has no name.
    """
    names = [str(found.this or "") for found in statement.find_all(exp.Placeholder)]
    if not all(names) or any(statement.find_all(exp.Parameter)):
        raise InvalidRequestError("every parameter of a statement is written :name")
    return frozenset(names)


def rendered(statement: exp.Expression, *, dialect: str) -> tuple[str, tuple[str, ...]]:
    """Return the checked statement as its database reads it, and its parameters in order.

    It is written from what was parsed, so that nothing that was not parsed is sent. SQLite
    reads ``:name``; PostgreSQL reads ``$1`` for the first name in order.
    """
    names = tuple(sorted(parameters_of(statement)))
    if dialect == "sqlite":
        return statement.sql(dialect=dialect, comments=False), names

    def numbered(node: exp.Expression) -> exp.Expression:
        if not isinstance(node, exp.Placeholder):
            return node
        return exp.Parameter(this=exp.Literal.number(names.index(str(node.this)) + 1))

    return statement.transform(numbered).sql(dialect=dialect, comments=False), names


def row_form(names: list[str], rows: list[tuple[object, ...]]) -> list[dict[str, object]]:
    """Return rows as JSON objects; what JSON does not have is written as text."""
    return [{name: _plain(value) for name, value in zip(names, row, strict=True)} for row in rows]


def names_in(binding: Mapping[str, object], member: str) -> frozenset[str]:
    """Return the names that a binding lists under a member, in lower case.

    Raises:
        InvalidRequestError: it lists something else.
    """
    found = binding.get(member, [])
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise InvalidRequestError(f"{member} is a list of names")
    return frozenset(name.lower() for name in found)


def _check_parts(statement: exp.Expression) -> None:
    for node in statement.walk():
        if isinstance(node, _ACTS):
            raise InvalidRequestError("one statement is allowed, and it only reads")


def _check_functions(statement: exp.Expression, functions: frozenset[str]) -> None:
    for found in statement.find_all(exp.Anonymous):
        name = str(found.this).lower()
        if name not in functions:
            raise InvalidRequestError(f"the function {name[:80]!r} may not be called")


def _tables_of(statement: exp.Expression) -> Iterator[str]:
    made = {found.alias_or_name.lower() for found in statement.find_all(exp.CTE)}
    for table in statement.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            raise InvalidRequestError("a statement reads from tables alone")
        parts = [part for part in (table.catalog, table.db, table.name) if part]
        name = ".".join(parts).lower()
        if len(parts) > 1 or name not in made:
            yield name


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)
