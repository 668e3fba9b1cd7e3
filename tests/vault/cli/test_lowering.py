"""A raised level, by command: asked for by its owner, lowered by a keeper of records."""

import json
from pathlib import Path

from tests.vault.cli.conftest import Strongroom

RIGHTS = (
    *("--collection", "papers", "--classification", "internal"),
    *("--reader", "group:staff", "--owner", "olga"),
)


def test_a_raised_level_is_lowered_by_two(strongroom: Strongroom, tmp_path: Path) -> None:
    strongroom("principal", "add", "ruth", "--clearance", "internal", "--group", "records")
    file = tmp_path / "poster.txt"
    file.write_text("The sample card is 4111 1111 1111 1111.", encoding="utf-8")
    taken = strongroom("ingest", str(file), *RIGHTS, "--json")
    [outcome] = json.loads(taken.stdout)["documents"]
    assert outcome["reason"] == "raised to confidential: personal-data:payment-card"
    found = outcome["document_id"]
    ask = ("lowering", "ask", found, "--to", "internal")
    assert strongroom(*ask, "--as", "ana").exit_code == 66
    assert "waits" in strongroom(*ask, "--as", "olga").stdout
    made = json.loads(strongroom(*ask, "--as", "olga", "--json").stdout)
    listed = json.loads(strongroom("lowering", "requests", "--as", "ruth").stdout)
    assert made["request_id"] in [one["request_id"] for one in listed["requests"]]
    for one in listed["requests"]:
        verdict = (one["request_id"], "--digest", one["digest"], "--as")
        act = "grant" if one["request_id"] == made["request_id"] else "refuse"
        assert strongroom("lowering", act, *verdict, "olga").exit_code == 77
        assert strongroom("lowering", act, *verdict, "ruth").exit_code == 0
    shown = json.loads(strongroom("document", "show", found, "--as", "olga").stdout)
    assert shown["label"]["classification"] == "internal"
    assert shown["description"]["found"] == {"personal-data:payment-card": 1}
