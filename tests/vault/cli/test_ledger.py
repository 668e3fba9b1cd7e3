"""What can be proved is written to files, and verifies without the home that wrote it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.vault.cli.conftest import Strongroom
from vault.cli.console import opened
from vault.domain.identity import Subject
from vault.domain.notes import VerifierKey
from vault.ledger.runbook import Outcome
from vault.ledger.tiles import verify_tiles
from vault.ledger.verifier import verify_proof
from vault.store.schema import ledger_entry

ELSEWHERE = "cannot be written"


@pytest.fixture
def run_id(home: Path) -> str:
    """A finished run of ana."""
    with opened() as vault:
        ana: Subject = vault.authenticator.subject("ana")
        run = vault.runs.begin("search", ana, "How much leave?", facts={})
        vault.runs.finish(run, Outcome({"hits": []}))
    return run.id


def status(strongroom: Strongroom) -> dict[str, object]:
    form: dict[str, object] = json.loads(strongroom("ledger", "status", "--json").stdout)
    return form


def key(home: Path) -> VerifierKey:
    return VerifierKey.parse((home / "ledger.vkey").read_text().strip())


def test_the_status_names_the_log_and_its_size(strongroom: Strongroom, home: Path) -> None:
    form = status(strongroom)
    assert form.keys() == {"origin", "size", "checkpoint_size", "vkey"}
    assert form["vkey"] == key(home).vkey
    assert form["checkpoint_size"] == 1
    lines = strongroom("ledger", "status").stdout.splitlines()
    assert {line.split()[0]: line.split()[1] for line in lines} == {
        name: str(value) for name, value in form.items()
    }


def test_a_checkpoint_covers_everything_so_far(strongroom: Strongroom) -> None:
    note = strongroom("ledger", "checkpoint").stdout
    form = status(strongroom)
    assert note.splitlines()[:2] == [form["origin"], str(form["size"])]
    assert form["checkpoint_size"] == form["size"]
    assert strongroom("ledger", "checkpoint").stdout == note


def test_an_untouched_ledger_verifies(strongroom: Strongroom, tmp_path: Path) -> None:
    held = tmp_path / "note"
    held.write_text(strongroom("ledger", "checkpoint").stdout)
    result = strongroom("ledger", "verify", "--held", str(held))
    assert result.exit_code == 0
    assert "every entry, node and checkpoint verifies" in result.stdout
    form = json.loads(strongroom("ledger", "verify", "--json").stdout)
    assert (form["size"], form["problems"]) == (status(strongroom)["size"], [])


def test_an_altered_entry_is_found(strongroom: Strongroom, home: Path) -> None:
    with opened() as vault, vault.store.database.transaction(write=True) as connection:
        forged = update(ledger_entry).where(ledger_entry.c.index == 1).values(body=b"{}")
        connection.execute(forged)
    result = strongroom("ledger", "verify", "--json")
    assert result.exit_code == 70
    assert json.loads(result.stdout)["problems"]
    assert "/problems/ledger-integrity" in result.stderr
    result = strongroom("ledger", "verify")
    assert result.exit_code == 70
    assert "verifies" not in result.stdout


def test_a_ledger_that_was_cut_off_is_found_by_a_checkpoint_kept_outside(
    strongroom: Strongroom, home: Path, tmp_path: Path
) -> None:
    held = tmp_path / "note"
    assert strongroom("group", "add", "later").exit_code == 0
    held.write_text(strongroom("ledger", "checkpoint").stdout)
    with opened() as vault, vault.store.database.transaction(write=True) as connection:
        for table in ("ledger_entry", "ledger_node", "ledger_checkpoint"):
            connection.exec_driver_sql(f"delete from {table}")  # noqa: S608 - three constants
    assert strongroom("ledger", "verify").exit_code == 0
    assert strongroom("ledger", "verify", "--held", str(held)).exit_code == 70


def test_a_checkpoint_that_cannot_be_read_is_told(strongroom: Strongroom, tmp_path: Path) -> None:
    result = strongroom("ledger", "verify", "--held", str(tmp_path / "none"))
    assert result.exit_code == 65
    assert "none cannot be read" in result.stderr


def test_an_entry_is_proved_by_a_file(strongroom: Strongroom, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "entry.proof"
    result = strongroom("ledger", "prove", "1", "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, f"wrote {file}\n")
    proven = verify_proof(file.read_text(encoding="utf-8"), [key(home)])
    assert (proven.index, proven.event.type) == (1, "principal.changed")


def test_an_entry_that_is_not_there_is_not_proved(strongroom: Strongroom, tmp_path: Path) -> None:
    result = strongroom("ledger", "prove", "999", "--output", str(tmp_path / "entry.proof"))
    assert result.exit_code == 70
    assert list(tmp_path.glob("*.proof")) == []


def test_the_whole_ledger_is_exported(strongroom: Strongroom, home: Path, tmp_path: Path) -> None:
    result = strongroom("ledger", "export", str(tmp_path / "tiles"))
    assert result.exit_code == 0
    found = verify_tiles(tmp_path / "tiles", keys=[key(home)])
    assert found.ok
    assert found.size == status(strongroom)["size"]


def test_a_run_is_proved_to_its_actor_and_verified_without_a_home(
    strongroom: Strongroom,
    run_id: str,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file, trusted = tmp_path / "run.proof", str(home / "ledger.vkey")
    for words in ([], ["--as", "ana"]):
        assert strongroom("run", "proof", run_id, "--output", str(file), *words).exit_code == 0
    monkeypatch.setenv("STRONGROOM_HOME", str(tmp_path / "none"))
    result = strongroom("verify", str(file), "--key", trusted)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "verified"
    result = strongroom("verify", str(file), "--key", key(home).vkey)
    assert result.stdout.splitlines()[-1] == "verified"
    result = strongroom("verify", str(file))
    assert result.stdout.splitlines()[-1] == "verified, with the key that the file itself names"


def test_a_run_is_proved_to_nobody_else(
    strongroom: Strongroom, run_id: str, tmp_path: Path
) -> None:
    file = tmp_path / "run.proof"
    said = set()
    for found in (run_id, "none"):
        result = strongroom("run", "proof", found, "--as", "bo", "--output", str(file))
        assert result.exit_code == 66
        said.add(result.stderr)
    assert len(said) == 1
    assert not file.exists()


def test_an_altered_proof_does_not_verify(
    strongroom: Strongroom, run_id: str, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "run.proof"
    assert strongroom("run", "proof", run_id, "--output", str(file)).exit_code == 0
    file.write_bytes(file.read_bytes().replace(b'"index":', b'"indez":'))
    result = strongroom("verify", str(file))
    assert result.exit_code == 70
    assert "verified" not in result.stdout
    result = strongroom("verify", str(tmp_path / "none"))
    assert result.exit_code == 65


@pytest.mark.parametrize(
    "words",
    [
        ["ledger", "prove", "0", "--output", "{}"],
        ["ledger", "export", "{}"],
        ["run", "proof", "{run}", "--output", "{}"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_place_that_cannot_be_written_is_told(
    strongroom: Strongroom, run_id: str, tmp_path: Path, words: list[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    place = str(file / "inside")
    result = strongroom(*[word.format(place, run=run_id) for word in words])
    assert result.exit_code == 65
    assert ELSEWHERE in result.stderr
    assert file.read_text() == "in the way"
