"""The fork server inside the sandbox: imports the parsers once, forks a child for each file.

It never sees a file. Each job arrives as one end of a connection whose other end the vault
holds; the child that serves it is the only process that reads from it.
"""

import gc
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import recv_handle
from pathlib import Path

from vault.ingest.parse.child import serve
from vault.ingest.parse.failures import Failure
from vault.ingest.parse.isolation import Isolation, isolate
from vault.ingest.parse.warm import warm_up
from vault.ingest.parse.wire import Reply, encode_reply

_MOST_DESCRIPTORS = 4096
_CONTROL = 0
_JOB = 3


@dataclass(frozen=True, slots=True)
class _Job:
    """A running child: its process, its connection and when it must have ended."""

    pid: int
    process: int
    connection: Connection
    scratch: Path
    deadline: float


def main(arguments: list[str]) -> int:
    """Serve jobs until the vault closes the control connection."""
    asked, seconds = Isolation(arguments[0]), float(arguments[1])
    isolation = isolate(asked)
    warm_up()
    gc.collect()
    gc.freeze()
    control = Connection(_CONTROL)
    control.send_bytes(isolation.value.encode())
    jobs: dict[int, _Job] = {}
    while True:
        nearest = min((job.deadline for job in jobs.values()), default=None)
        timeout = None if nearest is None else max(0.0, nearest - time.monotonic())
        ready = wait([_CONTROL, *jobs], timeout)
        for process in jobs.keys() & set(ready):
            _finish(jobs.pop(process), timed_out=False)
        for job in [job for job in jobs.values() if job.deadline <= time.monotonic()]:
            _finish(jobs.pop(job.process), timed_out=True)
        if _CONTROL in ready:
            try:
                job = _start(recv_handle(control), seconds)
            except EOFError:
                break
            jobs[job.process] = job
    for job in jobs.values():
        _finish(job, timed_out=True)
    return 0


def _start(handle: int, seconds: float) -> _Job:
    scratch = Path(tempfile.mkdtemp())
    pid = os.fork()
    if pid == 0:
        _become_child(handle, scratch)
    return _Job(
        pid=pid,
        process=os.pidfd_open(pid),
        connection=Connection(handle),
        scratch=scratch,
        deadline=time.monotonic() + seconds,
    )


def _become_child(handle: int, scratch: Path) -> None:
    """Serve the job and end the process, with no descriptor of any other job."""
    try:
        os.setsid()
        os.dup2(handle, _JOB)
        os.closerange(_JOB + 1, _MOST_DESCRIPTORS)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, _CONTROL)
        os.close(nothing)
        serve(Connection(_JOB), str(scratch))
        os._exit(0)
    finally:
        os._exit(1)


def _finish(job: _Job, *, timed_out: bool) -> None:
    """End the child and all it started, and tell the vault if it did not answer."""
    with suppress(ProcessLookupError):
        os.killpg(job.pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(job.pid, 0)[1])
    os.close(job.process)
    shutil.rmtree(job.scratch, ignore_errors=True)
    if timed_out or status != 0:
        slow = timed_out or status == -signal.SIGXCPU
        failure = Failure.TIMEOUT if slow else Failure.CRASH
        os.set_blocking(job.connection.fileno(), False)
        with suppress(OSError):
            job.connection.send_bytes(encode_reply(Reply(failure=failure)))
    job.connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
