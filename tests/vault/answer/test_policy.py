"""Costs are estimates that say so, and notes are plain."""

import pytest

from tests.vault.answer.worlds import passage
from vault.answer import policy
from vault.answer.compose import Composition
from vault.answer.policy import AnswerPolicy, estimated_usage, notes
from vault.domain.evidence import Citation, Conflict


def composition(*, conflict: bool = False, **changes: object) -> Composition:
    held = passage("Doors close at six.", **changes)
    citation = Citation(n=1, passage=held, span=held.span, quote=held.text)
    told = (Conflict((1, 1), "They differ."),) if conflict else ()
    return Composition((citation,), told)


def test_joules_are_processor_seconds_times_assumed_watts() -> None:
    usage = estimated_usage(tokens=(40, 7), seconds=2.0, busy_seconds=1.5, watts=20.0)
    assert (usage.input_tokens, usage.output_tokens, usage.seconds) == (40, 7, 2.0)
    assert usage.joules == pytest.approx(30.0)
    assert usage.energy_method == "estimated"


def test_a_clock_that_jumps_back_costs_nothing() -> None:
    usage = estimated_usage(tokens=(0, 0), seconds=-1.0, busy_seconds=-1.0, watts=20.0)
    assert (usage.seconds, usage.joules) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("found", "generator", "helped", "said"),
    [
        (composition(), False, False, policy.NOTE_NO_GENERATOR),
        (composition(), True, False, policy.NOTE_GENERATOR_SILENT),
        (composition(), True, True, ""),
        (composition(conflict=True), True, True, policy.NOTE_CONFLICT),
        (composition(fresh=False), True, True, policy.NOTE_STALE),
        (composition(superseded_by="x"), True, True, policy.NOTE_SUPERSEDED),
    ],
)
def test_each_note_is_left_when_it_is_due(
    found: Composition, generator: bool, helped: bool, said: str
) -> None:
    assert notes(found, generator=generator, helped=helped) == said


def test_several_notes_stand_side_by_side() -> None:
    said = notes(composition(fresh=False), generator=False, helped=False)
    assert said == f"{policy.NOTE_NO_GENERATOR} {policy.NOTE_STALE}"


def test_writing_freely_is_off_until_it_is_earned() -> None:
    assert AnswerPolicy().synthesis is False
