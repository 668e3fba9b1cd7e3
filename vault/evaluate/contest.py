"""Engines side by side on one workload, taking turns."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path

from vault.evaluate.engine import LIMIT, EngineKind
from vault.evaluate.entrant import Entrant, entered
from vault.evaluate.figures import Outcome, Row, Tally
from vault.evaluate.truth import Expected, nearest
from vault.evaluate.workload import Workload

BATCH = 10
"""Queries an engine answers before it is the next one's turn."""
SECONDS = 30.0
"""Processor time after which an engine is asked no more under one visible share."""

Course = tuple[Entrant, int]
"""An engine at one value of its knob."""
Advance = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def compare(
    workload: Workload,
    kinds: Sequence[EngineKind],
    folder: Path,
    *,
    sweep: bool,
    advance: Advance,
) -> Outcome:
    """Return how the engines did, in one paired run.

    Every engine lives in a process of its own. Under each visible share they take turns after
    every ten queries, in an order that moves on by one, so that a drift of the machine meets
    all alike. Engines that need long for a query answer fewer of them.

    Args:
        workload: rows, queries and readers.
        kinds: the engines.
        folder: an empty folder for their files.
        sweep: measure every setting of each engine's knob, not its usual one alone.
        advance: told how far the work is.

    Raises:
        VaultError: an engine failed.
    """
    expected = nearest(
        workload, LIMIT, advance=lambda done, all_rows: advance("exact answers", done, all_rows)
    )
    with ExitStack() as stack:
        entrants = []
        for done, kind in enumerate(kinds):
            advance(f"building {kind.name}", done, len(kinds))
            entrants.append(stack.enter_context(entered(kind, workload, folder / kind.name)))
        courses = [
            (entrant, setting)
            for entrant in entrants
            for setting in (entrant.facts["settings"] if sweep else [entrant.facts["usual"]])
        ]
        tallies = [
            _measured(workload, courses, place, expected[place], advance=advance)
            for place in range(len(workload.visible))
        ]
        rows = [
            (_row(workload, course, place, tallies[place][number]), course)
            for number, course in enumerate(courses)
            for place in range(len(workload.visible))
        ]
    usual = (row for row, (entrant, value) in rows if value == entrant.facts["usual"])
    return Outcome(tuple(usual), tuple(row for row, _ in rows))


def _measured(
    workload: Workload,
    courses: Sequence[Course],
    place: int,
    expected: Sequence[Expected],
    *,
    advance: Advance,
) -> list[Tally]:
    """Return what every course did under one visible share."""
    mask = workload.mask(workload.visible[place]).tolist()
    tallies = [Tally() for _ in courses]
    count = len(workload.queries)
    title = f"queries at {workload.visible[place].share:.1%} visible"
    for turn, first in enumerate(range(0, count, BATCH)):
        advance(title, first, count)
        last = min(first + BATCH, count)
        for number in islice(cycle(range(len(courses))), turn, turn + len(courses)):
            entrant, setting = courses[number]
            tally = tallies[number]
            if sum(tally.seconds) > SECONDS:
                continue
            reply = entrant.ask(place=place, setting=setting, first=first, last=last)
            tally.seconds.extend(reply["seconds"])
            for found, right in zip(reply["found"], expected[first:last], strict=True):
                tally.count(found, right, mask)
    advance(title, count, count)
    return tallies


def _row(workload: Workload, course: Course, place: int, tally: Tally) -> Row:
    entrant, setting = course
    visible = workload.visible[place]
    return Row(
        engine=entrant.name,
        size=workload.size,
        visible=visible.share,
        recall=round(tally.hits / tally.wanted, 4),
        short=tally.short,
        cpu_ms_p50=tally.milliseconds(50),
        cpu_ms_p99=tally.milliseconds(99),
        memory_mb=round(float(entrant.ask(memory=True)["memory_mb"]), 1),
        setting=entrant.setting(setting),
        visible_rows=int(workload.mask(visible).sum()),
        queries=len(tally.seconds),
        forbidden=tally.forbidden,
        build_seconds=round(float(entrant.facts["build_seconds"]), 2),
    )
