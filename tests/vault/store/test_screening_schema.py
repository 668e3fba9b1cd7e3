"""A document has one floor, and a collection one schema."""

from vault.store.schema import metadata
from vault.store.screening_schema import classification_floor, description_schema


def test_both_tables_belong_to_the_schema_and_are_keyed_by_what_they_are_about() -> None:
    assert metadata.tables["classification_floor"] is classification_floor
    assert [column.name for column in classification_floor.primary_key] == ["document_id"]
    assert [column.name for column in description_schema.primary_key] == ["collection_id"]
