"""The tables of governed runs are part of the schema that the migrations lead to."""

from vault.domain.budgets import UNITS
from vault.store.orchestrate_schema import account, approval, posting, run_event
from vault.store.schema import metadata


def test_the_tables_are_of_the_one_schema() -> None:
    names = {"asset_version", "governed_run", "run_event", "run_artifact", "approval", "account"}
    assert names <= set(metadata.tables)


def test_every_unit_can_be_reserved_spent_and_posted() -> None:
    for unit in UNITS:
        assert {f"{unit}_reserved", f"{unit}_spent"} <= set(account.c.keys())
        assert unit in posting.c


def test_an_event_is_named_by_its_run_and_place_and_a_nonce_is_used_once() -> None:
    assert [column.name for column in run_event.primary_key] == ["run_id", "sequence"]
    assert approval.c.nonce.unique
