"""Filters narrow what is visible; what is not visible has no values."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.vault.homes import home
from tests.vault.retrieve.worlds import keep
from vault.bootstrap import Vault
from vault.domain.labels import Classification
from vault.domain.questions import NO_FILTERS, Filters
from vault.store.filters import Facets

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OLD = datetime(2024, 5, 1, tzinfo=UTC)

Kept = tuple[Vault, dict[str, str]]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with home(tmp_path_factory.mktemp("filters")) as vault:
        pdf = "application/pdf"
        ids = {
            "plain": keep(vault, "one", "two", modified_at=OLD),
            "pdf": keep(vault, "three", media_type=pdf, owner="bo", collection="Deals"),
            "public": keep(vault, "four", level="public", source="wiki", language="de"),
            "stale": keep(vault, "five", fresh_for="30d", modified_at=OLD),
            "kept": keep(vault, "six", fresh_for="30d", modified_at=NOW - timedelta(days=29)),
            "hidden": keep(
                vault,
                "seven",
                readers=("user:olga",),
                collection="mergers",
                source="vault",
                media_type="text/html",
                language="fr",
                owner="olga",
            ),
        }
        yield vault, ids


def found(kept: Kept, filters: Filters, name: str = "ana") -> set[str]:
    """Return the names of the documents whose chunks the filters leave."""
    vault, ids = kept
    subject = vault.authenticator.subject(name)
    with vault.store.read() as unit:
        visible = vault.permissions.visible(unit, subject)
        chunks = unit.filters.chunk_ids(filters, visible.label_ids, now=NOW)
        assert chunks.tolist() == sorted(set(chunks.tolist()))
        rows = unit.chunks.live(chunks.tolist())
    assert len(rows) == len(chunks)
    names = {document_id: name for name, document_id in ids.items()}
    return {names[row.document_id] for row in rows.values()}


STAFF = {"plain", "pdf", "public", "stale", "kept"}


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (NO_FILTERS, STAFF),
        (Filters(source="wiki"), {"public"}),
        (Filters(source="WIKI"), {"public"}),
        (Filters(collection="deals"), {"pdf"}),
        (Filters(type="pdf"), {"pdf"}),
        (Filters(type="application/pdf"), {"pdf"}),
        (Filters(type="text"), STAFF - {"pdf"}),
        (Filters(classification_at_most=Classification.PUBLIC), {"public"}),
        (Filters(classification_at_most=Classification.SECRET), STAFF),
        (Filters(owner="bo"), {"pdf"}),
        (Filters(language="de"), {"public"}),
        (Filters(modified_after=NOW - timedelta(days=40)), {"pdf", "public", "kept"}),
        (Filters(modified_after=OLD, modified_before=OLD), set()),
        (Filters(modified_before=OLD + timedelta(seconds=1)), {"plain", "stale"}),
        (Filters(fresh_only=True), STAFF - {"stale"}),
        (Filters(type="pdf", owner="olga"), set()),
        (Filters(source="nowhere"), set()),
    ],
)
def test_every_filter_narrows_what_is_visible(
    kept: Kept, filters: Filters, names: set[str]
) -> None:
    assert found(kept, filters) == names


@pytest.mark.parametrize(
    "filters",
    [
        Filters(collection="mergers"),
        Filters(source="vault"),
        Filters(type="html"),
        Filters(language="fr"),
    ],
)
def test_a_value_of_hidden_documents_alone_finds_what_an_unknown_one_finds(
    kept: Kept, filters: Filters
) -> None:
    assert found(kept, filters) == set()
    assert found(kept, filters, "olga") == {"hidden"}


def test_facets_are_those_of_visible_documents(kept: Kept) -> None:
    vault, _ = kept
    with vault.store.read() as unit:
        label_ids = vault.permissions.visible(unit, vault.authenticator.subject("ana")).label_ids
        facets = unit.filters.facets(label_ids)
        none = unit.filters.facets(frozenset())
    assert facets == Facets(
        sources=frozenset({"shelf", "wiki"}),
        collections=frozenset({"rules", "Deals"}),
        types=frozenset({"text", "pdf"}),
        owners=frozenset({"olga", "bo"}),
        languages=frozenset({"en", "de"}),
    )
    assert none == Facets(*(frozenset() for _ in range(5)))


def test_a_document_its_owner_looked_at_again_is_fresh(kept: Kept) -> None:
    vault, ids = kept
    with vault.store.write() as unit:
        unit.documents.change(ids["stale"], verified_at=NOW - timedelta(days=1))
    assert found(kept, Filters(fresh_only=True)) == STAFF
    with vault.store.write() as unit:
        unit.documents.change(ids["stale"], verified_at=None)


def test_a_deleted_document_meets_no_filter(kept: Kept) -> None:
    vault, _ = kept
    gone = keep(vault, "eight", collection="passing")
    assert found((vault, {"gone": gone}), Filters(collection="passing")) == {"gone"}
    vault.keeper().remove(gone, reason="test")
    assert found(kept, Filters(collection="passing")) == set()
