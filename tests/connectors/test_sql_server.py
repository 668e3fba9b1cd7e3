"""What holds for rows holds against a real PostgreSQL server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from connectors.errors import SourceUnavailableError
from connectors.facts import Cursor, Item
from connectors.sql import SqlConnector
from connectors.sql_config import SqlConfig
from connectors.sql_database import ReadOnlyDatabase
from connectors.verdict import permits
from tests.connectors import contract
from tests.connectors.servers.postgres import Postgres, running_postgres

pytestmark = pytest.mark.slow

MAKE = (
    "DROP SCHEMA IF EXISTS wiki CASCADE",
    "CREATE SCHEMA wiki",
    'CREATE TABLE wiki."Page" (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), body text, '
    "title text, changed timestamptz DEFAULT clock_timestamp(), readers text[])",
    "INSERT INTO wiki.\"Page\" (body, title, readers) VALUES ('Thirty days.', 'Leave', "
    "ARRAY['alice', 'gid:7']), ('Closed at noon.', 'Notice', ARRAY['*']), ('Pay.', NULL, NULL)",
)
Connect = Callable[..., SqlConnector]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running_postgres() as running:
        yield running


@pytest.fixture
def connect(server: Postgres, tmp_path: Path) -> Connect:
    server.run(*MAKE)

    def made(*, url: str = "", **settings: object) -> SqlConnector:
        dsn = tmp_path / "dsn"
        dsn.write_text(url or server.url())
        wanted = {"id_column": "id", "text_column": "body", "title_column": "title"} | settings
        if "query" not in wanted:
            wanted.setdefault("table", "wiki.Page")
        return SqlConnector(source_id="wiki", config=SqlConfig(dsn, **wanted))

    return made


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"version_column": "changed", "modified_column": "changed", "page_rows": 1},
        {"readers_column": "readers", "page_rows": 2},
        {
            "query": "SELECT title::text AS id, body, title "
            "FROM wiki.\"Page\" WHERE title LIKE '%e%'"
        },
    ],
)
def test_it_keeps_the_contract(connect: Connect, settings: dict[str, object]) -> None:
    contract.keeps_the_contract(connect(**settings))


def test_later_rows_come_after_a_cursor_and_changed_readers_show_in_the_sweep(
    connect: Connect, server: Postgres
) -> None:
    connector = connect(version_column="changed", readers_column="readers")
    (*_, cursor) = connector.scan(None)
    assert isinstance(cursor, Cursor)
    before = {slim.id: slim for slim in connector.list_ids(cursor)}
    server.run(
        "UPDATE wiki.\"Page\" SET readers = ARRAY['carol'] WHERE title = 'Leave'",
        "INSERT INTO wiki.\"Page\" (body, title) VALUES ('New.', 'New')",
    )
    names = [fact.name for fact in connector.scan(cursor) if isinstance(fact, Item)]
    assert names[-1] == "New.txt"
    after = {slim.id: slim for slim in connector.list_ids(cursor)}
    (changed,) = [item for item in before if before[item].acl_hash != after[item].acl_hash]
    (right,) = connector.acl([changed])
    assert permits(right, frozenset({"name:carol"}))
    assert not permits(right, frozenset({"name:alice", "gid:7"}))


@pytest.mark.parametrize(
    "statement",
    [
        'DELETE FROM wiki."Page" RETURNING id',
        "SELECT setval(pg_get_serial_sequence('wiki.counter', 'i'), 5)",
        "SELECT pg_sleep(5)",
    ],
)
def test_statements_cannot_write_or_run_for_ever(
    connect: Connect, server: Postgres, tmp_path: Path, statement: str
) -> None:
    server.run("CREATE TABLE wiki.counter (i serial)")
    (tmp_path / "own").write_text(server.url())
    database = ReadOnlyDatabase(tmp_path / "own", allowed_hosts=(), timeout_seconds=1)
    with (
        pytest.raises(SourceUnavailableError, match=r"ReadOnlySqlTransaction|QueryCanceled"),
        database.connect() as connection,
    ):
        connection.execute(text(statement)).all()


@pytest.mark.parametrize("name", ["owner", "nobody"])
def test_wrong_credentials_are_an_outage_and_are_not_told(
    connect: Connect, server: Postgres, name: str
) -> None:
    connector = connect(url=server.url(name=name, password="swordfish"))
    health = connector.check()
    assert not health.ok
    assert "swordfish" not in health.detail
    with pytest.raises(SourceUnavailableError):
        list(connector.list_ids(None))


def test_rows_hidden_by_a_policy_all_at_once_are_an_outage_and_no_deletion(
    connect: Connect, server: Postgres
) -> None:
    server.run(
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN PASSWORD 'reading'",
        "GRANT USAGE ON SCHEMA wiki TO reader",
        'GRANT SELECT ON wiki."Page" TO reader',
    )
    try:
        connector = connect(url=server.url(name="reader", password="reading"))
        (*_, cursor) = connector.scan(None)
        assert isinstance(cursor, Cursor)
        server.run('ALTER TABLE wiki."Page" ENABLE ROW LEVEL SECURITY')
        with pytest.raises(SourceUnavailableError, match="no rows at all"):
            list(connector.list_ids(cursor))
    finally:
        server.run("DROP OWNED BY reader", "DROP ROLE reader")


def test_a_sweep_sees_one_state_of_the_table(connect: Connect, server: Postgres) -> None:
    connector = connect(page_rows=1)
    rows = connector.list_ids(None)
    seen = [next(rows).id]
    server.run('DELETE FROM wiki."Page"')
    seen += [slim.id for slim in rows]
    assert len(seen) == 3
