"""The fork server forgets one file before the next, and reports children that fail."""

import os
import signal
import time
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.vault.ingest.parse.samples import LEAVE
from vault.ingest.parse.exchange import WorkerProcess
from vault.ingest.parse.failures import Failure
from vault.ingest.parse.isolation import Isolation
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.wire import Request, decode_reply, encode_request

pytestmark = pytest.mark.slow

REQUEST = Request("a.html", None, second_only=False, depth=0, limits=ParseLimits())


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[WorkerProcess]:
    process = WorkerProcess(
        isolation=Isolation.LIMITS, seconds=1.5, hidden=(), scratch=str(tmp_path)
    )
    assert process.greeting() is Isolation.LIMITS
    yield process
    process.stop()


def begun(worker: WorkerProcess) -> Connection:
    ours, theirs = Pipe()
    worker.assign(theirs.fileno())
    theirs.close()
    return ours


def children(worker: WorkerProcess) -> list[int]:
    path = Path(f"/proc/{worker.process.pid}/task/{worker.process.pid}/children")
    return [int(pid) for pid in path.read_text().split()]


def open_files(pid: int) -> set[str]:
    return {path.name for path in Path(f"/proc/{pid}/fd").iterdir()}


def failure_of(connection: Connection) -> Failure | None:
    return decode_reply(connection.recv_bytes(), ParseLimits()).failure


def test_a_child_that_never_answers_is_ended_in_time(worker: WorkerProcess, tmp_path: Path) -> None:
    silent = begun(worker)
    started = time.monotonic()
    assert failure_of(silent) is Failure.TIMEOUT
    assert 1 < time.monotonic() - started < 5
    with pytest.raises(EOFError):
        silent.recv_bytes()
    assert list(tmp_path.iterdir()) == []


def test_a_child_that_dies_is_reported_and_others_go_on(worker: WorkerProcess) -> None:
    doomed, other = begun(worker), begun(worker)
    while len(children(worker)) < 2:
        time.sleep(0.01)
    first, _ = sorted(children(worker))
    os.kill(first, signal.SIGKILL)
    assert failure_of(doomed) is Failure.CRASH
    other.send_bytes(encode_request(REQUEST))
    other.send_bytes(f"<p>{LEAVE}</p>".encode())
    reply = decode_reply(other.recv_bytes(), ParseLimits())
    assert reply.document is not None
    assert reply.document.text == LEAVE


def test_no_child_holds_the_connection_of_another(worker: WorkerProcess) -> None:
    first, second = begun(worker), begun(worker)
    while len(children(worker)) < 2:
        time.sleep(0.01)
    allowed = {"0", "1", "2", "3"}
    deadline = time.monotonic() + 1
    while any(open_files(pid) - allowed for pid in children(worker)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    first.close()
    second.close()


def test_rubbish_instead_of_a_request_ends_one_child_only(worker: WorkerProcess) -> None:
    connection = begun(worker)
    connection.send_bytes(b"rubbish")
    assert failure_of(connection) is Failure.CRASH
    assert worker.process.poll() is None
