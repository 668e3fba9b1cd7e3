"""One exchange with a worker ends in a reply or in the worker being lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from vault.ingest.parse.exchange import WorkerLostError, WorkerProcess, exchange
from vault.ingest.parse.isolation import Isolation
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.wire import Request

pytestmark = pytest.mark.slow

REQUEST = Request("a.txt", None, second_only=False, depth=0, limits=ParseLimits())


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[WorkerProcess]:
    process = WorkerProcess(
        isolation=Isolation.LIMITS, seconds=20, hidden=(), scratch=str(tmp_path)
    )
    assert process.greeting() is Isolation.LIMITS
    yield process
    process.stop()


def test_a_file_is_exchanged_for_a_document(worker: WorkerProcess, tmp_path: Path) -> None:
    reply, files = exchange(worker, REQUEST, b"Thirty days.")
    assert reply.document is not None
    assert reply.document.text == "Thirty days."
    assert files == []
    worker.stop()
    assert list(tmp_path.iterdir()) == [], "nothing of a file stays behind"


def test_a_dead_worker_is_noticed(worker: WorkerProcess) -> None:
    worker.process.kill()
    worker.process.wait()
    with pytest.raises(WorkerLostError):
        exchange(worker, REQUEST, b"Thirty days.")


def test_stopping_ends_the_process(worker: WorkerProcess) -> None:
    worker.stop()
    assert worker.process.returncode == 0
    assert worker.greeting() is None
