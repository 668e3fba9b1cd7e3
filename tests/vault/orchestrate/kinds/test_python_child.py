"""The child answers one request, and runs nothing that was not approved."""

import json
import subprocess
import sys
from hashlib import sha256

import pytest

pytestmark = pytest.mark.slow
SOURCE = 'def twice(n: int) -> int:\n    """Double."""\n    print("noise")\n    return 2 * n\n'
LIMITS = {"memory_bytes": 2**30, "seconds": 20, "file_bytes": 2**20}


def asked(**request: object) -> dict[str, object]:
    whole = {
        "act": "call",
        "source": SOURCE,
        "function": "twice",
        "digest": "sha256:" + sha256(SOURCE.encode()).hexdigest(),
        "arguments": {"n": 4},
        "limits": LIMITS,
        "isolation": "limits",
    }
    child = subprocess.run(
        [sys.executable, "-m", "vault.orchestrate.kinds.python_child"],
        input=json.dumps(whole | request).encode(),
        capture_output=True,
        check=True,
    )
    return json.loads(child.stdout)


def test_a_function_is_called_and_its_noise_goes_nowhere() -> None:
    assert asked()["ok"] == 8


def test_a_function_describes_itself_with_its_digest() -> None:
    found = asked(act="describe")["ok"]
    assert (found["description"], found["digest"][:7]) == ("Double.", "sha256:")


def test_other_code_is_refused_before_it_runs() -> None:
    assert "changed" in asked(source="raise SystemExit(3)")["refused"]


def test_an_error_is_told_by_its_name_alone() -> None:
    assert asked(arguments={"n": None})["failed"] == "it raised TypeError"


def test_what_is_not_there_is_refused() -> None:
    assert asked(function="thrice")["refused"] == "there is no such function"
    found = asked(source=None, module="no_such_module")
    assert found["refused"] == "there is no such module"
