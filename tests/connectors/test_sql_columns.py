"""Statements name columns in quotes and carry values as parameters."""

from sqlalchemy.dialects import postgresql, sqlite

from connectors.sql_columns import SqlColumns, Statements

COLUMNS = SqlColumns(id='odd "id"', text="body", version="at")


def written(statement: object, dialect: object) -> str:
    return " ".join(str(statement.compile(dialect=dialect)).split())


def test_a_table_and_its_schema_are_quoted() -> None:
    statements = Statements(COLUMNS, table_name="My Schema.Page", query="")
    found = written(statements.only(COLUMNS.id), postgresql.dialect())
    assert found.startswith('SELECT "My Schema"."Page"."odd ""id"""')
    assert found.endswith('FROM "My Schema"."Page"')


def test_a_query_stands_in_parentheses_with_its_own_colons_and_percents() -> None:
    query = "SELECT a::text AS body, '10:30 %' AS x, ':y' AS z FROM t"
    statements = Statements(COLUMNS, table_name="", query=query)
    found = written(statements.only("body"), sqlite.dialect())
    assert f"FROM ({query}) AS source" in found


def test_values_are_parameters() -> None:
    statements = Statements(COLUMNS, table_name="t", query="")
    found = statements.among(statements.only("body"), "body", ["x'; DROP TABLE t"])
    found = statements.since(found, "at", 5)
    page = statements.page(found, ["at", COLUMNS.id], after=[7, "k"], limit=3)
    told = written(page, sqlite.dialect())
    assert "DROP" not in told
    assert "> (?, ?)" in told
    assert "IS NOT NULL ORDER BY" in told


def test_the_size_of_a_text_is_counted_in_bytes_by_either_database() -> None:
    statements = Statements(COLUMNS, table_name="t", query="")
    assert "octet_length" in written(
        statements.everything(max_bytes=5, sqlite=False), postgresql.dialect()
    )
    assert "CAST(t.body AS BLOB)" in written(
        statements.everything(max_bytes=5, sqlite=True), sqlite.dialect()
    )


def test_keys_are_looked_at_before_they_are_trusted() -> None:
    statements = Statements(COLUMNS, table_name="t", query="")
    assert "HAVING count(*) >" in written(statements.doubles(), sqlite.dialect())
    assert "IS NULL" in written(statements.keyless(), sqlite.dialect())
    assert "max(" in written(statements.highest("at"), sqlite.dialect())
