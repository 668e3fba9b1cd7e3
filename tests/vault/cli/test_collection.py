"""What a collection demands, by command."""

import json
from pathlib import Path

from tests.vault.cli.conftest import Strongroom

RIGHTS = (
    *("--collection", "papers", "--classification", "internal"),
    *("--reader", "group:staff", "--owner", "olga"),
)


def test_a_schema_is_set_obeyed_shown_and_removed(strongroom: Strongroom, tmp_path: Path) -> None:
    schema = tmp_path / "papers.toml"
    schema.write_text('required = ["author"]\n')
    assert strongroom("collection", "schema", "papers", str(schema)).exit_code == 0
    shown = json.loads(strongroom("collection", "schema", "papers").stdout)
    assert shown["schema"]["required"] == ["author"]
    file = tmp_path / "pump.txt"
    file.write_text("The pump is old.", encoding="utf-8")
    [outcome] = json.loads(strongroom("ingest", str(file), *RIGHTS, "--json").stdout)["documents"]
    assert outcome["state"] == "quarantined"
    assert "missing:author" in outcome["reason"]
    assert strongroom("collection", "schema", "papers", "--remove").exit_code == 0
    assert json.loads(strongroom("collection", "schema", "papers").stdout)["schema"] is None
    assert strongroom("collection", "schema", "papers", "--remove").exit_code != 0
    assert strongroom("collection", "schema", "papers", str(schema), "--remove").exit_code != 0
