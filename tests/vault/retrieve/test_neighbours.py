"""A hit carries the chunks around it, and only those its subject may read."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.vault.homes import home, subject
from tests.vault.retrieve.worlds import keep
from vault.bootstrap import Vault
from vault.domain.evidence import Passage
from vault.domain.questions import SearchOptions
from vault.retrieve.neighbours import with_neighbours

PARTS = ("First part on hiring.", "Second part on leave.", "Third part on pay.", "Fourth part.")


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    with home(tmp_path_factory.mktemp("neighbours")) as found:
        keep(found, *PARTS, title="Handbook")
        keep(found, "Another document on leave.", title="Other")
        yield found


def hit(vault: Vault, text: str, count: int) -> Passage:
    retriever = vault.retriever
    found = retriever.find(
        retriever.cleaned(text), subject(vault), limit=9, options=SearchOptions(context=count)
    )
    return next(one for one in found.retrieval.passages if one.text == text)


@pytest.mark.parametrize(
    ("place", "count", "before", "after"),
    [
        (1, 1, PARTS[:1], PARTS[2:3]),
        (1, 3, PARTS[:1], PARTS[2:]),
        (0, 2, (), PARTS[1:3]),
        (3, 2, PARTS[1:3], ()),
    ],
)
def test_neighbours_come_from_the_same_document_in_reading_order(
    vault: Vault, place: int, count: int, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    around = hit(vault, PARTS[place], count).surroundings
    assert around is not None
    assert tuple(one.text for one in around.before) == before
    assert tuple(one.text for one in around.after) == after


def test_the_spans_of_neighbours_lie_in_the_same_text(vault: Vault) -> None:
    around = hit(vault, PARTS[1], 1).surroundings
    assert around is not None
    whole = "\n".join(PARTS)
    assert [one.span.of(whole) for one in around.before] == [PARTS[0]]


def test_a_hit_carries_nothing_unless_it_is_asked_for(vault: Vault) -> None:
    assert hit(vault, PARTS[1], 0).surroundings is None


def test_a_chunk_that_may_no_longer_be_read_is_no_neighbour(tmp_path: Path) -> None:
    """Every neighbour is authorised itself: a set of rights that lacks its label opens nothing."""
    with home(tmp_path) as vault:
        keep(vault, *PARTS)
        passage = hit(vault, PARTS[1], 0)
        with vault.store.read() as unit:
            visible = vault.permissions.visible(unit, subject(vault))
            shown = with_neighbours(unit, [passage], visible, count=1)
        other = _other_label(vault)
        with vault.store.write() as unit:
            unit.documents.change(passage.document_id, access_label_id=other)
        with vault.store.read() as unit:
            hidden = with_neighbours(unit, [passage], visible, count=1)
    assert [one.text for one in shown[0].surroundings.before] == [PARTS[0]]  # type: ignore[union-attr]
    assert hidden == [replace(passage, surroundings=hidden[0].surroundings)]
    assert hidden[0].surroundings is not None
    assert (hidden[0].surroundings.before, hidden[0].surroundings.after) == ((), ())


def _other_label(vault: Vault) -> int:
    keep(vault, "A secret.", readers=("user:olga",))
    with vault.store.read() as unit:
        ana = vault.permissions.visible(unit, subject(vault)).label_ids
        return next(iter(set(unit.labels.all()) - ana))
