"""The sandbox shows a parser programs only, and passes nothing of our environment on."""

import os
from pathlib import Path

import pytest

from vault.ingest.parse.isolation import Isolation, command, environment, installed


def test_only_programs_are_visible_and_hidden_folders_are_masked(tmp_path: Path) -> None:
    line = command(Isolation.BUBBLEWRAP, seconds=60, hidden=[tmp_path, tmp_path / "absent"])
    shown = [line[place + 1] for place, word in enumerate(line) if word == "--ro-bind"]
    assert "/" not in shown
    assert "/home" not in shown
    assert "/etc" not in shown
    assert "--bind" not in line
    masked = [line[place + 1] for place, word in enumerate(line) if word == "--tmpfs"]
    assert masked == ["/tmp", str(tmp_path.resolve())]  # noqa: S108 - inside the sandbox
    # A program installed below the scratch folder must not be covered by it.
    assert line.index("/tmp") < line.index("--ro-bind")  # noqa: S108
    assert {"--unshare-all", "--new-session", "--clearenv"} <= set(line)


def test_no_secret_of_the_environment_reaches_a_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_MASTER_KEY", "secret")
    for isolation in Isolation:
        passed = environment(isolation, "/scratch")
        assert "VAULT_MASTER_KEY" not in passed
        assert passed["DO_NOT_TRACK"] == "1"
        assert "secret" not in " ".join(command(isolation, seconds=60, hidden=[]))


def test_without_the_program_there_is_no_such_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {**os.environ, "PATH": ""})
    assert not installed()
