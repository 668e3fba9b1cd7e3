"""Copies, by command: for their owner, for the operator, and for nobody else."""

import json
from pathlib import Path

from tests.vault.cli.conftest import Strongroom

RIGHTS = (
    *("--collection", "papers", "--classification", "internal"),
    *("--reader", "group:staff", "--owner", "olga"),
)


def test_two_files_with_one_text_are_reported(strongroom: Strongroom, tmp_path: Path) -> None:
    assert "No document" in strongroom("document", "duplicates").stdout
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text("The pump is old. " * 9, encoding="utf-8")
    assert strongroom("ingest", str(tmp_path), *RIGHTS).exit_code == 0
    listed = strongroom("document", "duplicates", "--as", "olga").stdout
    assert "same text:" in listed
    assert "one.txt" in listed
    [copies] = json.loads(strongroom("document", "duplicates", "--json").stdout)["duplicates"]
    assert (copies["exact"], copies["spill"], len(copies["documents"])) == (True, False, 2)
    none = strongroom("document", "duplicates", "--as", "ana", "--json")
    assert json.loads(none.stdout) == {"duplicates": []}
    other = strongroom("document", "duplicates", "--owner", "ana", "--json")
    assert json.loads(other.stdout) == {"duplicates": []}
