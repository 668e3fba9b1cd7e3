"""The tables of the records' rules are part of the schema that the migrations lead to."""

from vault.store.records_schema import hold_item, request
from vault.store.schema import metadata


def test_the_tables_are_of_the_one_schema() -> None:
    names = {"legal_hold", "hold_item", "record_class", "document_event", "request"}
    assert names <= set(metadata.tables)


def test_a_hold_is_named_by_what_it_covers_and_a_request_keeps_its_digest() -> None:
    assert {key.target_fullname for key in hold_item.foreign_keys} == {"legal_hold.id"}
    assert not request.c.digest.nullable
