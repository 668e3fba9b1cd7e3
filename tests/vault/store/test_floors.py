"""A floor raises a classification, keeps everything else of a label, and never lowers one."""

import pytest

from vault.domain.labels import AccessLabel, Classification, Label
from vault.store.floors import Floor
from vault.store.session import Store

OPEN = AccessLabel(
    "papers", Label(Classification.INTERNAL, frozenset({"hr"})), frozenset({"user:a"})
)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Classification.PUBLIC, Classification.INTERNAL),
        (Classification.INTERNAL, Classification.INTERNAL),
        (Classification.SECRET, Classification.SECRET),
    ],
)
def test_a_floor_raises_and_never_lowers(level: Classification, expected: Classification) -> None:
    found = Floor(level, "sha256:a").under(OPEN)
    assert found.label == Label(expected, frozenset({"hr"}))
    assert (found.collection, found.readers, found.denied) == ("papers", OPEN.readers, OPEN.denied)


def test_a_document_has_the_last_floor_that_was_put_under_it(store: Store) -> None:
    with store.write() as unit:
        assert unit.floors.of("d") is None
        assert unit.floors.under("d", OPEN) is OPEN
        unit.floors.put("d", Floor(Classification.CONFIDENTIAL, "sha256:a"))
        unit.floors.put("d", Floor(Classification.SECRET, "sha256:b", "sha256:c"))
        unit.floors.put("other", Floor(Classification.PUBLIC, "sha256:a"))
    with store.read() as unit:
        assert unit.floors.of("d") == Floor(Classification.SECRET, "sha256:b", "sha256:c")
        assert unit.floors.under("d", OPEN).label.classification is Classification.SECRET
        assert unit.floors.under("other", OPEN) is OPEN


def test_the_newest_text_settles_the_floor(store: Store) -> None:
    with store.write() as unit:
        unit.floors.settle("d", Floor(Classification.SECRET, "sha256:b"))
        assert unit.floors.of("d") == Floor(Classification.SECRET, "sha256:b")
        unit.floors.settle("d", None)
        assert unit.floors.of("d") is None
