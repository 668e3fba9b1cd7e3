"""A statement is parsed: what it does is known, not guessed from its words."""

import pytest

from vault.domain.errors import InvalidRequestError
from vault.orchestrate.kinds.statements import (
    MOST_CHARACTERS,
    check_statement,
    names_in,
    parameters_of,
    rendered,
    row_form,
)


def checked(text: str, dialect: str = "postgres", *tables: str):
    return check_statement(
        text,
        dialect=dialect,
        tables=frozenset(tables or {"part", "shop.part"}),
        functions=frozenset({"soundex2"}),
    )


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM part",
        "SELECT a FROM shop.part UNION SELECT b FROM part",
        "WITH t AS (SELECT * FROM part) SELECT count(*) FROM t",
        "SELECT soundex2(name), upper(name) FROM part /* DROP TABLE part */",
        "SELECT name FROM part WHERE name = 'DELETE FROM part'",
    ],
)
def test_what_only_reads_is_taken(text: str) -> None:
    assert "DROP" not in rendered(checked(text), dialect="postgres")[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "UPDATE part SET a = 1",
        "WITH t AS (DELETE FROM part RETURNING *) SELECT * FROM t",
        "SELECT * INTO other FROM part",
        "SELECT * FROM part FOR UPDATE",
        "SELECT 1; SELECT 2",
        "COPY part TO '/tmp/x'",
        "SET ROLE admin",
        "EXPLAIN ANALYZE DELETE FROM part",
        "CALL everything()",
        "SELECT pg_read_file('/etc/passwd') FROM part",
        "SELECT pg_sleep(10) FROM part",
        "SELECT set_config('a', 'b', false) FROM part",
        "SELECT lo_import('/etc/passwd') FROM part",
        "SELECT * FROM pg_shadow",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM wage",
        "SELECT * FROM other.part",
        "SELECT * FROM part, wage",
        "SELECT * FROM dblink('x', 'y') AS t(a int)",
        "SELECT * FROM generate_series(1, 10)",
        "SELECT (SELECT max(a) FROM wage) FROM part",
        "x" * (MOST_CHARACTERS + 1),
    ],
)
def test_what_does_more_or_reads_elsewhere_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequestError):
        checked(text)


def test_parameters_have_names_and_an_order() -> None:
    statement = checked("SELECT a FROM part WHERE b = :beta AND c LIKE '%x' AND d = :alpha")
    assert parameters_of(statement) == {"alpha", "beta"}
    text, names = rendered(statement, dialect="postgres")
    assert names == ("alpha", "beta")
    assert "b = $2" in text
    assert "LIKE '%x'" in text
    assert ":beta" in rendered(statement, dialect="sqlite")[0]
    with pytest.raises(InvalidRequestError, match=":name"):
        parameters_of(checked("SELECT a FROM part WHERE b = $1"))


def test_rows_are_told_in_json() -> None:
    rows = row_form(["a", "b", "c"], [(1, b"\x00", None)])
    assert rows == [{"a": 1, "b": "00", "c": None}]


def test_names_are_a_list_of_texts() -> None:
    assert names_in({"tables": ["Part"]}, "tables") == {"part"}
    with pytest.raises(InvalidRequestError):
        names_in({"tables": [1]}, "tables")
