"""Charters are applied, looked at, approved and stopped from the command line."""

import json
from pathlib import Path

import pytest

from tests.vault.cli.conftest import Strongroom
from tests.vault.orchestrate.leave_desk import CHARTER, TOOLS
from vault.bootstrap import Vault
from vault.orchestrate.toolbox.toolbox import SHIPPED
from vault.settings import load


@pytest.fixture
def charter(home: Path, tmp_path: Path) -> Path:
    with Vault.open(home, load(home)) as vault:
        for name in TOOLS:
            vault.tool_desk.apply(SHIPPED[name].owned_by("olga"), None)
            vault.tool_desk.approve(name, None)
    file = tmp_path / "clerk.yaml"
    file.write_bytes(CHARTER)
    return file


def test_an_agent_goes_from_a_draft_into_production_and_is_stopped(
    charter: Path, strongroom: Strongroom
) -> None:
    kept = json.loads(strongroom("agent", "apply", str(charter), "--json").stdout)
    assert (kept["name"], kept["version"], kept["stage"]) == ("clerk", 1, "draft")
    words = strongroom("agent", "approve", "clerk", "--as", "olga", "--digest", kept["digest"])
    assert "clerk@1 is pilot" in words.stdout
    assert "production" in strongroom("agent", "promote", "clerk", "--as", "olga").stdout
    (listed,) = json.loads(strongroom("agent", "list", "--json").stdout)["agents"]
    assert {"name", "version", "digest", "stage"} <= listed.keys()
    assert listed["stage"] == "production"
    assert "clerk" in strongroom("agent", "list").stdout
    stopped = strongroom("agent", "suspend", "clerk", "--reason", "incident", "--as", "olga")
    assert "suspended" in stopped.stdout


def test_an_agent_is_shown_with_its_charter_and_compared(
    charter: Path, strongroom: Strongroom
) -> None:
    strongroom("agent", "apply", str(charter))
    charter.write_bytes(CHARTER.replace(b"autonomy: A3", b"autonomy: A4"))
    strongroom("agent", "apply", str(charter))
    shown = json.loads(strongroom("agent", "show", "clerk", "--version", "1").stdout)
    assert shown["charter"]["autonomy"] == "A3"
    assert shown["autonomy"]["effective"] == "A0"
    assert strongroom("agent", "show", "clerk", "--version", "9").exit_code == 66
    (found,) = json.loads(strongroom("agent", "diff", "clerk").stdout)["differences"]
    assert found == {"pointer": "/autonomy", "before": "A3", "after": "A4"}


def test_the_schema_of_a_charter_is_printed(strongroom: Strongroom) -> None:
    assert json.loads(strongroom("agent", "schema").stdout)["title"] == "Agent charter"


def test_a_charter_that_does_not_fit_is_refused_with_the_member_named(
    charter: Path, strongroom: Strongroom
) -> None:
    charter.write_bytes(CHARTER.replace(b"autonomy: A3", b"autonomy: A9"))
    result = strongroom("agent", "apply", str(charter))
    assert result.exit_code == 65
    assert "autonomy" in result.stderr
    assert strongroom("agent", "apply", str(charter) + ".gone").exit_code == 65


def test_an_agent_that_was_stopped_for_unusual_behaviour_is_let_on(
    charter: Path, home: Path, strongroom: Strongroom
) -> None:
    strongroom("agent", "apply", str(charter))
    assert strongroom("agent", "resume", "clerk").exit_code == 66
    with Vault.open(home, load(home)) as vault, vault.store.write() as unit:
        unit.postings.open_breaker("clerk", "unusual", now=vault.now())
    assert "may act again" in strongroom("agent", "resume", "clerk", "--as", "olga").stdout
