"""Every command explains itself, and none is reached under two names."""

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from vault import __version__
from vault.cli.app import app, main

COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
PLACES = [
    (name, *inner)
    for name, command in COMMANDS.items()
    for inner in ([(sub,) for sub in getattr(command, "commands", {})] or [()])
]
ESSENTIAL = {
    "init",
    "doctor",
    "ingest",
    "sync",
    "search",
    "ask",
    "verify",
    "serve",
    "principal",
    "group",
    "token",
    "source",
    "document",
    "run",
    "ledger",
    "index",
}


def test_the_commands_of_the_readme_are_there() -> None:
    assert COMMANDS.keys() >= ESSENTIAL


@pytest.mark.parametrize("words", PLACES, ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*words, "--help"])
    assert result.exit_code == 0
    assert "Usage: strongroom" in result.output
    command = COMMANDS[words[0]]
    for word in words[1:]:
        command = command.commands[word]
    assert command.help


@pytest.mark.parametrize("words", [[], ["ledger"], ["document"]])
def test_a_command_that_is_not_finished_shows_what_there_is(words: list[str]) -> None:
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert "Usage: strongroom" in result.output


def test_the_version_is_told_without_a_home(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["strongroom", "--version"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"strongroom {__version__}\n"


def test_an_unknown_command_is_refused() -> None:
    result = CliRunner().invoke(app, ["conquer"])
    assert result.exit_code == 2
    assert "conquer" in result.output
