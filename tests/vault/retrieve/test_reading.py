"""Every hit is joined to the store again; what is gone, hidden or replaced is not read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.vault.homes import home, subject
from tests.vault.retrieve.worlds import keep
from vault.bootstrap import Vault
from vault.domain.evidence import Passage, ScoreTerm
from vault.retrieve.fusion import Fused
from vault.retrieve.reading import PassageReader, TimeScope
from vault.retrieve.standing import Standing

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with home(tmp_path) as found:
        yield found


def chunk_of(vault: Vault, document_id: str) -> int:
    with vault.store.read() as unit:
        kept = unit.documents.get(document_id)
        assert kept is not None
        assert kept.document.revision is not None
        return unit.chunks.of([kept.document.revision.id])[0].chunk_id


def read(vault: Vault, *documents: str, name: str = "ana") -> list[Passage]:
    """Read the first chunk of each document as ``name``, as if an index had found it."""
    terms = (ScoreTerm("dense", 1.0, 0.5, 0.5),)
    hits = [Fused(chunk_of(vault, one), 0.5, {"dense": 0.5}, terms) for one in documents]
    return read_hits(vault, hits, name)


def read_hits(vault: Vault, hits: list[Fused], name: str = "ana") -> list[Passage]:
    with vault.store.read() as unit:
        visible = vault.permissions.visible(unit, subject(vault, name))
        return PassageReader(unit, visible, TimeScope(NOW), standing=Standing()).read(hits)


def test_hits_keep_their_order_and_their_terms(vault: Vault) -> None:
    first, second = keep(vault, "one", title="One"), keep(vault, "two")
    found = read(vault, second, first)
    assert [one.text for one in found] == ["two", "one"]
    assert found[1].title == "One"
    assert (found[1].score, found[1].scores) == (0.5, {"dense": 0.5})


def test_a_hit_under_a_label_that_is_not_visible_is_not_read(vault: Vault) -> None:
    """An index that is behind, or wrong, cannot show what the store does not permit."""
    hidden = keep(vault, "hidden", readers=("user:olga",))
    assert read(vault, hidden) == []
    assert [one.text for one in read(vault, hidden, name="olga")] == ["hidden"]


def test_texts_are_read_under_the_same_rule(vault: Vault) -> None:
    shown, hidden = keep(vault, "shown"), keep(vault, "hidden", readers=("user:olga",))
    chunks = [chunk_of(vault, hidden), chunk_of(vault, shown), 10**9]
    with vault.store.read() as unit:
        visible = vault.permissions.visible(unit, subject(vault))
        reader = PassageReader(unit, visible, TimeScope(NOW), standing=Standing())
        assert reader.texts(chunks) == ["shown"]


def test_a_chunk_that_does_not_exist_or_was_deleted_is_not_read(vault: Vault) -> None:
    gone = keep(vault, "gone")
    hit = Fused(chunk_of(vault, gone), 1.0, {}, ())
    vault.keeper().remove(gone, reason="test")
    assert read_hits(vault, [hit, Fused(10**9, 1.0, {}, ())]) == []


def test_a_document_gives_way_only_to_one_that_can_be_seen(vault: Vault) -> None:
    old, new = keep(vault, "old"), keep(vault, "new", readers=("user:olga",))
    vault.shelf.supersede(old, new, None)
    assert [one.text for one in read(vault, old)] == ["old"]
    assert read(vault, old, name="olga") == []
    assert [one.text for one in read(vault, new, name="olga")] == ["new"]


def test_freshness_counts_from_the_owners_last_word(vault: Vault) -> None:
    stale = keep(vault, "stale", fresh_for="30d", modified_at=LONG_AGO)
    [found] = read(vault, stale)
    assert not found.fresh
    assert found.terms[-1].name == "freshness"
    assert found.score < 0.5
    with vault.store.write() as unit:
        unit.documents.change(stale, verified_at=NOW)
    [found] = read(vault, stale)
    assert (found.fresh, found.score) == (True, 0.5)
