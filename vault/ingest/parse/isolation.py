"""How the sandbox is shut off from the machine, best means first."""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

import vault

_CLONE_NEWIPC = 0x08000000
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_SCRATCH = "/tmp"  # noqa: S108 - a private tmpfs inside the sandbox
_SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/localtime",
)


class Isolation(StrEnum):
    """What stands between an untrusted file and the machine, strongest first.

    ``bubblewrap``: no network, no other process, a read-only view of programs alone.
    ``namespaces``: no network; files are readable as the vault reads them.
    ``limits``: limits on memory, time and files only.
    """

    BUBBLEWRAP = "bubblewrap"
    NAMESPACES = "namespaces"
    LIMITS = "limits"


def isolate(asked: Isolation) -> Isolation:
    """Leave the network from inside this process and return what was reached.

    Under bubblewrap that is done already.
    """
    if asked is not Isolation.NAMESPACES:
        return asked
    libc = ctypes.CDLL(None, use_errno=True)
    network = _CLONE_NEWNET | _CLONE_NEWIPC
    if libc.unshare(network) == 0 or libc.unshare(network | _CLONE_NEWUSER) == 0:
        return Isolation.NAMESPACES
    return Isolation.LIMITS


def command(isolation: Isolation, *, seconds: float, hidden: Iterable[Path]) -> list[str]:
    """Return the command line that starts the worker under ``isolation``.

    Args:
        isolation: what to start it under.
        seconds: wall time a file may take.
        hidden: folders that must be empty inside, even where programs lie around them.
    """
    worker = [
        sys.executable,
        "-B",
        "-P",
        "-s",
        "-m",
        "vault.ingest.parse.worker",
        isolation.value,
        str(seconds),
    ]
    if isolation is not Isolation.BUBBLEWRAP:
        return worker
    return [*_bubblewrap(hidden), *worker]


def environment(isolation: Isolation, scratch: str) -> dict[str, str]:
    """Return the whole environment of the worker; nothing is inherited."""
    sandboxed = isolation is Isolation.BUBBLEWRAP
    return _variables(_SCRATCH if sandboxed else scratch)


def installed() -> bool:
    """Tell whether bubblewrap can be called."""
    return shutil.which("bwrap") is not None


def sandboxed(program: Iterable[str], *, hidden: Iterable[Path]) -> list[str]:
    """Return the command line that runs a program of ours under bubblewrap.

    It ends with the thread that starts it, which has to wait for it.

    Args:
        program: the command itself; it sees programs and an empty scratch folder.
        hidden: folders that must be empty inside.
    """
    before, after = _bubblewrap(hidden), [*program]
    return [next(before), "--die-with-parent", *before, *after]


def _variables(scratch: str) -> dict[str, str]:
    offline: Mapping[str, str] = vault._OFFLINE
    return {
        **offline,
        "HOME": scratch,
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "OMP_THREAD_LIMIT": "1",
        "PATH": f"{sys.prefix}/bin:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(Path(vault.__file__).parent.parent),
        "RAYON_NUM_THREADS": "1",
        "TMPDIR": scratch,
    }


def _bubblewrap(hidden: Iterable[Path]) -> Iterator[str]:
    # The kernel ties --die-with-parent to the thread that starts the sandbox, and a pool's
    # thread may end long before the vault does; the worker ends with its connection instead.
    yield from (shutil.which("bwrap") or "bwrap", "--unshare-all", "--new-session", "--clearenv")
    # The scratch folder comes first: this program itself may be installed below it.
    yield from ("--cap-drop", "ALL", "--tmpfs", _SCRATCH)
    for path in _visible():
        yield from ("--ro-bind", path, path)
    for folder in hidden:
        if folder.is_dir():
            yield from ("--tmpfs", str(folder.resolve()))
    yield from ("--proc", "/proc", "--dev", "/dev", "--remount-ro", "/")
    for name, value in _variables(_SCRATCH).items():
        yield from ("--setenv", name, value)
    yield "--"


def _visible() -> list[str]:
    """Return what the worker needs to run: system programs, Python, and this package."""
    package = Path(vault.__file__).parent
    wanted = [*_SYSTEM, sys.base_prefix, sys.prefix, str(package), *_packages()]
    return list(dict.fromkeys(path for path in wanted if Path(path).exists()))


def _packages() -> Iterator[str]:
    for entry in sys.path:
        if entry and Path(entry).name in ("site-packages", "dist-packages"):
            yield os.path.realpath(entry)
