"""Times sort as they happened, and no table has a column for what must stay sealed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from vault.store.schema import UtcTime, data_key, key_metadata, metadata, token
from vault.store.session import Store

moments = Table("moment", MetaData(), Column("at", UtcTime))


def written(store: Store, *times: datetime | None) -> list[datetime | None]:
    """Return times as they come back from a table, in the order of their text."""
    with store.database.transaction(write=True) as connection:
        moments.create(connection, checkfirst=True)
        connection.execute(insert(moments), [{"at": at} for at in times])
        return list(connection.execute(select(moments.c.at).order_by(moments.c.at)).scalars())


def test_a_time_comes_back_as_the_same_moment_in_utc(store: Store) -> None:
    paris = timezone(timedelta(hours=1))
    [found] = written(store, datetime(2026, 1, 1, 0, 30, 0, 7, tzinfo=paris))
    assert found == datetime(2025, 12, 31, 23, 30, 0, 7, tzinfo=UTC)
    assert found is not None
    assert found.utcoffset() == timedelta()


def test_times_of_any_year_sort_as_they_happened(store: Store) -> None:
    happened = [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 11, 22, tzinfo=UTC),
        datetime(2026, 11, 22, 0, 0, 0, 1, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
    ]
    assert written(store, *reversed(happened)) == happened


def test_no_time_is_none(store: Store) -> None:
    assert written(store, None) == [None]


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 11, 22, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(StatementError, match="without a zone"):
        written(store, naive)


def test_secrets_and_content_have_no_plain_column() -> None:
    assert "secret" not in token.columns
    assert isinstance(data_key.c.wrapped.type, LargeBinary)
    plain = {"text", "content", "question", "passage", "vector", "secret", "password", "key"}
    for table in (*metadata.tables.values(), *key_metadata.tables.values()):
        assert not plain & set(table.columns.keys())


def test_keys_live_in_a_store_of_their_own() -> None:
    assert set(key_metadata.tables) == {"data_key"}
    assert "data_key" not in metadata.tables
