"""A source is followed when someone says so, when it is due, or by a worker that goes on."""

import json
import signal
import threading
from pathlib import Path

import pytest

from tests.vault.cli.conftest import Strongroom

RIGHTS = ["--collection", "papers", "--classification", "internal", "--reader", "group:staff"]


@pytest.fixture
def shelf(tmp_path: Path, strongroom: Strongroom) -> Path:
    folder = tmp_path / "due"
    folder.mkdir()
    said = ["--connector", "filesystem", "--config", f"root={folder}", "--owner", "olga"]
    result = strongroom("source", "add", "due", *said, *RIGHTS, "--schedule", "every 15m")
    assert result.exit_code == 0, result.output
    said[3] = f"root={tmp_path}"
    result = strongroom("source", "add", "asked", *said, *RIGHTS)
    assert result.exit_code == 0, result.output
    return folder


def synced(strongroom: Strongroom) -> dict[str, bool]:
    forms = json.loads(strongroom("source", "list", "--json").stdout)["sources"]
    return {form["name"]: form["synced_at"] is not None for form in forms}


def test_only_what_is_due_is_followed(strongroom: Strongroom, shelf: Path) -> None:
    result = strongroom("sync", "--all", "--due", "--json")
    assert result.exit_code == 0, result.output
    assert synced(strongroom) == {"asked": False, "due": True}
    form = json.loads(strongroom("source", "show", "due").stdout)
    assert form["schedule"] == "every 15m"
    assert form["due_at"] > form["synced_at"]


def test_due_is_said_of_all_sources(strongroom: Strongroom) -> None:
    assert strongroom("sync", "shelf", "--due").exit_code == 65


def test_a_worker_may_follow_once(strongroom: Strongroom, shelf: Path) -> None:
    assert strongroom("worker", "--once").stdout.strip() == "due: followed"
    assert strongroom("worker", "--once").stdout == ""
    shelf.rmdir()


def test_a_worker_goes_on_until_it_is_stopped(strongroom: Strongroom, shelf: Path) -> None:
    threading.Timer(0.5, signal.raise_signal, args=(signal.SIGTERM,)).start()
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        result = strongroom("worker")
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
    assert result.exit_code == 0
    assert synced(strongroom)["due"]


def test_a_schedule_that_means_nothing_is_refused(strongroom: Strongroom, tmp_path: Path) -> None:
    said = ["--connector", "filesystem", "--config", f"root={tmp_path}", "--owner", "olga"]
    result = strongroom("source", "add", "odd", *said, *RIGHTS, "--schedule", "often")
    assert result.exit_code == 65
    assert "every 15m" in result.stderr
