"""A source is named once with its rights, followed again and again, and told about in full."""

import json
from pathlib import Path

import pytest

from tests.vault.cli.conftest import Strongroom
from vault.cli.console import opened
from vault.store.sources import DeadLetter

RIGHTS = [
    "--collection",
    "papers",
    "--classification",
    "internal",
    "--compartment",
    "hr",
    "--reader",
    "group:staff",
    "--deny",
    "user:bo",
    "--owner",
    "olga",
    "--retention",
    "7y",
    "--fresh-for",
    "30d",
]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "note.txt").write_text("Visitors leave by nine.")
    return folder


def add(strongroom: Strongroom, name: str, *config: str, rights: list[str] = RIGHTS) -> None:
    """Add a source that must be accepted."""
    said = [word for pair in config for word in ("--config", pair)]
    result = strongroom("source", "add", name, "--connector", "filesystem", *said, *rights)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"source {name} was added; ")


def test_a_source_is_shown_with_its_rights_and_rules(strongroom: Strongroom, shelf: Path) -> None:
    add(strongroom, "shelf", f"root={shelf}")
    form = json.loads(strongroom("source", "show", "shelf").stdout)
    expected = {
        "name": "shelf",
        "connector": "filesystem",
        "config": {"root": str(shelf)},
        "collection": "papers",
        "label": {"classification": "internal", "compartments": ["hr"]},
        "readers": ["group:staff"],
        "denied": ["user:bo"],
        "owner": "olga",
        "retention": "7y",
        "review_every": None,
        "fresh_for": "30d",
        "record_class": None,
        "synced_at": None,
    }
    assert expected.items() <= form.items()
    assert json.loads(strongroom("source", "list", "--json").stdout) == {"sources": [form]}
    line = strongroom("source", "list").stdout.split()
    assert line == ["shelf", "filesystem", "last", "synced", "never"]


def test_a_path_is_kept_whole_because_a_sync_may_start_elsewhere(
    strongroom: Strongroom, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shelf.parent)
    add(strongroom, "shelf", "root=shelf", "max_bytes=1000")
    form = json.loads(strongroom("source", "show", "shelf").stdout)
    assert form["config"] == {"root": str(shelf), "max_bytes": "1000"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["s h", "--config", "root={}"], 65, "source id"),
        (["shelf", "--config", "root"], 65, "KEY=VALUE"),
        (["shelf", "--config", "={}"], 65, "KEY=VALUE"),
        (["shelf", "--config", "roof={}"], 65, "roof"),
        (["shelf", "--config", "root={}/none"], 69, "source-unreachable"),
    ],
)
def test_a_source_that_cannot_be_followed_is_not_added(
    strongroom: Strongroom, shelf: Path, words: list[str], code: int, said: str
) -> None:
    given = [word.format(shelf) for word in words]
    result = strongroom("source", "add", *given, "--connector", "filesystem", *RIGHTS)
    assert result.exit_code == code
    assert said in result.stderr
    assert json.loads(strongroom("source", "list", "--json").stdout) == {"sources": []}


def test_rights_of_a_source_are_never_assumed(strongroom: Strongroom, shelf: Path) -> None:
    words = ["--connector", "filesystem", "--config", f"root={shelf}"]
    result = strongroom("source", "add", "shelf", *words)
    assert result.exit_code == 65
    assert "rights are never assumed" in result.stderr


def test_a_source_that_is_not_there_is_told(strongroom: Strongroom) -> None:
    for words in (["source", "show", "none"], ["sync", "none"]):
        result = strongroom(*words)
        assert result.exit_code == 66
        assert "'none'" in result.stderr


@pytest.mark.parametrize("words", [[], ["shelf", "--all"]])
def test_a_sync_is_of_one_source_or_of_all(strongroom: Strongroom, words: list[str]) -> None:
    result = strongroom("sync", *words)
    assert result.exit_code == 65
    assert "name one source, or say --all" in result.stderr


def test_a_sync_of_no_source_does_nothing(strongroom: Strongroom) -> None:
    result = strongroom("sync", "--all", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["documents"] == []


@pytest.mark.slow
def test_a_sync_takes_in_and_takes_out(strongroom: Strongroom, shelf: Path) -> None:
    rights = [word for word in RIGHTS if word not in {"--compartment", "hr"}]
    (shelf / "other.txt").write_text("Deliveries use the back door.")
    (shelf / "empty.txt").write_text("")
    add(strongroom, "shelf", f"root={shelf}", rights=rights)
    form = json.loads(strongroom("sync", "shelf", "--json").stdout)
    assert (form["ingested"], form["quarantined"]) == (2, 1)
    assert "note.txt" in strongroom("document", "list", "--as", "ana", "--json").stdout
    [letter] = json.loads(strongroom("source", "dead-letters", "shelf", "--json").stdout)[
        "dead_letters"
    ]
    assert letter["uri"].endswith("/empty.txt")
    assert json.loads(strongroom("source", "show", "shelf").stdout)["synced_at"]
    for name in ("note.txt", "empty.txt"):
        (shelf / name).unlink()
    form = json.loads(strongroom("sync", "--all", "--accept-deletions", "--json").stdout)
    assert (form["deleted"], form["unchanged"]) == (1, 1)
    listed = strongroom("document", "list", "--as", "ana", "--json").stdout
    assert "note.txt" not in listed
    assert "other.txt" in listed


def test_a_source_that_does_not_answer_keeps_no_other_from_being_followed(
    strongroom: Strongroom, shelf: Path, tmp_path: Path
) -> None:
    gone, there = tmp_path / "attic", tmp_path / "yard"
    for folder in (gone, there):
        folder.mkdir()
        add(strongroom, folder.name, f"root={folder}")
    gone.rmdir()
    result = strongroom("sync", "--all")
    assert result.exit_code == 69
    assert "attic:" in result.stderr
    assert "source-unreachable" in result.stderr
    assert json.loads(strongroom("source", "show", "yard").stdout)["synced_at"]
    assert not json.loads(strongroom("source", "show", "attic").stdout)["synced_at"]
    there.rmdir()
    assert strongroom("sync", "--all").exit_code == 69


def test_letters_are_told_to_people_and_to_programs(strongroom: Strongroom, home: Path) -> None:
    with opened() as vault, vault.store.write() as unit:
        [label_id, *_] = unit.labels.all()
        for source in ("attic", "shelf"):
            unit.sources.bury(
                DeadLetter(
                    source_id=source,
                    uri="file:///[a].txt",
                    version=None,
                    problem="unsupported-document",
                    reason="the file is damaged",
                    access_label_id=label_id,
                    owner="olga",
                    failed_at=vault.now(),
                )
            )
    lines = strongroom("source", "dead-letters").stdout.splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [
        ["attic", "file:///[a].txt: the file is damaged"],
        ["shelf", "file:///[a].txt: the file is damaged"],
    ]
    form = json.loads(strongroom("source", "dead-letters", "shelf", "--json").stdout)
    [letter] = form["dead_letters"]
    assert letter.pop("failed_at").endswith("Z")
    assert letter == {
        "source": "shelf",
        "uri": "file:///[a].txt",
        "problem": "unsupported-document",
        "reason": "the file is damaged",
        "owner": "olga",
        "attempts": 1,
        "retry_at": None,
    }
    assert strongroom("source", "dead-letters", "cellar").stdout == ""
