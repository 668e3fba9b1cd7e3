"""The tables of tools are part of the vault's schema."""

from vault.store.schema import metadata
from vault.store.tools_schema import tool_bucket


def test_the_bucket_is_one_row_a_tool() -> None:
    assert metadata.tables["tool_bucket"] is tool_bucket
    assert [column.name for column in tool_bucket.primary_key] == ["tool"]
