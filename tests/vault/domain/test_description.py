"""A description survives its own bytes, and a schema says what is missing without its value."""

from datetime import UTC, datetime

import pytest

from vault.domain.description import FIELDS, Description, DescriptionSchema
from vault.domain.errors import InvalidRequestError

FULL = Description(
    title="Pump manual",
    author="Ann Lee",
    created_at=datetime(2025, 1, 2, 3, 4, tzinfo=UTC),
    modified_at=datetime(2026, 1, 2, tzinfo=UTC),
    language="en",
    source="share",
    record_class="manuals",
    keywords=("pump", "water"),
    found=(("personal-data:iban", 2),),
)


@pytest.mark.parametrize("description", [FULL, Description(title="")])
def test_a_description_survives_its_own_bytes(description: Description) -> None:
    assert Description.from_bytes(description.to_bytes()) == description


def test_its_public_form_has_every_field_by_one_name() -> None:
    form = FULL.form()
    assert form.keys() == {*FIELDS, "found"}
    assert form["created_at"] == "2025-01-02T03:04:00+00:00"
    assert form["keywords"] == ["pump", "water"]
    assert form["found"] == {"personal-data:iban": 2}


def test_a_schema_names_what_is_missing_and_what_is_not_allowed() -> None:
    schema = DescriptionSchema.of(
        {
            "required": ["author", "record_class"],
            "allowed": {"language": ["en", "de"], "keywords": ["pump", "water"]},
        }
    )
    assert list(schema.misfits(FULL)) == []
    odd = Description(title="t", language="fr", keywords=("pump", "oil"))
    assert list(schema.misfits(odd)) == [
        "missing:author",
        "missing:record_class",
        "not-allowed:language",
        "not-allowed:keywords",
    ]
    empty = Description(title="t", author="a", record_class="c")
    assert list(schema.misfits(empty)) == []


def test_a_schema_survives_its_plain_form() -> None:
    form = {
        "required": ["author"],
        "allowed": {"language": ["de", "en"]},
        "renamed": {"Verfasser": "author"},
        "defaults": {"language": "de"},
    }
    assert DescriptionSchema.of(form).form() == form
    assert DescriptionSchema.of({}) == DescriptionSchema()


@pytest.mark.parametrize(
    "form",
    [
        {"needed": ["author"]},
        {"required": "author"},
        {"required": [1]},
        {"required": ["colour"]},
        {"allowed": ["language"]},
        {"allowed": {"language": "en"}},
        {"allowed": {"colour": ["red"]}},
        {"renamed": {"a": "colour"}},
        {"renamed": {"a": 1}},
        {"renamed": ["a"]},
        {"defaults": {"colour": "red"}},
    ],
)
def test_a_schema_that_cannot_be_meant_is_refused(form: dict[str, object]) -> None:
    with pytest.raises(InvalidRequestError):
        DescriptionSchema.of(form)
