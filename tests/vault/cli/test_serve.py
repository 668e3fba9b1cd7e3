"""``strongroom serve`` stays on this machine unless told otherwise, and ends in good order."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from vault.bootstrap import Vault
from vault.cli.app import app


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home without models."""
    folder = tmp_path / "home"
    Vault.create(folder, models_dir=tmp_path / "nothing").close()
    return folder


@contextmanager
def served(home: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command for the length of a block; give its process and address."""
    command = [sys.executable, "-m", "vault", "serve", "--port", "0", *options]
    environment = os.environ | {"STRONGROOM_HOME": str(home), "VAULT_LOG_LEVEL": "info"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        try:
            yield process, said.rpartition(" ")[2].strip()
        finally:
            process.kill()


@pytest.mark.slow
@pytest.mark.enable_socket
def test_it_tells_its_address_and_answers_there_by_its_own_names_alone(home: Path) -> None:
    with served(home) as (_, address):
        place = urlsplit(address)
        assert (place.scheme, place.hostname) == ("http", "127.0.0.1")
        connection = HTTPConnection("127.0.0.1", place.port or 0, timeout=20)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b'{"status":"alive"}')
        assert answer.getheader("server") is None
        connection.request("GET", "/healthz", headers={"Host": "rebound.example"})
        assert connection.getresponse().status == 421
        connection.close()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_good_order_when_it_is_told_to(home: Path, number: signal.Signals) -> None:
    with served(home) as (process, _):
        process.send_signal(number)
        _, logged = process.communicate(timeout=30)
        assert process.returncode == 0
    assert "Traceback" not in logged


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "vault.example"])  # noqa: S104
def test_an_address_that_others_reach_must_be_meant(
    home: Path, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRONGROOM_HOME", str(home))
    result = CliRunner().invoke(app, ["serve", "--host", host, "--port", "0"])
    assert result.exit_code == 65
    assert "--allow-remote" in result.output


@pytest.mark.enable_socket
def test_a_taken_port_is_a_problem_that_is_told(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        environment = {"STRONGROOM_HOME": str(home)}
        result = CliRunner().invoke(app, ["serve", "--port", port], env=environment)
    assert result.exit_code == 65
    assert "/problems/invalid-request" in result.output
    assert f"port {port}: another program listens there" in result.output


@pytest.mark.slow
def test_what_was_meant_is_warned_of(home: Path) -> None:
    with served(home, "--host", "0.0.0.0", "--allow-remote") as (process, _):  # noqa: S104
        process.send_signal(signal.SIGTERM)
        _, logged = process.communicate(timeout=30)
    assert "unencrypted" in logged
