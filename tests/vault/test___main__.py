"""``python -m vault`` is the same command as ``strongroom``."""

import runpy
import sys
from importlib.metadata import entry_points

import pytest

from vault import __main__, __version__
from vault.cli import app


def test_the_module_and_the_installed_script_run_the_same_command() -> None:
    [script] = entry_points(group="console_scripts", name="strongroom")
    assert script.load() is __main__.main is app.main


def test_it_runs_when_it_is_the_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["strongroom", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(__main__.__file__, run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"strongroom {__version__}\n"


def test_importing_it_runs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(__main__.__file__, run_name="vault.__main__")
    assert capsys.readouterr().out == ""
