"""Tells what changes below a folder while it changes; the sweep stays the truth."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

from watchdog.events import (
    EVENT_TYPE_CLOSED_NO_WRITE,
    EVENT_TYPE_MODIFIED,
    EVENT_TYPE_OPENED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from connectors.errors import SourceUnavailableError
from connectors.local_files import uri_of

SWEEP: frozenset[str] = frozenset()
"""What is told where only a sweep can say what changed."""

_LOOK_SECONDS = 0.1
_LONGEST_WAITS = 20
_Told = SimpleQueue[str | None]


def changed_ids(
    root: Path,
    *,
    stop: threading.Event,
    settle_seconds: float = 1.0,
    sweep_seconds: float = 3600.0,
) -> Iterator[frozenset[str]]:
    """Yield the ids of files that changed, or ``SWEEP`` where a sweep has to say what did.

    A sweep is asked for at the beginning, after anything happened to a folder, and on a clock of
    its own, because the system may drop what it has to tell without a word.

    Args:
        root: the folder, as the filesystem connector follows it.
        stop: ends the watch when it is set.
        settle_seconds: how long nothing may happen before changes are told together.
        sweep_seconds: longest time without a sweep.

    Raises:
        SourceUnavailableError: the folder cannot be watched.
    """
    told: _Told = SimpleQueue()
    observer = Observer()
    folder = os.path.realpath(root)
    try:
        observer.schedule(_Listener(told), folder, recursive=True)
        observer.start()
    except OSError as error:
        raise SourceUnavailableError("the folder cannot be watched") from error
    try:
        yield SWEEP
        swept = time.monotonic()
        while not stop.is_set():
            changes = _settled(told, stop, settle_seconds)
            if None in changes or time.monotonic() - swept > sweep_seconds:
                swept = time.monotonic()
                yield SWEEP
            elif changes:
                yield frozenset(each for each in changes if each is not None)
    finally:
        observer.stop()
        observer.join()


def _settled(told: _Told, stop: threading.Event, settle_seconds: float) -> set[str | None]:
    """Return what was told, once it is quiet; nothing after a short while without a change."""
    try:
        changes = {told.get(timeout=_LOOK_SECONDS)}
    except Empty:
        return set()
    end = time.monotonic() + settle_seconds * _LONGEST_WAITS
    while time.monotonic() < end and not stop.is_set():
        try:
            changes.add(told.get(timeout=settle_seconds))
        except Empty:
            break
    return changes


class _Listener(FileSystemEventHandler):
    """Notes the files that events are about, and None for whatever happens to a folder."""

    def __init__(self, told: _Told) -> None:
        self._told = told

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note one event."""
        if event.event_type in (EVENT_TYPE_OPENED, EVENT_TYPE_CLOSED_NO_WRITE):
            return
        if event.is_directory:
            # A folder is modified with each file in it, and the file has an event of its own.
            if event.event_type != EVENT_TYPE_MODIFIED:
                self._told.put(None)
            return
        for path in (event.src_path, event.dest_path):
            if path:
                self._told.put(uri_of(Path(os.fsdecode(path))))
