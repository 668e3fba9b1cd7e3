"""A tool of kind sql reads rows of its tables, a bounded number of them, and changes nothing."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.connectors.servers.postgres import running_postgres
from tests.vault.orchestrate.workshop import broker, context, definition
from vault.domain.errors import InvalidRequestError
from vault.domain.tools import Reversibility, ToolDefinition, ToolKind
from vault.orchestrate.kinds.sql_tools import SqlTool
from vault.orchestrate.tool import RetryableToolError, ToolContext, ToolError, ToolFailedError


def made(
    statement: str | None = "SELECT name, price FROM part WHERE price < :most ORDER BY name",
    *,
    dialect: str = "sqlite",
    **changes: object,
) -> ToolDefinition:
    binding: dict[str, object] = {"dialect": dialect, "database": "stock", "tables": ["part"]}
    if statement is not None:
        binding["statement"] = statement
    binding |= changes.pop("binding", {})  # type: ignore[arg-type]
    names = {"statement": {"type": "string"}} if statement is None else {"most": {}}
    found = definition(
        "stock",
        kind=ToolKind.SQL,
        input_schema={"type": "object", "properties": names},
        secrets=frozenset({"stock"}),
        binding=binding,
    )
    return replace(found, **changes)


@pytest.fixture
def call(tmp_path: Path) -> ToolContext:
    path = tmp_path / "stock.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE part (name TEXT, price REAL, picture BLOB);"
            "CREATE TABLE wage (name TEXT, amount REAL);"
            "INSERT INTO part VALUES ('bolt', 1.5, x'00ff'), ('nut', 0.5, NULL), ('gear', 80, '');"
        )
    connection.close()
    return context(secrets=broker(stock=str(path)), names=frozenset({"stock"}))


def test_an_approved_statement_gives_its_rows(call: ToolContext) -> None:
    found = SqlTool(made()).call({"most": 10}, call).content
    assert found == {
        "columns": ["name", "price"],
        "rows": [{"name": "bolt", "price": 1.5}, {"name": "nut", "price": 0.5}],
        "more": False,
    }


def test_an_argument_is_a_value_and_never_a_part_of_the_statement(call: ToolContext) -> None:
    tool = SqlTool(made("SELECT name FROM part WHERE name = :most"))
    assert tool.call({"most": "' OR 1=1 --"}, call).content["rows"] == []


def test_rows_are_limited_and_said_to_be(call: ToolContext) -> None:
    tool = SqlTool(made("SELECT name FROM part WHERE price < :most", binding={"max_rows": 2}))
    found = tool.call({"most": 1000}, call).content
    assert (len(found["rows"]), found["more"]) == (2, True)


def test_bytes_are_told_in_hexadecimal(call: ToolContext) -> None:
    tool = SqlTool(made("SELECT picture FROM part WHERE name = :most"))
    assert tool.call({"most": "bolt"}, call).content["rows"] == [{"picture": "00ff"}]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM part",
        "SELECT name FROM part; DROP TABLE part",
        "SELECT amount FROM wage",
        "SELECT name FROM part WHERE name IN (SELECT name FROM wage)",
        "WITH part AS (SELECT name FROM wage) SELECT name FROM part",
        "SELECT load_extension('x') FROM part",
        "SELECT sql FROM sqlite_master",
        "PRAGMA table_info(part)",
        "ATTACH 'other.db' AS other",
        "SELECT name FROM part WHERE name = :x",
        "not sql at all",
    ],
)
def test_a_statement_of_the_caller_reads_the_named_tables_alone(
    call: ToolContext, statement: str
) -> None:
    with pytest.raises(RetryableToolError):
        SqlTool(made(None)).call({"statement": statement}, call)


def test_a_good_statement_of_the_caller_runs(call: ToolContext) -> None:
    text = "WITH cheap AS (SELECT * FROM part WHERE price < 2) SELECT count(*) AS n FROM cheap"
    assert SqlTool(made(None)).call({"statement": text}, call).content["rows"] == [{"n": 2}]


def test_a_statement_that_never_ends_is_ended(call: ToolContext) -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT count(*) AS c FROM n"
    )
    with pytest.raises(ToolFailedError, match="took too long"):
        SqlTool(made(None)).call({"statement": endless}, replace(call, seconds=0.3))


def test_the_database_itself_refuses_what_the_parser_would_let_through(
    call: ToolContext,
) -> None:
    tool = SqlTool(made(None, binding={"functions": ["load_extension"]}))
    with pytest.raises(ToolFailedError, match="refused"):
        tool.call({"statement": "SELECT load_extension('x') AS x FROM part"}, call)


def test_a_database_that_is_not_there_is_never_made(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    call = context(secrets=broker(stock=str(missing)), names=frozenset({"stock"}))
    with pytest.raises(ToolError):
        SqlTool(made()).call({"most": 1}, call)
    assert not missing.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"binding": {"dialect": "oracle"}},
        {"binding": {"max_rows": 0}},
        {"binding": {"shell": "x"}},
        {"binding": {"statement": "UPDATE part SET price = :most"}},
        {"binding": {"statement": "SELECT name FROM part WHERE name = :other"}},
        {"binding": {"statement": "SELECT name FROM part WHERE name = ?"}},
        {"binding": {"tables": "part"}},
        {"secrets": frozenset()},
        {"reversibility": Reversibility.IRREVERSIBLE},
    ],
)
def test_a_definition_that_is_not_plainly_reading_makes_no_tool(changes: dict) -> None:
    with pytest.raises(InvalidRequestError):
        SqlTool(made(**changes))


@pytest.mark.enable_socket
@pytest.mark.slow
def test_postgres_reads_rows_and_changes_nothing() -> None:
    with running_postgres() as server:
        server.run(
            "CREATE TABLE part (name text, price double precision)",
            "INSERT INTO part VALUES ('bolt', 1.5), ('nut', 0.5), ('gear', 80)",
            "CREATE SEQUENCE counter",
        )
        place = server.url()
        call = context(secrets=broker(stock=place), names=frozenset({"stock"}), seconds=5)
        text = "SELECT name, price FROM part WHERE price < :most AND name LIKE '%t' ORDER BY name"
        found = SqlTool(made(text, dialect="postgres")).call({"most": 10}, call)
        assert [row["name"] for row in found.content["rows"]] == ["bolt", "nut"]
        free = made(None, dialect="postgres", binding={"functions": ["pg_sleep", "nextval"]})
        tool = SqlTool(free)
        asked = {"statement": "SELECT nextval('counter') AS n FROM part"}
        with pytest.raises(ToolFailedError, match="ReadOnlySqlTransaction"):
            tool.call(asked, call)
        with pytest.raises(ToolFailedError, match="took too long"):
            tool.call(
                {"statement": "SELECT pg_sleep(30) AS s FROM part"}, replace(call, seconds=0.5)
            )
        with pytest.raises(ToolFailedError, match="refused") as caught:
            tool.call({"statement": "SELECT missing FROM part"}, call)
        assert "missing" not in caught.value.detail


@pytest.mark.enable_socket
@pytest.mark.slow
def test_a_database_that_does_not_answer_may_come_back() -> None:
    place = "postgresql://nobody@127.0.0.1:9/none"
    call = context(secrets=broker(stock=place), names=frozenset({"stock"}), seconds=2)
    with pytest.raises(RetryableToolError, match="cannot be reached"):
        SqlTool(made(dialect="postgres")).call({"most": 1}, call)
    call = context(secrets=broker(stock="/etc/passwd"), names=frozenset({"stock"}))
    with pytest.raises(ToolFailedError, match="no postgresql"):
        SqlTool(made(dialect="postgres")).call({"most": 1}, call)
