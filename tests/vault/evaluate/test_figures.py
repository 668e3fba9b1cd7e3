"""Recall, short lists and forbidden rows are counted query by query."""

from dataclasses import replace

from vault.evaluate.figures import Outcome, Row, Tally
from vault.evaluate.truth import Expected

ROW = Row(
    engine="one",
    size=100,
    visible=0.1,
    recall=1.0,
    short=0,
    cpu_ms_p50=0.1,
    cpu_ms_p99=0.2,
    memory_mb=3.0,
    setting="",
    visible_rows=10,
    queries=5,
    forbidden=0,
    build_seconds=0.1,
)
CONTRACT = {
    "engine",
    "size",
    "visible",
    "recall",
    "short",
    "cpu_ms_p50",
    "cpu_ms_p99",
    "memory_mb",
}


def test_a_tally_counts_what_is_right_missing_and_forbidden() -> None:
    tally = Tally()
    mask = [True, True, True, False]
    tally.count([0, 1], Expected(3, frozenset({0, 1, 2})), mask)
    tally.count([2, 3, 1], Expected(3, frozenset({0, 1, 2})), mask)
    assert (tally.hits, tally.wanted, tally.short, tally.forbidden) == (4, 6, 1, 1)


def test_a_list_filled_up_with_repeats_is_short() -> None:
    tally = Tally()
    tally.count([0, 0, 0], Expected(3, frozenset({0, 1, 2})), [True] * 3)
    assert (tally.hits, tally.short) == (1, 1)


def test_percentiles_are_milliseconds() -> None:
    tally = Tally(seconds=[0.001, 0.002, 0.004])
    assert tally.milliseconds(50) == 2.0


def test_a_row_has_every_field_of_the_contract() -> None:
    assert set(ROW.form()) >= CONTRACT


def test_an_outcome_adds_up_what_was_forbidden_at_every_setting() -> None:
    leaky = replace(ROW, setting="nprobe 5", forbidden=2)
    assert Outcome((ROW,), (ROW, leaky, leaky)).forbidden == 4
    assert Outcome((ROW,), (ROW,)).forbidden == 0
