"""Source and file are brought under one name each, and nothing that misfits is dropped."""

from collections.abc import Mapping
from datetime import UTC, datetime

from vault.domain.description import Description, DescriptionSchema
from vault.domain.documents import ParsedDocument
from vault.domain.findings import FindingKind
from vault.ingest.describe import MOST_KEYWORDS, Stated, describe

CHANGED = datetime(2026, 5, 1, tzinfo=UTC)


def described(
    facts: Mapping[str, str],
    *properties: tuple[str, str],
    schema: DescriptionSchema | None = None,
    record_class: str | None = None,
) -> tuple[Description, list[str]]:
    parsed = ParsedDocument("Text.", (), "", "text/plain", "plain", 1.0, None, "en", properties)
    stated = Stated(facts, "share", "Manual", CHANGED, record_class)
    found, misfits = describe(stated, parsed, schema or DescriptionSchema())
    assert {one.kind for one in misfits} <= {FindingKind.DESCRIPTION}
    return found, [one.rule for one in misfits]


def test_without_facts_there_is_still_what_the_vault_knows() -> None:
    found, misfits = described({})
    assert found == Description("Manual", modified_at=CHANGED, language="en", source="share")
    assert misfits == []


def test_what_its_source_says_counts_before_what_the_file_says() -> None:
    found, _ = described({"author": "Ann"}, ("author", "Template"), ("language", "de-CH"))
    assert (found.author, found.language) == ("Ann", "de")
    found, _ = described({"author": " "}, ("author", "Ann"))
    assert found.author == "Ann"


def test_names_of_sources_become_one_name() -> None:
    found, _ = described({"Creator": "Ann", "tags": "pump, water;pump", "Created": "2025-01-02"})
    assert found.author == "Ann"
    assert found.keywords == ("pump", "water")
    assert found.created_at == datetime(2025, 1, 2, tzinfo=UTC)


def test_a_collection_has_names_and_defaults_of_its_own() -> None:
    schema = DescriptionSchema.of(
        {"renamed": {"Verfasser": "author"}, "defaults": {"language": "fr", "author": "nobody"}}
    )
    assert described({"verfasser": "Ann"}, schema=schema)[0].author == "Ann"
    found, _ = described({}, schema=schema)
    assert (found.author, found.language) == ("nobody", "fr")


def test_what_does_not_fit_is_told_by_rule() -> None:
    schema = DescriptionSchema.of({"required": ["author"], "allowed": {"record_class": ["hr"]}})
    found, misfits = described({"record_class": "fun", "created_at": "soon"}, schema=schema)
    assert misfits == ["unreadable:created_at", "missing:author", "not-allowed:record_class"]
    assert (found.record_class, found.created_at) == ("fun", None)


def test_the_class_its_owner_chose_wins() -> None:
    assert described({"record_class": "fun"}, record_class="hr")[0].record_class == "hr"


def test_times_become_utc_and_odd_languages_nothing() -> None:
    found, _ = described({"created_at": "2025-01-02T03:00:00+02:00", "language": "English!"})
    assert found.created_at == datetime(2025, 1, 2, 1, tzinfo=UTC)
    assert found.language == "en"


def test_a_field_is_bounded() -> None:
    words = ",".join(f"word{place}" for place in range(500))
    found, _ = described({"keywords": words, "author": "a" * 9_000})
    assert len(found.keywords) == MOST_KEYWORDS
    assert len(found.author) == 500
