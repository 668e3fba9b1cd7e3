"""The same text under two levels is an alarm about each side that names no other."""

import json

from tests.conftest import Clock
from tests.vault.conftest import PlainParser, Plant
from vault.domain.labels import AccessLabel, Classification, Label
from vault.ingest.pipeline import Incoming, Pipeline
from vault.ingest.spills import FEWEST_CHARACTERS, SPILL

TEXT = "The harbour wall is weak at the third pier. " * 4


def take(plant: Plant, clock: Clock, name: str, text: str, level: Classification) -> str:
    pipeline = Pipeline(
        plant.store,
        parser=PlainParser(),
        embedder=lambda: plant.embedder,
        keeper=plant.keeper,
        now=clock,
    )
    before = plant.intake()
    access = AccessLabel("papers", Label(level), before.access.readers)
    intake = before.with_changes(access=access)
    item = Incoming(f"file:///{name}", name, text.encode(), None, clock(), intake)
    [outcome] = pipeline.run([item])
    return outcome.document_id or ""


def alarms(plant: Plant, document_id: str) -> list[dict[str, str]]:
    with plant.store.read() as unit:
        rows = unit.ledger_about(document_id)
        leaves = [rows.leaf(place) for place in rows.of_subject(document_id)]
    return [json.loads(leaf) for leaf in leaves if SPILL.encode() in leaf]


def test_both_sides_are_told_and_neither_is_told_of_the_other(plant: Plant, clock: Clock) -> None:
    low = take(plant, clock, "low", TEXT, Classification.INTERNAL)
    assert alarms(plant, low) == []
    high = take(plant, clock, "high", TEXT, Classification.SECRET)
    [about_low], [about_high] = alarms(plant, low), alarms(plant, high)
    assert high not in json.dumps(about_low)
    assert low not in json.dumps(about_high)
    assert "secret" not in json.dumps(about_low)
    assert about_low != about_high


def test_one_level_or_another_text_or_a_short_one_is_no_alarm(plant: Plant, clock: Clock) -> None:
    for name, text, level in (
        ("one", TEXT, Classification.INTERNAL),
        ("same", TEXT, Classification.INTERNAL),
        ("other", TEXT + "More.", Classification.SECRET),
    ):
        assert alarms(plant, take(plant, clock, name, text, level)) == []
    short = "x" * (FEWEST_CHARACTERS - 1)
    take(plant, clock, "short", short, Classification.INTERNAL)
    assert alarms(plant, take(plant, clock, "short too", short, Classification.SECRET)) == []


def test_a_text_that_is_gone_from_one_side_is_no_alarm(plant: Plant, clock: Clock) -> None:
    low = take(plant, clock, "low", TEXT, Classification.INTERNAL)
    assert plant.keeper.remove(low, reason="gone")
    assert alarms(plant, take(plant, clock, "high", TEXT, Classification.SECRET)) == []
