"""After set-up everything works with the network cut."""

import json
from pathlib import Path

import pytest

from tests.acceptance.conftest import Command
from tests.acceptance.test_bad_input import RULES

pytestmark = [pytest.mark.model, pytest.mark.slow]
CUT = ("unshare", "--map-root-user", "--net")


@pytest.fixture
def cut(tmp_path: Path, models_dir: Path) -> Command:
    """The command in a network namespace that has no interface up, not even loopback."""
    return Command(tmp_path / "home", models_dir, prefix=CUT)


def test_a_document_goes_in_and_a_proved_answer_comes_out(cut: Command, tmp_path: Path) -> None:
    note = tmp_path / "rota.md"
    note.write_text("# Night rota\n\nThe night rota of Ward 9 starts at 21:15 every day.\n")
    cut.well("init")
    cut.well("principal", "add", "amara", "--clearance", "internal", "--group", "nurses")
    cut.well("principal", "add", "owner")
    cut.well("ingest", str(note), *RULES)
    asked = cut.well("ask", "When does the night rota of Ward 9 start?", "--as", "amara", "--json")
    answer = json.loads(asked)
    assert not answer["abstained"]
    assert "21:15" in answer["text"]
    proof = tmp_path / "proof.json"
    cut.well("run", "proof", answer["run_id"], "--output", str(proof))
    key = str(cut.home / "ledger.vkey")
    assert "verified" in cut.well("verify", str(proof), "--key", key)
    proof.write_bytes(proof.read_bytes().replace(b"strongroom-proof", b"strongroom-prooF"))
    assert cut("verify", str(proof), "--key", key).returncode == 70
