"""A collection has the schema that was set last, or none."""

from datetime import UTC, datetime

from vault.store.session import Store

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_the_last_schema_set_counts_until_it_is_dropped(store: Store) -> None:
    with store.write() as unit:
        schemas = unit.description_schemas
        assert (schemas.all(), schemas.of("papers")) == ({}, None)
        schemas.put("papers", {"required": ["author"]}, now=NOW)
        schemas.put("papers", {"required": ["title"]}, now=NOW)
        schemas.put("other", {}, now=NOW)
    with store.write() as unit:
        schemas = unit.description_schemas
        assert schemas.all() == {"papers": {"required": ["title"]}, "other": {}}
        assert schemas.of("papers") == {"required": ["title"]}
        assert schemas.drop("papers")
        assert not schemas.drop("papers")
        assert schemas.all() == {"other": {}}
