"""The process of one engine, started, asked and ended by the comparison."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vault.domain.errors import VaultError
from vault.evaluate.engine import EngineKind
from vault.evaluate.workload import Workload

_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "TOKIO_WORKER_THREADS",
    "LANCE_CPU_THREADS",
    "VAULT_THREADS",
)


@dataclass(slots=True)
class Entrant:
    """One engine's process, as its parent sees it.

    Attributes:
        name: of the engine.
        process: answers lines of JSON with lines of JSON.
        facts: what the engine said of itself when it was filled.
    """

    name: str
    process: "subprocess.Popen[str]"
    facts: dict[str, Any] = field(default_factory=dict)

    def ask(self, **form: Any) -> dict[str, Any]:  # noqa: ANN401 - a line of JSON
        """Return the reply to one request.

        Raises:
            VaultError: the engine failed.
        """
        if self.process.stdin is None:
            raise VaultError(f"the engine {self.name} cannot be asked")
        self.process.stdin.write(json.dumps(form) + "\n")
        self.process.stdin.flush()
        return self.reply()

    def reply(self) -> dict[str, Any]:
        """Return the next reply.

        Raises:
            VaultError: the engine failed.
        """
        line = self.process.stdout.readline() if self.process.stdout is not None else ""
        if not line:
            raise VaultError(f"the engine {self.name} stopped without an answer")
        form: dict[str, Any] = json.loads(line)
        if "problem" in form:
            raise VaultError(f"the engine {self.name} failed: {form['problem']}")
        return form

    def setting(self, value: int) -> str:
        """Return a value of the engine's knob with its name, or nothing if it has none."""
        return f"{self.facts['knob']} {value}" if self.facts["knob"] else ""


@contextmanager
def entered(kind: EngineKind, workload: Workload, folder: Path) -> Iterator[Entrant]:
    """Hold a filled engine in a process of one thread, for the length of the block.

    Args:
        kind: which engine.
        workload: what it is filled with.
        folder: made, for the engine's files.

    Raises:
        VaultError: the engine failed.
    """
    folder.mkdir()
    command = [
        sys.executable,
        "-P",
        "-m",
        "vault.evaluate.contestant",
        kind.maker,
        str(folder),
        str(workload.folder),
    ]
    environment = os.environ | dict.fromkeys(_ONE_THREAD, "1") | {"HOME": str(folder)}
    with subprocess.Popen(  # noqa: S603 - this interpreter, our module
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            entrant = Entrant(kind.name, process)
            entrant.facts = entrant.reply()
            yield entrant
        finally:
            # The end of its input ends the engine in good order.
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
