"""A person looks at an act and decides from the command line."""

import json
from pathlib import Path

import pytest

from tests.vault.cli.conftest import Strongroom
from tests.vault.orchestrate.leave_desk import furnish
from vault.bootstrap import Vault
from vault.settings import load


@pytest.fixture
def waiting(home: Path, strongroom: Strongroom) -> dict[str, str]:
    with Vault.open(home, load(home)) as vault:
        furnish(vault)
    started = strongroom("run", "start", "clerk", "--input", "2 + 3", "--as", "ana", "--json")
    assert started.exit_code == 0, started.stderr
    listed = strongroom("approval", "list", "--as", "olga", "--json")
    (found,) = json.loads(listed.stdout)["approvals"]
    return found


def test_what_waits_is_shown_with_the_exact_act(
    waiting: dict[str, str], strongroom: Strongroom
) -> None:
    shown = strongroom("approval", "show", waiting["approval_id"], "--as", "olga").stdout
    assert '"title": "A sum"' in shown
    assert waiting["view_digest"] in shown
    form = json.loads(strongroom("approval", "show", waiting["approval_id"], "--json").stdout)
    assert form["view"] in shown
    assert waiting["approval_id"] in strongroom("approval", "list").stdout
    assert "Nothing waits." in strongroom("approval", "list", "--as", "ana").stdout


def test_a_grant_lets_the_run_go_on_at_once(
    waiting: dict[str, str], strongroom: Strongroom
) -> None:
    result = strongroom("approval", "grant", waiting["approval_id"], "--as", "olga")
    assert "An agent asks to act" in result.stdout
    assert "is granted" in result.stdout
    shown = json.loads(strongroom("run", "show", waiting["run_id"]).stdout)
    assert (shown["state"], shown["result"]) == ("succeeded", {"ticket": 1})
    figures = json.loads(strongroom("approval", "statistics").stdout)["approvers"]
    assert figures[0]["approver"] == "olga"


def test_a_refusal_ends_it(waiting: dict[str, str], strongroom: Strongroom) -> None:
    words = ("approval", "refuse", waiting["approval_id"], "--as", "olga")
    result = strongroom(*words, "--digest", waiting["view_digest"], "--json")
    assert json.loads(result.stdout)["state"] == "refused"
    shown = json.loads(strongroom("run", "show", waiting["run_id"]).stdout)
    assert shown["state"] == "failed"


def test_nobody_decides_for_themselves_nor_on_something_else(
    waiting: dict[str, str], strongroom: Strongroom
) -> None:
    words = ("approval", "grant", waiting["approval_id"])
    assert strongroom(*words, "--as", "ana").exit_code == 66
    other = strongroom(*words, "--as", "olga", "--digest", "sha256:" + "0" * 64)
    assert other.exit_code == 1
    assert "/problems/run-state" in other.stderr
