"""An engine's process is asked, its failures are told, and it ends with the block."""

import os
from pathlib import Path

import pytest

from vault.domain.errors import VaultError
from vault.evaluate.engine import ENGINES, EngineKind
from vault.evaluate.entrant import entered
from vault.evaluate.workload import Workload

FLAT = ENGINES["faiss-flat-bitmap"]
BROKEN = """
from vault.domain.errors import InvalidRequestError
class Broken:
    def __init__(self, workload, folder):
        raise InvalidRequestError("no disk under it")
class Dying:
    def __init__(self, workload, folder):
        raise SystemExit(3)
class Chatty:
    knob, settings, usual, worker = "", (0,), 0, None
    def __init__(self, workload, folder):
        print("hello from a library")
    def fill(self): ...
    def search(self, visible, setting): ...
    def close(self): ...
class Curious(Chatty):
    def __init__(self, workload, folder):
        import socket
        try:
            socket.create_connection(("127.0.0.1", 9), timeout=20)
        except OSError as error:
            raise InvalidRequestError(f"errno {error.errno}")
"""


@pytest.fixture
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_engines.py").write_text(BROKEN, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)


def test_an_engine_is_asked_in_a_process_that_ends_with_the_block(
    workload: Workload, tmp_path: Path
) -> None:
    with entered(FLAT, workload, tmp_path / "flat") as entrant:
        assert entrant.facts["build_seconds"] >= 0
        assert entrant.setting(0) == ""
        assert len(entrant.ask(place=4, setting=0, first=0, last=3)["found"]) == 3
        process = entrant.process
    assert process.returncode == 0


def test_a_setting_is_told_with_the_name_of_its_knob(workload: Workload, tmp_path: Path) -> None:
    with entered(ENGINES["faiss-ivf-sq8"], workload, tmp_path / "inverted") as entrant:
        assert entrant.setting(64) == "nprobe 64"


@pytest.mark.usefixtures("engines")
def test_the_problem_of_an_engine_reaches_the_parent(workload: Workload, tmp_path: Path) -> None:
    kind = EngineKind("broken", "own_engines:Broken")
    with (
        pytest.raises(VaultError, match="broken failed: no disk under it"),
        entered(kind, workload, tmp_path / "engine"),
    ):
        pytest.fail("a broken engine was entered")


@pytest.mark.usefixtures("engines")
def test_an_engine_that_dies_is_told_and_not_waited_for(workload: Workload, tmp_path: Path) -> None:
    kind = EngineKind("dying", "own_engines:Dying")
    with (
        pytest.raises(VaultError, match="dying stopped without an answer"),
        entered(kind, workload, tmp_path / "engine"),
    ):
        pytest.fail("a dead engine was entered")


@pytest.mark.usefixtures("engines")
def test_what_a_library_prints_is_not_taken_for_a_reply(workload: Workload, tmp_path: Path) -> None:
    with entered(EngineKind("c", "own_engines:Chatty"), workload, tmp_path / "engine") as entrant:
        assert entrant.facts["usual"] == 0


@pytest.mark.usefixtures("engines")
def test_an_engine_reaches_no_network(workload: Workload, tmp_path: Path) -> None:
    kind = EngineKind("curious", "own_engines:Curious")
    # 101 is "network is unreachable": not even the machine itself; 111 would be "refused".
    with (
        pytest.raises(VaultError, match="errno 101"),
        entered(kind, workload, tmp_path / "engine"),
    ):
        pytest.fail("an engine opened a connection")
