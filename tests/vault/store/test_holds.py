"""A hold covers what it was told to and what its query fits, until it is released."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.conftest import Clock
from tests.vault.store.rows import document
from vault.domain.holds import HoldQuery, LegalHold
from vault.store.session import Store


def hold(name: str, now: datetime, query: HoldQuery | None = None) -> LegalHold:
    return LegalHold(name, "Case 12", "court", "evidence", query, "user:ruth", now)


@pytest.mark.parametrize("query", [None, HoldQuery(collection="papers", title_contains="lease")])
def test_a_hold_comes_back_as_it_was_placed(
    store: Store, clock: Clock, query: HoldQuery | None
) -> None:
    placed = hold("h1", clock(), query)
    with store.write() as unit:
        unit.holds.add(placed)
    with store.read() as unit:
        assert unit.holds.get("h1") == placed
        assert unit.holds.all() == [placed]
        assert unit.holds.get("h2") is None


def test_covering_twice_is_covering_once(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        unit.holds.add(hold("h1", clock()))
        unit.holds.cover("h1", ["a", "b"], since=clock())
        unit.holds.cover("h1", ["b", "c"], since=clock())
        unit.holds.cover("h1", [], since=clock())
    with store.read() as unit:
        assert unit.holds.count("h1") == 3
        assert unit.holds.held() == {"a", "b", "c"}


def test_a_released_hold_covers_nothing_but_is_remembered(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        for name in ("h1", "h2"):
            unit.holds.add(hold(name, clock()))
            unit.holds.cover(name, ["a"], since=clock())
        unit.holds.release("h1", by="user:robin", now=clock())
    with store.read() as unit:
        assert [one.id for one in unit.holds.on("a")] == ["h2"]
        assert [one.id for one in unit.holds.all(in_force=True)] == ["h2"]
        released = unit.holds.get("h1")
        assert released == replace(
            hold("h1", clock()), released_by="user:robin", released_at=clock()
        )
        assert unit.holds.count("h1") == 1


def test_a_document_is_caught_once_by_each_hold_whose_query_fits(
    store: Store, clock: Clock
) -> None:
    queries = {
        "fits": HoldQuery(title_contains="title of a"),
        "other": HoldQuery(owner="otto"),
        "named": None,
        "ended": HoldQuery(owner="olga"),
    }
    with store.write() as unit:
        for name, query in queries.items():
            unit.holds.add(hold(name, clock(), query))
        unit.holds.release("ended", by="user:robin", now=clock())
        assert unit.holds.catch(document("a", clock()), now=clock()) == ["fits"]
        assert unit.holds.catch(document("a", clock()), now=clock()) == []
        assert unit.holds.held() == {"a"}
