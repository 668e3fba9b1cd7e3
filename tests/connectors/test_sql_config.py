"""A database source is told where its rows are, and refuses what says nothing."""

from pathlib import Path

import pytest

from connectors.errors import ConnectorConfigError
from connectors.sql_config import SqlConfig


def config(**settings: object) -> SqlConfig:
    wanted = {"dsn_file": Path("dsn"), "id_column": "id", "text_column": "body"} | settings
    return SqlConfig(**wanted)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "either table or query"),
        ({"table": "t", "query": "SELECT 1"}, "either table or query"),
        ({"query": "SELECT 1) x; DROP TABLE t; SELECT (1"}, "without ';'"),
        ({"table": "t", "facts": ("level",)}, "fact=column"),
        ({"table": "t", "page_rows": 0}, "more than nothing"),
        ({"table": "t", "timeout_seconds": 0}, "more than nothing"),
    ],
)
def test_settings_that_mean_nothing_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConnectorConfigError, match=message):
        config(**settings)


def test_columns_are_taken_from_the_settings() -> None:
    columns = config(
        table="t", title_column="title", facts=("hold=matter", "author=title")
    ).columns()
    assert columns.names() == ["id", "body", "title", "matter"]
    assert columns.facts == (("hold", "matter"), ("author", "title"))
