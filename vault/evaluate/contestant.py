"""The child process of one engine: it builds, searches, and counts what that took.

Each engine has a process of its own, so that its memory and the processor time of all its
threads are its alone. Requests and replies are lines of JSON. The network is shut off.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import faiss

from vault.domain.errors import VaultError
from vault.evaluate.engine import Engine, Search, make_engine
from vault.evaluate.workload import Workload
from vault.ingest.parse.isolation import Isolation, isolate

_WARM_UP = 3
_PROCESS_CLOCK = 2


class Contestant:
    """One engine, filled and ready to be asked.

    Args:
        maker: module and class of the engine.
        workload: what it is filled with.
        folder: an empty folder for its files.
    """

    def __init__(self, maker: str, workload: Workload, folder: Path) -> None:
        self._workload = workload
        self.engine: Engine = make_engine(maker, workload, folder)
        self._before, started = resident_mb(os.getpid()), time.perf_counter()
        self.engine.fill()
        self.build_seconds = time.perf_counter() - started
        self._clock = processor_clock(self.engine.worker)
        self._searches: dict[tuple[int, int], Search] = {}

    def memory_mb(self) -> float:
        """Return by how much the engine made its process grow, in MiB.

        Of an engine that works in another process, the size of that process.
        """
        if self.engine.worker is not None:
            return resident_mb(self.engine.worker)
        return resident_mb(os.getpid()) - self._before

    def measure(self, place: int, setting: int, first: int, last: int) -> dict[str, Any]:
        """Return what the queries from ``first`` to ``last`` found, and the seconds of each.

        Args:
            place: number of the visible share.
            setting: value of the knob.
            first: number of the first query.
            last: number after that of the last.
        """
        search = self._search(place, setting)
        found, seconds = [], []
        for query in self._workload.queries[first:last]:
            start = self._clock()
            rows = search(query)
            seconds.append(self._clock() - start)
            found.append([int(row) for row in rows])
        return {"found": found, "seconds": seconds}

    def _search(self, place: int, setting: int) -> Search:
        known = self._searches.get((place, setting))
        if known is None:
            known = self.engine.search(self._workload.visible[place], setting)
            for query in self._workload.queries[-_WARM_UP:]:
                known(query)
            self._searches[place, setting] = known
        return known


def resident_mb(process: int) -> float:
    """Return the resident memory of a process, in MiB."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def processor_clock(worker: int | None) -> Callable[[], float]:
    """Return a clock of the processor time of all threads of this process, or of another.

    Source:
        Linux, kernel/time/posix-cpu-timers.c: the clock of a process is derived from its id.
    """
    if worker is None:
        return time.process_time
    clock = ((~worker) << 3) | _PROCESS_CLOCK
    return lambda: time.clock_gettime(clock)


def serve(maker: str, folder: Path, workload: Path, *, requests: TextIO, replies: TextIO) -> None:
    """Build the engine, then answer each line of ``requests`` with one of ``replies``."""
    contestant = Contestant(maker, Workload.load(workload), folder)
    engine = contestant.engine
    _reply(
        replies,
        {
            "build_seconds": contestant.build_seconds,
            "knob": engine.knob,
            "settings": engine.settings,
            "usual": engine.usual,
        },
    )
    try:
        for line in requests:
            asked = json.loads(line)
            if "memory" in asked:
                _reply(replies, {"memory_mb": contestant.memory_mb()})
            else:
                _reply(replies, contestant.measure(**asked))
    finally:
        engine.close()


def _reply(replies: TextIO, form: dict[str, Any]) -> None:
    replies.write(json.dumps(form) + "\n")
    replies.flush()


def main(maker: str, folder: str, workload: str) -> None:
    """Serve one engine on standard input and output until the input ends."""
    isolate(Isolation.NAMESPACES)
    faiss.omp_set_num_threads(1)
    # Whatever a library prints must not be taken for a reply.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as replies:
        os.dup2(2, 1)
        try:
            serve(maker, Path(folder), Path(workload), requests=sys.stdin, replies=replies)
        except VaultError as error:
            _reply(replies, {"problem": error.detail})


if __name__ == "__main__":
    main(*sys.argv[1:])
