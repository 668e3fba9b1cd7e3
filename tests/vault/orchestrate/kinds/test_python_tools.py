"""A function runs in a child of its own: as approved, in time, without network and home."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from tests.vault.orchestrate.workshop import broker, context, definition
from vault.domain.errors import InvalidRequestError
from vault.domain.tools import Reversibility, ToolDefinition, ToolKind, ToolLimits
from vault.orchestrate.kinds.python_tools import PythonRunner, PythonTool, describe
from vault.orchestrate.tool import ToolFailedError
from vault.orchestrate.tool_files import definition_from

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]

SOURCE = '''
import os
import socket
import time
from pathlib import Path


def double(number: int, times: int = 2) -> dict[str, int]:
    """Multiply a number.

    Args:
        number: what to multiply.
        times: by what.
    """
    print("this goes nowhere")
    return {"product": number * times}


def sleep(number: int) -> int:
    """Wait too long."""
    time.sleep(60)
    return number


def flood(number: int) -> str:
    """Say far too much."""
    return "x" * number


def hoard(number: int) -> int:
    """Take far too much memory."""
    return len(bytearray(number))


def dial(number: int) -> str:
    """Try to reach the network."""
    try:
        socket.create_connection(("127.0.0.1", number), timeout=2).close()
    except OSError as error:
        return type(error).__name__
    return "connected"


def look(path: str) -> bool:
    """Look for a file."""
    return Path(path).exists()


def spy(number: int, api_key: str) -> str:
    """Use a secret, and give it away."""
    return f"the key is {api_key} {sorted(os.environ)}"


def untyped(number):
    """Say nothing of types."""
    return number
'''


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> PythonRunner:
    return PythonRunner(hidden=[tmp_path_factory.getbasetemp()], memory_bytes=400 * 2**20)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tools.py"
    path.write_text(SOURCE)
    return path


def made(runner: PythonRunner, file: Path, function: str, **more: object) -> ToolDefinition:
    body = {
        "name": function,
        "kind": "python",
        "owner": "olga",
        "reversibility": "read",
        "binding": {"file": str(file), "function": function},
        **more,
    }
    describers = {ToolKind.PYTHON: lambda body: describe(body, runner=runner)}
    return definition_from(body, describers)


def test_a_typed_function_with_a_docstring_is_a_tool(runner: PythonRunner, file: Path) -> None:
    found = made(runner, file, "double")
    assert found.description == "Multiply a number."
    assert found.input_schema["required"] == ["number"]
    assert found.input_schema["properties"]["times"]["description"] == "by what."
    tool = PythonTool(found, runner=runner)
    assert tool.call({"number": 21}, context()).content == {"product": 42}


def test_code_that_changed_since_it_was_approved_does_not_run(
    runner: PythonRunner, file: Path, tmp_path: Path
) -> None:
    tool = PythonTool(made(runner, file, "double"), runner=runner)
    mark = tmp_path / "mark"
    file.write_text(f"open({str(mark)!r}, 'w')\n" + SOURCE)
    with pytest.raises(ToolFailedError, match="changed since it was approved"):
        tool.call({"number": 21}, context())
    assert not mark.exists()


def test_a_function_that_hangs_is_ended(runner: PythonRunner, file: Path) -> None:
    found = replace(made(runner, file, "sleep"), reversibility=Reversibility.REVERSIBLE)
    with pytest.raises(ToolFailedError, match="did not end within") as caught:
        PythonTool(found, runner=runner).call({"number": 1}, context(seconds=1.5))
    assert caught.value.effect_unknown


def test_a_function_that_says_too_much_is_refused(runner: PythonRunner, file: Path) -> None:
    found = replace(made(runner, file, "flood"), limits=ToolLimits(output_bytes=1000))
    with pytest.raises(ToolFailedError, match="too long"):
        PythonTool(found, runner=runner).call({"number": 50 * 2**20}, context())


def test_a_function_has_bounded_memory(runner: PythonRunner, file: Path) -> None:
    with pytest.raises(ToolFailedError, match="more memory than it may have"):
        PythonTool(made(runner, file, "hoard"), runner=runner).call({"number": 2**31}, context())


def test_a_function_reaches_no_network_and_no_hidden_folder(
    runner: PythonRunner, file: Path
) -> None:
    dial = PythonTool(made(runner, file, "dial"), runner=runner)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
        assert dial.call({"number": port}, context()).content != "connected"
    look = PythonTool(made(runner, file, "look"), runner=runner)
    assert look.call({"path": str(file)}, context()).content is False
    assert look.call({"path": "/usr"}, context()).content is True


def test_a_secret_is_given_by_the_broker_and_no_model_sees_it(
    runner: PythonRunner, file: Path
) -> None:
    found = made(runner, file, "spy", secrets=["api_key"])
    assert "api_key" not in found.input_schema["properties"]
    given = context(secrets=broker(api_key="tulip-7"), names=found.secrets)
    said = str(PythonTool(found, runner=runner).call({"number": 1}, given).content)
    assert "tulip-7" in said
    assert "STRONGROOM_SECRET_API_KEY" not in said


@pytest.mark.parametrize("function", ["untyped", "missing"])
def test_a_function_that_says_nothing_of_itself_is_no_tool(
    runner: PythonRunner, file: Path, function: str
) -> None:
    with pytest.raises(InvalidRequestError, match="cannot be used"):
        made(runner, file, function)


def test_an_installed_function_is_a_tool(runner: PythonRunner) -> None:
    body = {"binding": {"entry_point": "vault.orchestrate.kinds.function_schema:missing"}}
    with pytest.raises(InvalidRequestError, match="no such function"):
        describe(body, runner=runner)
    found = definition(binding={"entry_point": "textwrap:dedent", "digest": "sha256:0"})
    with pytest.raises(ToolFailedError, match="changed since it was approved"):
        PythonTool(found, runner=runner).call({"text": " a"}, context())


@pytest.mark.parametrize(
    "binding",
    [{}, {"entry_point": "rm -rf"}, {"file": "x.py"}, {"file": "x", "entry_point": "a:b"}],
)
def test_a_binding_names_one_function(runner: PythonRunner, binding: dict[str, str]) -> None:
    with pytest.raises(InvalidRequestError, match="binding of a Python tool"):
        PythonTool(definition(binding=binding), runner=runner)


def test_a_binding_without_a_digest_makes_no_tool(runner: PythonRunner) -> None:
    with pytest.raises(InvalidRequestError, match="digest of its source"):
        PythonTool(definition(binding={"entry_point": "a:b"}), runner=runner)
