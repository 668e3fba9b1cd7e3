"""Works on runs beside whoever asked for them, a few at a time."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import RLock

from vault.domain.errors import VaultError
from vault.orchestrate.loop import Runner

LOG = logging.getLogger(__name__)


class RunPool:
    """Threads that advance runs.

    Args:
        runner: works on one run.
        threads: runs under way at once; more wait for their turn.
    """

    def __init__(self, runner: Runner, *, threads: int) -> None:
        self._runner = runner
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="run")
        self._lock = RLock()
        self._under_way: dict[str, Future[None]] = {}

    def submit(self, run_id: str, *, seconds: float = 0.0) -> None:
        """Let a run go on, and wait so long for it to end or to stop for a person."""
        with self._lock:
            future = self._under_way.get(run_id)
            if future is None or future.done():
                future = self._threads.submit(self._advance, run_id)
                self._under_way[run_id] = future
                future.add_done_callback(lambda _: self._forget(run_id))
        wait([future], timeout=seconds)

    def close(self) -> None:
        """End every thread once its run ends or stops; what waits for a turn stays as it is."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _advance(self, run_id: str) -> None:
        try:
            self._runner.advance(run_id)
        except VaultError as problem:
            # The run is as it was committed last; whoever resumes it hears the same problem.
            LOG.warning("run_stopped", extra={"run_id": run_id, "problem": problem.slug})

    def _forget(self, run_id: str) -> None:
        with self._lock:
            found = self._under_way.get(run_id)
            if found is not None and found.done():
                del self._under_way[run_id]
