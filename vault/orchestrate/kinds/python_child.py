"""The process that runs one call of one Python function and dies.

It reads one JSON object from standard input and writes one to what was its standard output;
whatever the function itself prints goes nowhere.
"""

import ctypes
import importlib
import importlib.util
import json
import os
import resource
import signal
import sys
import types
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from vault.ingest.parse.isolation import Isolation, isolate
from vault.orchestrate.kinds.function_schema import UntypedFunctionError, describe_function

_NO_NEW_PRIVILEGES = 38


class CannotLoadError(Exception):
    """The function is not where the binding says, or not what was approved."""


def main() -> None:
    """Answer the one request on standard input."""
    request = json.loads(sys.stdin.buffer.read())
    answer_to = os.dup(1)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    _restrict(request["limits"])
    reached = isolate(Isolation(request["isolation"]))
    answer = _answered(request) | {"isolation": reached.value}
    with os.fdopen(answer_to, "wb") as stream:
        stream.write(json.dumps(answer).encode())


def _answered(request: dict[str, Any]) -> dict[str, Any]:
    try:
        function, digest = _load(request)
        if request["act"] == "describe":
            return {"ok": {**describe_function(function), "digest": digest}}
        value = function(**request["arguments"])
        return {"ok": value, "size": len(json.dumps(value))}
    except (CannotLoadError, UntypedFunctionError) as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"failed": "it needed more memory than it may have"}
    except Exception as error:  # noqa: BLE001 - whatever the function raises is told by its name
        return {"failed": f"it raised {type(error).__name__}"}


def _load(request: dict[str, Any]) -> tuple[Callable[..., object], str]:
    source = request.get("source")
    if source is None:
        source = _source_of(request["module"])
    digest = "sha256:" + sha256(source.encode()).hexdigest()
    # Nothing of it runs before it is known to be what was approved.
    if request["act"] != "describe" and digest != request["digest"]:
        raise CannotLoadError("the code changed since it was approved")
    if "source" in request:
        module = types.ModuleType("strongroom_tool")
        sys.modules[module.__name__] = module
        exec(compile(source, "<tool>", "exec"), module.__dict__)  # noqa: S102 - approved code
    else:
        module = importlib.import_module(request["module"])
    function = getattr(module, request["function"], None)
    if not callable(function):
        raise CannotLoadError("there is no such function")
    return function, digest


def _source_of(name: str) -> str:
    try:
        spec = importlib.util.find_spec(name)
    except ImportError:
        spec = None
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        raise CannotLoadError("there is no such module")
    return Path(spec.origin).read_text(encoding="utf-8")


def _restrict(limits: dict[str, int]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    for kind, most in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
