"""Bad input ends in a clear problem with its exit code, and nothing is half-written."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.conftest import Command
from vault.store.database import Database
from vault.store.home import Home, open_keys

pytestmark = [pytest.mark.model, pytest.mark.slow]

RULES = (
    *("--collection", "ward", "--classification", "internal"),
    *("--reader", "group:nurses", "--owner", "owner"),
)


def _file(folder: Path, name: str, content: bytes | str) -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def _counts(command: Command) -> int:
    return len(json.loads(command.well("document", "list", "--as", "amara", "--json"))["documents"])


@pytest.mark.parametrize("missing", ["--collection", "--classification", "--reader", "--owner"])
def test_rights_are_never_assumed(ward: Command, tmp_path: Path, missing: str) -> None:
    place = RULES.index(missing)
    rules = RULES[:place] + RULES[place + 2 :]
    done = ward("ingest", _file(tmp_path, "a.md", "# A\n\nWords."), *rules)
    assert done.returncode == 65
    assert missing in done.stderr
    assert "/problems/invalid-request" in done.stderr
    assert _counts(ward) == 0


def test_wrong_words_are_named(ward: Command, tmp_path: Path) -> None:
    file = _file(tmp_path, "a.md", "# A\n\nWords.")
    for rules, complaint in (
        ((*RULES[:4], "--reader", "group:ghosts", *RULES[6:]), "unknown reader group:ghosts"),
        ((*RULES[:4], "--reader", "nurses", *RULES[6:]), "must be group:ID or user:ID"),
        ((*RULES[:6], "--owner", "nobody"), "unknown owner 'nobody'"),
        ((*RULES[:2], "--classification", "cosmic", *RULES[4:]), "'cosmic' is unknown"),
        ((*RULES, "--retention", "for ever"), "must be like 30d"),
    ):
        done = ward("ingest", file, *rules)
        assert done.returncode == 65, complaint
        assert complaint in done.stderr
    assert _counts(ward) == 0


def test_files_that_cannot_be_read_are_set_aside_and_the_rest_goes_on(
    ward: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    _file(folder, "good.md", "# Rota\n\nThe night rota starts at 21:15.")
    _file(folder, "empty.md", b"")
    _file(folder, "huge.txt", "word " * 20_000)
    _file(folder, "lying.pdf", b"MZ" + os.urandom(4000))
    _file(folder, "cut.docx", b"PK\x03\x04" + os.urandom(400))
    done = ward("ingest", str(folder), *RULES, "--json", VAULT_MAX_DOCUMENT_BYTES="50000")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    states = {Path(found["uri"]).name: found["state"] for found in report["documents"]}
    assert states.pop("good.md") == "ingested"
    assert set(states.values()) == {"quarantined"}
    assert all(found["reason"] for found in report["documents"] if found["state"] == "quarantined")
    letters = json.loads(ward.well("source", "dead-letters", "--json"))["dead_letters"]
    assert len(letters) == 4
    assert _counts(ward) == 1


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.md", b"", 65),
        ("lying.pdf", b"MZ" + bytes(range(256)) * 20, 65),
        ("huge.txt", b"word " * 20_000, 65),
    ],
)
def test_a_single_bad_file_ends_with_its_own_code(
    ward: Command, tmp_path: Path, name: str, content: bytes, code: int
) -> None:
    done = ward("ingest", _file(tmp_path, name, content), *RULES, VAULT_MAX_DOCUMENT_BYTES="50000")
    assert done.returncode == code
    assert "/problems/" in done.stderr


def test_a_missing_path_is_told(ward: Command, tmp_path: Path) -> None:
    done = ward("ingest", str(tmp_path / "none"), *RULES)
    assert done.returncode == 66
    assert "does not exist" in done.stderr


def test_a_wrong_passphrase_opens_nothing(strongroom: Command, tmp_path: Path) -> None:
    right, wrong = _file(tmp_path, "right", "open says me\n"), _file(tmp_path, "wrong", "open up\n")
    strongroom.well("init", VAULT_PASSPHRASE_FILE=right)
    assert strongroom("ledger", "status", VAULT_PASSPHRASE_FILE=right).returncode == 0
    refused = strongroom("ledger", "status", VAULT_PASSPHRASE_FILE=wrong)
    assert refused.returncode == 77
    assert "does not open this home" in refused.stderr
    assert strongroom("ledger", "status").returncode == 77


def test_no_home_says_how_to_make_one(strongroom: Command) -> None:
    done = strongroom("ask", "Anything?", "--as", "amara")
    assert done.returncode == 75
    assert "strongroom init" in done.stderr


def test_a_home_that_another_process_writes_to_is_told_as_busy(
    ward: Command, tmp_path: Path
) -> None:
    home = Home(ward.home)
    database = Database(home.database, key=open_keys(home, passphrase=None).database)
    with database.transaction(write=True):
        done = ward(
            *("principal", "add", "late", "--clearance", "public"), VAULT_BUSY_SECONDS="0.3"
        )
    database.close()
    assert done.returncode == 75
    assert "another process is writing" in done.stderr


def test_a_full_disk_loses_nothing_that_was_kept(
    strongroom: Command, tmp_path: Path, models_dir: Path
) -> None:
    """The home is on a file system of 2 MB; the ingest runs full and what was kept still opens."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(36):
        words = " ".join(f"word{number}x{place}" for place in range(150))
        _file(folder, f"{number:02}.md", f"# Paper {number}\n\n{words}.")
    inside = tmp_path / "small"
    inside.mkdir()
    command = Command(inside / "home", models_dir)
    python = " ".join(command.words())
    script = f"""
        {python} init && {python} principal add amara --clearance internal --group nurses &&
        {python} principal add owner && {python} ingest {folder} {" ".join(RULES)} ; echo code $?
        {python} ledger verify && {python} document list --as amara --json > {tmp_path}/kept.json
        echo end $?
    """
    command.prefix = (
        *("bwrap", "--dev-bind", "/", "/", "--size", str(2 * 2**20), "--tmpfs", str(inside)),
    )
    wrapped = Command(command.home, models_dir, prefix=command.prefix)
    words = [*wrapped.prefix, "sh", "-c", script]
    done = _run(words, command.environment())
    assert "code 75" in done, done
    assert "disk is full" in done
    assert "end 0" in done
    assert "every entry, node and checkpoint verifies" in done
    kept = json.loads((tmp_path / "kept.json").read_text())["documents"]
    assert 0 < len(kept) < 36
    assert all(found["revision"]["chunks"] > 0 for found in kept)


def test_a_home_that_could_not_be_finished_can_be_made_again(
    tmp_path: Path, models_dir: Path
) -> None:
    """The first try runs out of disk; nothing of it stands in the way of the second."""
    inside = tmp_path / "small"
    inside.mkdir()
    command = Command(inside / "home", models_dir)
    python, filler = " ".join(command.words()), inside / "filler"
    script = f"""
        head -c 4000000 /dev/zero > {filler}
        {python} init ; echo first $?
        rm {filler}
        {python} init ; echo second $?
        {python} ledger verify
    """
    small = ("bwrap", "--dev-bind", "/", "/", "--size", str(2**22), "--tmpfs", str(inside))
    done = _run([*small, "sh", "-c", script], command.environment())
    assert "first 75" in done, done
    assert "second 0" in done
    assert "every entry" in done


def _run(words: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        words, capture_output=True, text=True, env=environment, check=False, timeout=300
    )
    return done.stdout + done.stderr


def test_a_model_with_one_bit_flipped_is_refused(
    ward: Command, tmp_path: Path, models_dir: Path
) -> None:
    models = tmp_path / "models"
    shutil.copytree(models_dir / "all-minilm-l6-v2", models / "all-minilm-l6-v2")
    weights = models / "all-minilm-l6-v2" / "model.safetensors"
    with weights.open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)
        file.seek(1_000_000)
        file.write(bytes([byte[0] ^ 1]))
    file_in = _file(tmp_path, "a.md", "# A\n\nWords.")
    done = ward("ingest", file_in, *RULES, VAULT_MODELS_DIR=str(models))
    assert done.returncode == 69
    assert "/problems/model-unavailable" in done.stderr
    doctor = ward("doctor", VAULT_MODELS_DIR=str(models))
    assert doctor.returncode != 0
    assert "embedder" in doctor.stdout


def test_questions_that_are_none_are_refused(ward: Command) -> None:
    for question in ("", "   ", "\x00\x01", "?" * 10, "w" * 100_000):
        done = ward("ask", question.replace("\x00", "\x02"), "--as", "amara")
        assert done.returncode == 65, question[:20]
    assert ward("ask", "Who?", "--as", "ghost").returncode == 66


def test_an_unknown_setting_is_told_by_name(ward: Command) -> None:
    (ward.home / "settings.toml").write_text("colour = 'blue'\n")
    done = ward("ledger", "status")
    assert done.returncode == 65
    assert "colour" in done.stderr


def test_a_home_without_its_policy_serves_nobody(ward: Command) -> None:
    for file in (ward.home / "policy").glob("*.cedar"):
        file.unlink()
    done = ward("search", "anything", "--as", "amara")
    assert done.returncode == 75
    assert "no policy" in done.stderr
