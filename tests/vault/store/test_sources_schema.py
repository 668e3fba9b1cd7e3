"""The tables of what sources say are part of the schema."""

from vault.store import sources_schema
from vault.store.schema import metadata


def test_every_table_of_sources_is_in_the_schema() -> None:
    names = {
        "identity",
        "identity_alias",
        "identity_map",
        "identity_member",
        "source_acl",
        "source_item",
        "source_list",
        "source_name",
    }
    assert names <= set(metadata.tables)
    assert all(hasattr(sources_schema, name) for name in names)
