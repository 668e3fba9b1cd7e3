"""Names of workers, from which others can tell whether one has died."""

import hashlib
import os
import uuid
from pathlib import Path

_PROC = Path("/proc")


def worker_name() -> str:
    """Return a name for a worker: where it runs, its process, and a random part."""
    process = os.getpid()
    return f"{_place()}/{process}/{_started(process)}/{uuid.uuid4().hex[:12]}"


def worker_died(worker: str) -> bool:
    """Tell whether the process of a worker is gone; of one elsewhere nobody can tell."""
    place, process, started, _ = worker.split("/")
    return place == _place() and _started(int(process)) != started


def _place() -> str:
    """Return what this system calls itself since it started, seen from these processes."""
    boot = _read(_PROC / "sys/kernel/random/boot_id")
    try:
        space = str((_PROC / "self/ns/pid").readlink())
    except OSError:
        space = ""
    return hashlib.sha256(f"{boot}{space}".encode()).hexdigest()[:8]


def _started(process: int) -> str:
    """Return when a process began, which tells it from a later one of the same number."""
    fields = _read(_PROC / str(process) / "stat").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else "gone"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
