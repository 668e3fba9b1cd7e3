"""The running worker and the exchange of one file with it."""

import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from pathlib import Path
from threading import Lock

from vault.ingest.parse.failures import Failure
from vault.ingest.parse.isolation import Isolation, command, environment
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.wire import (
    Reply,
    Request,
    WireError,
    decode_reply,
    encode_request,
)

_START_SECONDS = 60.0
_GRACE_SECONDS = 10.0
_STOP_SECONDS = 5.0


class WorkerLostError(Exception):
    """The worker ended; the file was not at fault and may be tried again."""


class WorkerProcess:
    """A running fork server and the connection that controls it."""

    def __init__(
        self, *, isolation: Isolation, seconds: float, hidden: Iterable[Path], scratch: str
    ) -> None:
        self._control, theirs = Pipe()
        self.process = subprocess.Popen(  # noqa: S603 - our own worker, no words of a caller
            command(isolation, seconds=seconds, hidden=hidden),
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(isolation, scratch),
            cwd="/",
        )
        theirs.close()
        self._lock = Lock()

    def greeting(self) -> Isolation | None:
        """Return the isolation the worker reached, or None if it did not start."""
        try:
            if self._control.poll(_START_SECONDS):
                return Isolation(self._control.recv_bytes(64).decode())
        except (EOFError, OSError):
            return None
        return None

    def assign(self, handle: int) -> None:
        """Give the worker one end of a job's connection.

        Raises:
            WorkerLostError: the worker has ended.
        """
        try:
            with self._lock:
                send_handle(self._control, handle, self.process.pid)
        except OSError as error:
            raise WorkerLostError from error

    def stop(self) -> None:
        """End the worker and every child it has."""
        self._control.close()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def exchange(worker: WorkerProcess, request: Request, content: bytes) -> tuple[Reply, list[bytes]]:
    """Send one file to ``worker`` and return what it made of it.

    Raises:
        WorkerLostError: the worker ended before anything came back.
    """
    ours, theirs = Pipe()
    started = time.monotonic()
    with ours:
        try:
            worker.assign(theirs.fileno())
        finally:
            theirs.close()
        with suppress(BrokenPipeError, ConnectionResetError):
            ours.send_bytes(encode_request(request))
            ours.send_bytes(content)
        return _receive(ours, request.limits, started)


def _receive(
    connection: Connection, limits: ParseLimits, started: float
) -> tuple[Reply, list[bytes]]:
    try:
        if not connection.poll(limits.seconds + _GRACE_SECONDS):
            raise WorkerLostError
        message = connection.recv_bytes(limits.text_bytes)
    except EOFError as error:
        raise WorkerLostError from error
    except OSError:
        return _cut_short(limits, started), []
    try:
        reply = decode_reply(message, limits)
        files = [connection.recv_bytes(head.size) for head in reply.attachments]
    except (WireError, EOFError, OSError):
        return _cut_short(limits, started), []
    if any(len(file) != head.size for file, head in zip(files, reply.attachments, strict=True)):
        return Reply(failure=Failure.CRASH), []
    return reply, files


def _cut_short(limits: ParseLimits, started: float) -> Reply:
    late = time.monotonic() - started >= limits.seconds
    return Reply(failure=Failure.TIMEOUT if late else Failure.CRASH)
