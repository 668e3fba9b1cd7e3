"""Kills the process that works on runs, again and again, and counts what became of their acts."""

import multiprocessing
import os
import signal
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from numpy.random import Generator

from tests.conftest import Clock, StoreFiles
from tests.vault.orchestrate.bureau import Bureau, charter
from vault.domain.runs import CallStatus, RunStatus
from vault.domain.tools import Reversibility
from vault.store.database import Database
from vault.store.keys import KeyRing
from vault.store.session import Store

STEPS = 24
LONGEST_SECONDS = 0.25
"""A process is killed within this time; a step takes a few hundredths of it."""


@dataclass
class Tally:
    """What came of it.

    Attributes:
        doubled: acts that happened more than once.
        lost: acts that happened and that no record tells of, or the other way round.
        settled: calls whose outcome a person had to look up.
    """

    kills: int = 0
    runs: int = 0
    calls: int = 0
    settled: int = 0
    doubled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def bureau_over(files: StoreFiles, clock: Clock, effects: Path) -> Bureau:
    """Return a bureau whose two tools leave a mark of every act."""
    database = Database(files.database, key=files.database_key, busy_seconds=60)
    keys = Database(files.keys, key=files.keys_key, busy_seconds=60)
    bureau = Bureau(Store(database, keys=KeyRing(keys, master=b"m" * 32)), clock)

    def put(_: object, context: object) -> object:
        """Act once for each key, as a system does that honours them."""
        mark = effects / f"put-{context.idempotency_key}"
        if not mark.exists():
            mark.write_text(f"{context.run_id}/{context.call_id}")
        return "done"

    def once(_: object, context: object) -> object:
        """Act every time it is called."""
        with (effects / "once").open("a") as file:
            file.write(f"{context.run_id}/{context.call_id}\n")
        return "done"

    acts = Reversibility.REVERSIBLE
    bureau.tool("put", put, reversibility=acts, idempotent=True)
    bureau.tool("once", once, reversibility=acts)
    return bureau


def furnish(bureau: Bureau) -> None:
    """Enter the people and an agent that uses both tools in turn."""
    bureau.enter()
    steps = [
        {"tool": ("put", "once")[number % 2], "arguments": {"words": f"step {number}"}}
        for number in range(STEPS)
    ]
    limits = {"steps": STEPS, "retries": 10}
    body = charter(autonomy="A4", tools=["put", "once"], steps=steps, limits=limits)
    bureau.agent({**body, "result": "done"}, active=True)


def kill_runs(
    files: StoreFiles, clock: Clock, effects: Path, *, kills: int, random: Generator
) -> Tally:
    """Work on runs in processes that are killed, until so many were; return what came of it."""
    effects.mkdir()
    (effects / "once").touch()
    bureau = bureau_over(files, clock, effects)
    furnish(bureau)
    tally = Tally()
    while tally.kills < kills:
        run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
        bureau.store.database.close()
        tally.runs += 1
        while _advance(files, clock, effects, run_id, tally, random) is RunStatus.RUNNING:
            pass
        _check(bureau, effects, run_id, tally)
        bureau.store.database.close()
    return tally


def _advance(
    files: StoreFiles,
    clock: Clock,
    effects: Path,
    run_id: str,
    tally: Tally,
    random: Generator,
) -> RunStatus:
    """Let a process work on a run for a moment; return where the run stands then."""
    fork = multiprocessing.get_context("fork")
    worker = fork.Process(target=_work, args=(files, clock, effects, run_id))
    worker.start()
    worker.join(timeout=float(random.uniform(0.02, LONGEST_SECONDS)))
    if worker.is_alive():
        os.kill(worker.pid or 0, signal.SIGKILL)
        tally.kills += 1
    worker.join()
    bureau = bureau_over(files, clock, effects)
    state = bureau.desk.show(run_id, None).loaded.state
    if state.status is RunStatus.UNKNOWN and state.last is not None:
        seen = f"{run_id}/{state.last.call.id}" in (effects / "once").read_text().split()
        outcome = "succeeded" if seen else "failed"
        bureau.desk.resolve(run_id, None, outcome=outcome, reason="looked it up")
        tally.settled += 1
        state = bureau.desk.show(run_id, None).loaded.state
    bureau.store.database.close()
    return state.status


def _work(files: StoreFiles, clock: Clock, effects: Path, run_id: str) -> None:
    bureau_over(files, clock, effects).runner.advance(run_id)


def _check(bureau: Bureau, effects: Path, run_id: str, tally: Tally) -> None:
    """Compare the marks that a run left with its record."""
    state = bureau.desk.show(run_id, None).loaded.state
    marks = Counter((effects / "once").read_text().split())
    marks.update(each.read_text() for each in effects.glob("put-*"))
    own = {mark: times for mark, times in marks.items() if mark.startswith(run_id)}
    tally.calls += len(state.calls)
    tally.doubled += [mark for mark, times in own.items() if times > 1]
    known = {f"{run_id}/{each.call.id}": each.status for each in state.calls}
    tally.lost += [mark for mark in own if known.get(mark) is not CallStatus.SUCCEEDED]
    tally.lost += [
        mark for mark, status in known.items() if status is CallStatus.SUCCEEDED and mark not in own
    ]
