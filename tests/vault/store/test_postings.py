"""No number of processes passes a hard cap, and every figure adds up."""

import multiprocessing
from pathlib import Path

import pytest

from tests.conftest import Clock, StoreFiles
from tests.vault.store.test_approvals import begin
from vault.domain.budgets import Amounts, Caps, Method
from vault.domain.errors import LimitExceededError
from vault.store.database import Database
from vault.store.keys import KeyRing
from vault.store.postings import Draw
from vault.store.session import Store

ONE = Amounts(calls=1, tokens=10)


def draw(clock: Clock, *accounts: str, call: str = "1") -> Draw:
    return Draw("r1", call, accounts, clock())


def test_what_is_reserved_is_settled_and_what_is_left_is_free_again(
    store: Store, clock: Clock
) -> None:
    with store.write() as unit:
        unit.postings.open({"a": Caps({"tokens": 25}), "b": Caps({})})
        after = unit.postings.reserve(draw(clock, "a", "b"), ONE)
        assert [each.reserved for each in after] == [ONE, ONE]
        used = Amounts(calls=1, tokens=4)
        unit.postings.settle(draw(clock, "a", "b"), reserved=ONE, used=used)
        for found in unit.postings.balances(["a", "b"]):
            assert (found.reserved, found.spent) == (Amounts(), used)
        assert unit.postings.of_run("r1", "a") == used
        assert unit.postings.of_run("r2", "a") == Amounts()


def test_a_hard_cap_anywhere_stops_everywhere(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        unit.postings.open({"a": Caps({}), "b": Caps({"tokens": 15})})
        unit.postings.reserve(draw(clock, "a", "b"), ONE)
        with pytest.raises(LimitExceededError, match="budget b has no tokens left"):
            unit.postings.reserve(draw(clock, "a", "b"), ONE)
        first, second = unit.postings.balances(["a", "b"])
        assert first.reserved == second.reserved == ONE


def test_without_an_account_there_is_nothing_to_draw_from(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        unit.postings.open({"a": Caps({})})
        with pytest.raises(LimitExceededError, match="does not exist"):
            unit.postings.reserve(draw(clock, "a", "missing"), ONE)


def test_new_caps_hold_for_what_was_drawn_before(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        unit.postings.open({"a": Caps({})})
        unit.postings.reserve(draw(clock, "a"), ONE)
        unit.postings.open({"a": Caps({"calls": 1}, 0.5)})
        with pytest.raises(LimitExceededError):
            unit.postings.reserve(draw(clock, "a"), ONE)
        (found,) = unit.postings.balances(["a"])
        assert found.caps == Caps({"calls": 1}, 0.5)


def test_a_figure_says_how_it_came_about(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        unit.postings.open({"a": Caps({})})
        unit.postings.reserve(draw(clock, "a"), ONE)
        unit.postings.settle(draw(clock, "a"), reserved=ONE, used=ONE, method=Method.ASSUMED)
    with store.database.transaction(write=False) as connection:
        rows = connection.exec_driver_sql("SELECT kind, method FROM posting ORDER BY id").all()
    assert [tuple(row) for row in rows] == [("reserve", "estimated"), ("settle", "assumed")]


def test_a_breaker_opens_once_with_its_first_reason_and_is_closed(
    store: Store, clock: Clock
) -> None:
    with store.write() as unit:
        begin(unit, clock)
        assert unit.postings.breaker("helper") is None
        unit.postings.open_breaker("helper", "first", now=clock())
        unit.postings.open_breaker("helper", "second", now=clock())
        assert unit.postings.breaker("helper") == "first"
        assert unit.postings.close_breaker("helper")
        assert not unit.postings.close_breaker("helper")


def _draw_all(
    files: StoreFiles, clock: Clock, worker: int, taken: "multiprocessing.Queue[int]"
) -> None:
    database = Database(files.database, key=files.database_key, busy_seconds=60)
    keys = Database(files.keys, key=files.keys_key)
    store = Store(database, keys=KeyRing(keys, master=b"m" * 32))
    got = 0
    for number in range(20):
        try:
            with store.write() as unit:
                unit.postings.reserve(draw(clock, "a", call=f"{worker}-{number}"), ONE)
        except LimitExceededError:
            continue
        got += 1
    taken.put(got)


@pytest.mark.slow
def test_eight_processes_together_take_exactly_the_cap(
    store: Store, clock: Clock, empty_store: StoreFiles, tmp_path: Path
) -> None:
    with store.write() as unit:
        unit.postings.open({"a": Caps({"calls": 50})})
    files = StoreFiles(
        tmp_path / "vault.db", tmp_path / "keys.db", empty_store.database_key, empty_store.keys_key
    )
    spawn = multiprocessing.get_context("spawn")
    taken = spawn.Queue()
    workers = [
        spawn.Process(target=_draw_all, args=(files, clock, number, taken)) for number in range(8)
    ]
    for each in workers:
        each.start()
    got = [taken.get(timeout=120) for _ in workers]
    for each in workers:
        each.join(timeout=60)
    with store.read() as unit:
        (found,) = unit.postings.balances(["a"])
    assert sum(got) == found.reserved.calls == 50
