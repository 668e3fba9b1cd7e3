"""The table of what a directory says is part of the vault's schema."""

from vault.store.provisioning_schema import provisioned
from vault.store.schema import metadata


def test_a_person_or_group_has_one_row() -> None:
    assert metadata.tables["provisioned"] is provisioned
    assert [column.name for column in provisioned.primary_key] == ["reference"]
