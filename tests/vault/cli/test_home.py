"""A home is made once, looked over without being changed, and its index is a copy."""

import json
from pathlib import Path

import pytest

from tests.vault.cli.conftest import Strongroom
from vault.cli.console import opened
from vault.store.home import Home, create_keys


@pytest.fixture
def fresh(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of a home that does not exist yet."""
    folder = tmp_path / "fresh"
    monkeypatch.setenv("STRONGROOM_HOME", str(folder))
    return folder


def test_a_home_is_made_with_its_keys_and_says_so(strongroom: Strongroom, fresh: Path) -> None:
    result = strongroom("init", "--models", "models")
    assert result.exit_code == 0, result.output
    made, public, backup = result.stdout.splitlines()
    assert made == f"A vault was made in {fresh}."
    assert public.split()[-1] == (fresh / "ledger.vkey").read_text().strip()
    assert str(fresh / "keys") in backup
    settings = (fresh / "settings.toml").read_text()
    assert settings == f'models_dir = "{Path.cwd() / "models"}"\n'
    with opened() as vault, vault.store.read() as unit:
        assert unit.ledger.size() == 1


def test_making_it_again_keeps_everything(strongroom: Strongroom, home: Path) -> None:
    keys = {path: path.read_bytes() for path in (home / "keys").glob("*.key")}
    result = strongroom("init")
    assert result.exit_code == 0
    assert "already" in result.stdout
    assert {path: path.read_bytes() for path in keys} == keys
    assert len(json.loads(strongroom("principal", "list", "--json").stdout)["principals"]) == 3


def test_a_home_that_cannot_be_made_is_told(
    strongroom: Strongroom, fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh.write_text("in the way")
    monkeypatch.setenv("STRONGROOM_HOME", str(fresh / "home"))
    result = strongroom("init")
    assert result.exit_code == 75
    assert "cannot be written" in result.stderr


def test_a_making_that_was_broken_off_is_begun_again(strongroom: Strongroom, fresh: Path) -> None:
    create_keys(Home(fresh), passphrase=None)
    assert strongroom("ledger", "status").exit_code == 75
    result = strongroom("init")
    assert result.exit_code == 0, result.output
    assert strongroom("ledger", "status").exit_code == 0


def test_a_lost_master_key_costs_no_database(strongroom: Strongroom, home: Path) -> None:
    key = home / "keys" / "master.key"
    kept = key.read_bytes()
    key.unlink()
    result = strongroom("init")
    assert result.exit_code == 75
    assert "restore master.key" in result.stderr
    key.write_bytes(kept)
    assert strongroom("document", "list", "--as", "ana").exit_code == 0


@pytest.mark.parametrize("name", ["vault.db", "keys/keys.db"])
def test_a_lost_database_is_never_replaced_by_an_empty_one(
    strongroom: Strongroom, home: Path, name: str
) -> None:
    (home / name).unlink()
    for words in (["init"], ["principal", "list"], ["doctor"]):
        result = strongroom(*words)
        assert result.exit_code == 75
        assert "restore it from its backup" in result.output
        assert not (home / name).exists()


def test_the_index_is_built_from_the_database_alone(strongroom: Strongroom, home: Path) -> None:
    for path in (home / "index").rglob("*"):
        if path.is_file():
            path.unlink()
    result = strongroom("index", "rebuild")
    assert result.exit_code == 0, result.output
    with opened() as vault, vault.store.read() as unit:
        applied = unit.changes.latest()
    assert result.stdout == f"2 chunks indexed at change {applied}\n"


def test_doctor_tells_everything_for_programs(strongroom: Strongroom, fresh: Path) -> None:
    result = strongroom("doctor", "--json")
    assert result.exit_code == 75
    form = json.loads(result.stdout)
    assert form["healthy"] is False
    assert [(found["name"], found["ok"]) for found in form["findings"]] == [
        ("sqlite", True),
        ("home", False),
    ]
    assert not fresh.exists()


def test_doctor_tells_people_what_to_do(strongroom: Strongroom, fresh: Path) -> None:
    result = strongroom("doctor")
    assert result.exit_code == 75
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[0][:2] == ["ok", "sqlite"]
    assert lines[1][:2] == ["bad", "home"]
    assert "strongroom init" in result.stdout
