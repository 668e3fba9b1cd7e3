"""How many threads a model should use on this machine."""

import os
from pathlib import Path

_TOPOLOGY = Path("/sys/devices/system/cpu")


def physical_cores(topology: Path = _TOPOLOGY) -> int:
    """Return the physical cores this process may run on, at least 1.

    Two threads on one core share its arithmetic units, so more threads than this slow
    a model down. Where the topology cannot be read, each logical CPU counts as a core.

    Args:
        topology: the kernel's description of the CPUs.
    """
    cores = {_siblings(topology, cpu) for cpu in os.sched_getaffinity(0)}
    return max(1, len(cores))


def _siblings(topology: Path, cpu: int) -> str:
    path = topology / f"cpu{cpu}" / "topology" / "thread_siblings_list"
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return str(cpu)
