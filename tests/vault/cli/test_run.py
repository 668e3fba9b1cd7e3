"""A run is started, shown, stopped and proved from the command line."""

import json
from pathlib import Path

import pytest

from tests.vault.cli.conftest import Strongroom
from tests.vault.orchestrate.leave_desk import furnish
from vault.bootstrap import Vault
from vault.settings import load


@pytest.fixture
def clerk(home: Path) -> Path:
    with Vault.open(home, load(home)) as vault:
        furnish(vault)
    return home


def start(strongroom: Strongroom) -> dict[str, str]:
    result = strongroom("run", "start", "clerk", "--input", "2 + 3", "--as", "ana", "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_run_starts_and_waits_for_a_person(clerk: Path, strongroom: Strongroom) -> None:
    started = start(strongroom)
    assert started.keys() == {"run_id", "state"}
    assert started["state"] == "awaiting_approval"
    shown = json.loads(strongroom("run", "show", started["run_id"], "--as", "ana").stdout)
    assert [each["tool"] for each in shown["calls"]] == [
        "calculator",
        "write_artifact",
        "create_ticket",
    ]
    listed = json.loads(strongroom("run", "list", "--as", "ana", "--json").stdout)
    assert [each["run_id"] for each in listed["runs"]] == [started["run_id"]]
    assert started["run_id"] in strongroom("run", "list").stdout


def test_a_file_of_a_run_is_printed_and_written(
    clerk: Path, strongroom: Strongroom, tmp_path: Path
) -> None:
    run_id = start(strongroom)["run_id"]
    shown = json.loads(strongroom("run", "show", run_id).stdout)
    (file,) = shown["artifacts"]
    printed = strongroom("run", "artifact", run_id, file["digest"], "--as", "ana")
    assert printed.stdout == "the sum is known"
    target = tmp_path / "sum.txt"
    result = strongroom("run", "artifact", run_id, file["digest"], "--output", str(target))
    assert result.exit_code == 0
    assert target.read_text() == "the sum is known"
    assert strongroom("run", "artifact", run_id, file["digest"], "--as", "bo").exit_code == 66


def test_a_run_is_stopped_and_then_neither_goes_on_nor_is_settled(
    clerk: Path, strongroom: Strongroom
) -> None:
    run_id = start(strongroom)["run_id"]
    words = strongroom("run", "cancel", run_id, "--as", "ana", "--reason", "never mind").stdout
    assert "is cancelled" in words
    assert "never mind" in words
    resumed = json.loads(strongroom("run", "resume", run_id, "--json").stdout)
    assert resumed == {"run_id": run_id, "state": "cancelled"}
    settled = strongroom("run", "resolve", run_id, "--outcome", "failed", "--reason", "x")
    assert settled.exit_code == 1
    replayed = strongroom("run", "replay", run_id, "--as", "ana")
    assert json.loads(replayed.stdout)["run_id"] == run_id


def test_a_run_is_proved_to_anybody_who_has_the_key(
    clerk: Path, strongroom: Strongroom, tmp_path: Path
) -> None:
    run_id = start(strongroom)["run_id"]
    file = tmp_path / "proof.json"
    result = strongroom("run", "proof", run_id, "--as", "ana", "--output", str(file))
    assert result.exit_code == 0
    assert "verified" in strongroom("verify", str(file)).stdout
    nowhere = str(tmp_path / "no" / "proof.json")
    assert strongroom("run", "proof", run_id, "--output", nowhere).exit_code == 65


def test_an_agent_that_is_not_there_is_told_in_one_sentence(
    clerk: Path, strongroom: Strongroom
) -> None:
    result = strongroom("run", "start", "nobody", "--input", "x", "--as", "ana")
    assert result.exit_code == 66
    assert "there is no such agent" in result.stderr
