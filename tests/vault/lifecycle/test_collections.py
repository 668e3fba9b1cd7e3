"""The operator says what a collection demands, and it is in the ledger."""

import json
from pathlib import Path

import pytest

from tests.vault.lifecycle.conftest import Office
from vault.domain.description import DescriptionSchema
from vault.domain.errors import InvalidRequestError
from vault.lifecycle.collections import MOST_BYTES, CollectionDesk, read_schema

SCHEMA = DescriptionSchema.of({"required": ["author"]})


@pytest.fixture
def desk(office: Office) -> CollectionDesk:
    return CollectionDesk(office.store, journal=office.journal, now=office.clock)


def test_a_schema_is_set_shown_and_dropped(office: Office, desk: CollectionDesk) -> None:
    assert desk.schemas() == {}
    desk.set_schema("papers", SCHEMA)
    assert desk.schemas() == {"papers": SCHEMA}
    desk.drop_schema("papers")
    assert desk.schemas() == {}
    assert office.events("papers") == ["collection.schema_set", "collection.schema_dropped"]
    with pytest.raises(InvalidRequestError, match="has no schema"):
        desk.drop_schema("papers")


def test_documents_that_come_from_then_on_must_fit(office: Office, desk: CollectionDesk) -> None:
    before = office.keep("before", text="The pump is old.")
    desk.set_schema("papers", SCHEMA)
    after = office.keep("after", text="The pump is new.")
    assert (office.state(before), office.state(after)) == ("current", "quarantined")
    with office.store.read() as unit:
        kept = unit.documents.get(before)
    assert kept is not None
    described = desk.description(kept)
    assert described is not None
    assert described.source == "shelf"


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    toml, plain = tmp_path / "a.toml", tmp_path / "a.json"
    toml.write_text('required = ["author"]\n')
    plain.write_text(json.dumps({"required": ["author"]}))
    assert read_schema(toml) == read_schema(plain) == SCHEMA


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", "required ="),
        ("a.json", "{"),
        ("a.json", "[]"),
        ("a.toml", 'required = ["colour"]'),
        ("a.toml", "#" * (MOST_BYTES + 1)),
    ],
)
def test_a_file_that_is_no_schema_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InvalidRequestError):
        read_schema(tmp_path / name)
    with pytest.raises(InvalidRequestError):
        read_schema(tmp_path / "missing.toml")
