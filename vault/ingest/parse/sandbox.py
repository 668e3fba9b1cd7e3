"""The vault's side of parsing: hands files to the sandbox and checks what comes back."""

import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import BoundedSemaphore, Lock
from types import TracebackType

from vault.domain.errors import VaultError
from vault.ingest.parse import media
from vault.ingest.parse.exchange import WorkerLostError, WorkerProcess, exchange
from vault.ingest.parse.failures import Failure, problem
from vault.ingest.parse.isolation import Isolation, installed
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.result import Attachment, Parsed
from vault.ingest.parse.wire import Reply, Request


class Parser:
    """Reads untrusted files in a sandbox that starts on first use and restarts when it dies.

    Safe to share between threads.

    Args:
        limits: what one file may cost.
        workers: files read at the same time; further callers wait.
        hidden: folders no parser may see, above all the home of the vault.
        isolation: exactly this one, or None for the strongest that works here.
    """

    def __init__(
        self,
        *,
        limits: ParseLimits | None = None,
        workers: int = 1,
        hidden: Iterable[Path] = (),
        isolation: Isolation | None = None,
    ) -> None:
        self._limits = limits or ParseLimits()
        self._workers = workers
        self._hidden = tuple(hidden)
        self._wanted = isolation
        self._worker: WorkerProcess | None = None
        self._isolation: Isolation | None = None
        self._lock = Lock()
        self._places = BoundedSemaphore(workers)
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    @property
    def isolation(self) -> Isolation:
        """What untrusted files are held by on this machine; starts the sandbox."""
        self._running()
        if self._isolation is None:
            raise VaultError("the parser could not be started")
        return self._isolation

    def parse(
        self, content: bytes, *, name: str, media_type: str | None = None, depth: int = 0
    ) -> Parsed:
        """Return the canonical text of one file with exact spans, and the files inside it.

        Args:
            content: the file's bytes.
            name: its name; a hint, and the only word of it that a message may repeat is
                its extension.
            media_type: what its source says it is; a hint.
            depth: how many files this one is inside of.

        Raises:
            UnsupportedDocumentError: it is no kind the vault reads, damaged or protected.
            DocumentTooLargeError: it is above a limit, or expands above one.
        """
        if len(content) > self._limits.content_bytes:
            raise problem(Failure.TOO_LARGE, name=name, kind="", limits=self._limits)
        request = Request(
            name=_plain(name),
            claimed=media_type,
            second_only=False,
            depth=depth,
            limits=self._limits,
        )
        reply, files = self._answer(request, content)
        if reply.failure is Failure.CRASH:
            reply, files = self._answer(replace(request, second_only=True), content)
        if reply.document is None:
            kind = media.SUPPORTED[reply.media_type].label if reply.media_type else ""
            failure = reply.failure or Failure.CRASH
            raise problem(failure, name=name, kind=kind, limits=self._limits)
        attachments = tuple(
            Attachment(head.name, file, head.media_type)
            for head, file in zip(reply.attachments, files, strict=True)
        )
        return Parsed(reply.document, attachments, reply.notes)

    def parse_many(self, files: Iterable[Attachment]) -> Iterator[Parsed | VaultError]:
        """Yield the outcome of each file in order, reading a few ahead of the caller."""
        with ThreadPoolExecutor(self._workers, thread_name_prefix="parse") as pool:
            pending: deque[Future[Parsed | VaultError]] = deque()
            for file in files:
                pending.append(pool.submit(self._outcome, file))
                if len(pending) > self._workers:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()

    def close(self) -> None:
        """End the sandbox; a later call would start it again."""
        with self._lock:
            if self._worker is not None:
                self._worker.stop()
                self._worker = None
            if self._scratch is not None:
                self._scratch.cleanup()
                self._scratch = None

    def __enter__(self) -> "Parser":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _outcome(self, file: Attachment) -> Parsed | VaultError:
        try:
            return self.parse(file.content, name=file.name, media_type=file.media_type)
        except VaultError as error:
            return error

    def _answer(self, request: Request, content: bytes) -> tuple[Reply, list[bytes]]:
        """Return the reply and the bytes of its attachments; a lost worker is replaced once."""
        for last in (False, True):
            worker = self._running()
            try:
                with self._places:
                    return exchange(worker, request, content)
            except WorkerLostError:
                self._discard(worker)
                if last:
                    break
        return Reply(failure=Failure.CRASH), []

    def _running(self) -> WorkerProcess:
        with self._lock:
            if self._worker is None or self._worker.process.poll() is not None:
                self._worker = self._start()
            return self._worker

    def _discard(self, worker: WorkerProcess) -> None:
        with self._lock:
            worker.stop()
            if self._worker is worker:
                self._worker = None

    def _start(self) -> WorkerProcess:
        if self._scratch is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="strongroom-parse-")
        for isolation in self._ladder():
            worker = WorkerProcess(
                isolation=isolation,
                seconds=self._limits.seconds,
                hidden=self._hidden,
                scratch=self._scratch.name,
            )
            reached = worker.greeting()
            if reached is not None:
                self._isolation = reached
                return worker
            worker.stop()
        raise VaultError("the parser could not be started")

    def _ladder(self) -> tuple[Isolation, ...]:
        # What was reached once is never quietly given up: a restart uses the same.
        fixed = self._wanted or self._isolation
        if fixed is not None:
            return (fixed,)
        fallback = (Isolation.NAMESPACES, Isolation.LIMITS)
        return (Isolation.BUBBLEWRAP, *fallback) if installed() else fallback


def _plain(name: str) -> str:
    return name.encode("utf-8", "replace").decode()[-255:]
