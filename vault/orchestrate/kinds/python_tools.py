"""Python functions as tools: one child process a call, without a network and without the home."""

import json
import math
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from vault.domain.errors import InvalidRequestError
from vault.domain.tools import Reversibility, ToolDefinition, ToolResult
from vault.ingest.parse.isolation import Isolation, environment, installed, sandboxed
from vault.orchestrate.json_bounds import excess
from vault.orchestrate.tool import ToolContext, ToolFailedError

_ENTRY = re.compile(r"([A-Za-z_][\w.]{0,200}):([A-Za-z_]\w{0,100})")
_CHILD = (sys.executable, "-B", "-P", "-s", "-m", "vault.orchestrate.kinds.python_child")
MEMORY_BYTES = 512 * 2**20
MOST_SOURCE_BYTES = 256 * 1024
DESCRIBE_SECONDS = 30.0
_START_SECONDS = 5
"""Processor time that Python itself may need before the function begins."""


class PythonRunner:
    """Runs functions in children of their own.

    Args:
        hidden: folders no function may see, above all the home of the vault.
        memory_bytes: address space of a child.
        isolation: exactly this one, or None for the strongest that works here.
    """

    def __init__(
        self,
        *,
        hidden: Sequence[Path] = (),
        memory_bytes: int = MEMORY_BYTES,
        isolation: Isolation | None = None,
    ) -> None:
        self._hidden = tuple(hidden)
        self._memory_bytes = memory_bytes
        self._isolation = isolation
        self._lock = threading.Lock()

    @property
    def isolation(self) -> Isolation:
        """What functions are held by on this machine."""
        with self._lock:
            if self._isolation is None:
                self._isolation = self._strongest()
            return self._isolation

    def run(
        self, request: Mapping[str, object], *, seconds: float, output_bytes: int
    ) -> dict[str, object]:
        """Return the answer of one child.

        Args:
            request: what to load and do.
            seconds: wall time; then the child and all its children are ended.
            output_bytes: the longest answer; a longer one is cut off by the kernel.

        Raises:
            ToolFailedError: it did not end in time, or ended without an answer.
        """
        isolation = self.isolation
        whole = dict(request) | {
            "isolation": isolation.value,
            "limits": {
                "memory_bytes": self._memory_bytes,
                "seconds": math.ceil(seconds) + _START_SECONDS,
                "file_bytes": output_bytes + 64 * 1024,
            },
        }
        with tempfile.TemporaryDirectory(prefix="strongroom-tool-") as scratch:
            return self._answer(whole, isolation, seconds=seconds, scratch=scratch)

    def _answer(
        self, whole: dict[str, object], isolation: Isolation, *, seconds: float, scratch: str
    ) -> dict[str, object]:
        with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer:
            question.write(json.dumps(whole).encode())
            question.seek(0)
            child = subprocess.Popen(  # noqa: S603 - our own program, no words of a caller
                self._command(isolation),
                stdin=question,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env=environment(isolation, scratch),
                cwd="/",
                start_new_session=True,
            )
            try:
                child.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                raise ToolFailedError(
                    f"the function did not end within {seconds:g} seconds"
                ) from None
            finally:
                child.kill()
                child.wait()
            return _read(answer)

    def _command(self, isolation: Isolation) -> list[str]:
        if isolation is Isolation.BUBBLEWRAP:
            return sandboxed(_CHILD, hidden=self._hidden)
        return list(_CHILD)

    def _strongest(self) -> Isolation:
        if not installed():
            return Isolation.NAMESPACES
        probe = sandboxed([sys.executable, "-c", ""], hidden=self._hidden)
        worked = subprocess.run(probe, capture_output=True, check=False, timeout=60)  # noqa: S603
        return Isolation.BUBBLEWRAP if worked.returncode == 0 else Isolation.NAMESPACES


class PythonTool:
    """Calls one function of exactly the approved source.

    Args:
        definition: what was approved.
        runner: runs it.

    Raises:
        InvalidRequestError: its binding names no function or no digest.
    """

    def __init__(self, definition: ToolDefinition, *, runner: PythonRunner) -> None:
        self._definition = definition
        self._runner = runner
        self._place = _place(definition.binding)
        self._digest = str(definition.binding.get("digest", ""))
        if not self._digest.startswith("sha256:"):
            raise InvalidRequestError("the binding of a Python tool has the digest of its source")

    @property
    def definition(self) -> ToolDefinition:
        """What was approved."""
        return self._definition

    def call(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Run the function once.

        Raises:
            ToolFailedError: it failed, took too long, or its source is not what was approved.
        """
        acts = self._definition.reversibility is not Reversibility.READ
        secrets = {name: context.secrets.reveal(name) for name in self._definition.secrets}
        request = {
            **_loaded(self._place),
            "act": "call",
            "digest": self._digest,
            "arguments": arguments | secrets,
        }
        try:
            answer = self._runner.run(
                request,
                seconds=context.seconds,
                output_bytes=self._definition.limits.output_bytes,
            )
        except ToolFailedError as error:
            raise ToolFailedError(error.detail, effect_unknown=acts) from None
        if "refused" in answer:
            raise ToolFailedError(f"{self._definition.name}: {answer['refused']}")
        if "failed" in answer:
            detail = f"{self._definition.name} failed: {answer['failed']}"
            raise ToolFailedError(detail, effect_unknown=acts)
        return ToolResult(answer.get("ok"), context.label)


def describe(body: Mapping[str, object], *, runner: PythonRunner) -> dict[str, object]:
    """Return what a function says of itself, with the digest of its source pinned.

    Raises:
        InvalidRequestError: there is no such function, or it is not typed.
    """
    binding = body.get("binding")
    place = _place(binding if isinstance(binding, Mapping) else {})
    request = {**_loaded(place), "act": "describe", "arguments": {}}
    try:
        answer = runner.run(request, seconds=DESCRIBE_SECONDS, output_bytes=2**20)
    except ToolFailedError as error:
        raise InvalidRequestError(error.detail) from None
    found = answer.get("ok")
    if not isinstance(found, dict):
        reason = answer.get("refused") or answer.get("failed") or "it gave no answer"
        raise InvalidRequestError(f"the function cannot be used: {reason}")
    secrets = body.get("secrets")
    _hide(found["input_schema"], secrets if isinstance(secrets, list) else [])
    return {**found, "binding": {**place, "digest": found.pop("digest")}}


def _hide(schema: dict[str, dict[str, object]], secrets: Sequence[str]) -> None:
    """Take parameters that the broker fills out of what a model sees."""
    for name in secrets:
        schema["properties"].pop(name, None)
    schema["required"] = [name for name in schema["required"] if name not in secrets]  # type: ignore[assignment]


def _place(binding: Mapping[str, object]) -> dict[str, str]:
    entry, file = binding.get("entry_point"), binding.get("file")
    match = _ENTRY.fullmatch(str(entry)) if entry is not None else None
    if match is not None and file is None:
        return {"entry_point": match[0]}
    function = str(binding.get("function", ""))
    if file is not None and entry is None and function.isidentifier():
        return {"file": str(Path(str(file)).absolute()), "function": function}
    raise InvalidRequestError(
        "the binding of a Python tool is an entry_point module:function, or a file and a function"
    )


def _loaded(place: Mapping[str, str]) -> dict[str, object]:
    if "entry_point" in place:
        module, _, function = place["entry_point"].partition(":")
        return {"module": module, "function": function}
    try:
        with Path(place["file"]).open("rb") as file:
            source = file.read(MOST_SOURCE_BYTES + 1)
        if len(source) > MOST_SOURCE_BYTES:
            raise ToolFailedError(f"the source has more than {MOST_SOURCE_BYTES} bytes")
        return {"source": source.decode(), "function": place["function"]}
    except (OSError, UnicodeDecodeError):
        raise ToolFailedError("the source of the tool cannot be read") from None


def _read(answer: IO[bytes]) -> dict[str, object]:
    answer.seek(0)
    content = answer.read()
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise ToolFailedError(
            "the function ended without an answer, or with one too long"
        ) from None
    fault = excess(found, most_bytes=max(len(content), 1) * 2, most_values=10**6)
    if fault is not None or not isinstance(found, dict):
        raise ToolFailedError(f"the answer of the function {fault or 'is none'}")
    return found
