"""An erased document is gone from every answer, every file of the home, and its key with it."""

import json
from pathlib import Path

import pytest

from tests.acceptance.conftest import Command
from tests.acceptance.test_bad_input import RULES

pytestmark = [pytest.mark.model, pytest.mark.slow]
CANARY = "The quartz heron nests in cupboard 17."


def _ids(command: Command) -> list[str]:
    listed = command.well("document", "list", "--as", "amara", "--json")
    return [found["document_id"] for found in json.loads(listed)["documents"]]


def test_an_erased_document_is_found_nowhere(ward: Command, tmp_path: Path) -> None:
    (tmp_path / "heron.md").write_text(f"# Birds\n\n{CANARY}\n")
    ward.well("ingest", str(tmp_path / "heron.md"), *RULES)
    asked = ("ask", "Where does the quartz heron nest?", "--as", "amara", "--json")
    answer = json.loads(ward.well(*asked))
    assert CANARY in answer["text"]
    [document_id] = _ids(ward)
    order = ("document", "erase", document_id, "--reason", "request 12")
    assert ward(*order, "--as", "amara").returncode == 66
    certificate = json.loads(ward.well(*order, "--as", "owner"))["certificate"]
    assert certificate["documents"] == [document_id]
    assert certificate["answers_withdrawn"] == 1
    assert _ids(ward) == []
    assert json.loads(ward.well(*asked))["abstained"]
    for command in (
        ("document", "show", document_id, "--text", "--as", "amara"),
        ("run", "proof", answer["run_id"], "--output", str(tmp_path / "proof.json")),
    ):
        assert ward(*command).returncode == 66
    for path in ward.home.rglob("*"):
        if path.is_file():
            assert b"quartz" not in path.read_bytes(), path
    assert "every entry" in ward.well("ledger", "verify")
