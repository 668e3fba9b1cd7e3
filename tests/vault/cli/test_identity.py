"""An operator sees whom a source knows, and says who they are."""

import json
from pathlib import Path

import pytest

from tests.vault.cli.conftest import Strongroom
from vault.cli.console import opened
from vault.store.identities import Identity

RIGHTS = ["--collection", "papers", "--classification", "internal", "--owner", "olga"]


@pytest.fixture
def shelf(tmp_path: Path, strongroom: Strongroom) -> str:
    """A source whose rights are the files' own, so that no reader is named."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    settings = ["--config", f"root={folder}", "--config", "rights=posix"]
    said = ["--connector", "filesystem", *settings, *RIGHTS]
    result = strongroom("source", "add", "files", *said)
    assert result.exit_code == 0, result.output
    with opened() as vault, vault.store.write() as unit:
        unit.identities.put("files", [Identity("uid:7", "ana", False, True, ("mail:a@x",))])
    return "files"


def test_a_source_with_rights_of_its_own_needs_no_reader(
    strongroom: Strongroom, shelf: str
) -> None:
    form = json.loads(strongroom("source", "show", shelf).stdout)
    assert (form["rights"], form["readers"], form["withheld"]) == ("native", [], False)


def test_a_name_is_mapped_shown_and_unmapped(strongroom: Strongroom, shelf: str) -> None:
    assert strongroom("identity", "map", shelf, "uid:7", "user:ana").exit_code == 0
    assert strongroom("identity", "map", shelf, "gid:9", "nobody").exit_code == 0
    form = json.loads(strongroom("identity", "show", shelf).stdout)
    [person] = form["principals"]
    assert (person["id"], person["kind"], person["here"]) == ("uid:7", "person", ["user:ana"])
    assert form["mapped"] == {"uid:7": "user:ana", "gid:9": "nobody"}
    assert strongroom("identity", "unmap", shelf, "uid:7").exit_code == 0
    assert strongroom("identity", "unmap", shelf, "uid:7").exit_code == 66


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["map", "attic", "uid:7", "user:ana"], 66),
        (["map", "files", "uid:7", "user:ghost"], 65),
        (["show", "attic"], 66),
        (["sync"], 65),
        (["sync", "files", "--all"], 65),
        (["sync", "files"], 65),
    ],
)
def test_what_cannot_be_is_refused(
    strongroom: Strongroom, shelf: str, words: list[str], code: int
) -> None:
    assert strongroom("identity", *words).exit_code == code


def test_sources_that_know_no_people_are_not_listed(strongroom: Strongroom, shelf: str) -> None:
    assert json.loads(strongroom("identity", "list", "--json").stdout) == {"sources": []}
    assert strongroom("identity", "list").stdout == ""
    assert json.loads(strongroom("identity", "sync", "--all", "--json").stdout) == {"sources": []}
    assert strongroom("identity", "sync", "--all").stdout == ""
