"""Files come in under the rights that were said; what cannot be read is set aside with a reason."""

import json
from pathlib import Path

import pytest

from connectors.facts import Item
from tests.vault.cli.conftest import Strongroom
from vault.cli.console import opened
from vault.cli.ingest import LOCAL, local_connectors, tell
from vault.domain.errors import ERRORS, InvalidRequestError, NotFoundError
from vault.ingest.report import IngestReport, ItemOutcome, ItemState

Capture = pytest.CaptureFixture[str]
RIGHTS = [
    "--collection",
    "papers",
    "--classification",
    "internal",
    "--reader",
    "group:staff",
    "--owner",
    "olga",
]
INGESTED = ItemOutcome("file:///a", ItemState.INGESTED, chunks=2)
SET_ASIDE = ItemOutcome(
    "file:///[b]", ItemState.QUARANTINED, reason="the file is [red]damaged", problem="not-found"
)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "note.txt").write_text("Visitors leave by nine.")
    return folder


def test_nothing_of_the_rights_is_assumed(strongroom: Strongroom, shelf: Path) -> None:
    result = strongroom("ingest", str(shelf))
    assert result.exit_code == 65
    assert "--collection, --classification, --reader, --owner must be said" in result.stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("group:staff", "group:ghosts"), "unknown reader group:ghosts"),
        (("olga", "ghost"), "unknown owner 'ghost'"),
        (("internal", "cosmic"), "cosmic"),
    ],
)
def test_rights_that_name_nobody_are_refused_before_a_file_is_read(
    strongroom: Strongroom, shelf: Path, changed: tuple[str, str], said: str
) -> None:
    words = [changed[1] if word == changed[0] else word for word in RIGHTS]
    result = strongroom("ingest", str(shelf), *words)
    assert result.exit_code == 65
    assert said in result.stderr


def test_a_path_that_is_not_there_is_told(strongroom: Strongroom, shelf: Path) -> None:
    result = strongroom("ingest", str(shelf), str(shelf / "none"), *RIGHTS)
    assert result.exit_code == 66
    assert "none does not exist" in result.stderr


@pytest.mark.slow
def test_files_come_in_once_and_stay_unchanged(strongroom: Strongroom, shelf: Path) -> None:
    broken = shelf.parent / "program.exe"
    broken.write_bytes(b"MZ\x90\x00" + bytes(60))
    words = ["ingest", str(shelf), str(broken), *RIGHTS]
    result = strongroom(*words, "--json")
    assert result.exit_code == 0, result.output
    form = json.loads(result.stdout)
    states = {found["uri"].rsplit("/", 1)[-1]: found["state"] for found in form["documents"]}
    assert states == {"note.txt": "ingested", "program.exe": "quarantined"}
    listed = strongroom("document", "list", "--as", "ana").stdout
    assert len(listed.splitlines()) == 2
    again = strongroom("ingest", str(shelf), *RIGHTS)
    assert again.stdout.startswith("0 taken in, 1 unchanged, 0 set aside, 0 deleted, 0 chunks")


def test_files_and_folders_are_read_by_one_connector_each(home: Path, shelf: Path) -> None:
    other = shelf.parent / "other.txt"
    other.write_text("Other words.")
    with opened() as vault:
        connectors = local_connectors(vault, [shelf, other, shelf / "note.txt"])
        names = [
            [Path(found.uri).name for found in each.scan(None) if isinstance(found, Item)]
            for each in connectors
        ]
    assert [sorted(found) for found in names] == [["note.txt"], ["note.txt", "other.txt"]]
    assert all(each.source_id == LOCAL for each in connectors)


def test_a_path_that_is_not_there_has_no_connector(home: Path, shelf: Path) -> None:
    with opened() as vault, pytest.raises(NotFoundError, match="none does not exist"):
        local_connectors(vault, [shelf, shelf / "none"])


def test_a_line_break_in_a_path_never_names_another_file(home: Path, shelf: Path) -> None:
    trap = shelf / "trap\n"
    trap.mkdir()
    secret = trap / "secret.txt"
    secret.write_text("bait")
    with opened() as vault, pytest.raises(InvalidRequestError, match="line break"):
        local_connectors(vault, [secret])


def test_people_are_told_what_came_in_and_what_did_not(capsys: Capture) -> None:
    tell(IngestReport([INGESTED, SET_ASIDE], 1.25), as_json=False)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "1 taken in, 0 unchanged, 1 set aside, 0 deleted, 2 chunks in 1.2 s"
    assert second == "  set aside file:///[b]: the file is [red]damaged"


def test_programs_get_one_document(capsys: Capture) -> None:
    report = IngestReport([INGESTED], 1.0)
    tell(report, as_json=True)
    assert json.loads(capsys.readouterr().out) == report.form()


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.slug)
def test_an_ingest_of_which_nothing_came_in_fails_with_its_first_problem(
    capsys: Capture, kind: type[NotFoundError]
) -> None:
    outcome = ItemOutcome("file:///b", ItemState.QUARANTINED, reason="why", problem=kind.slug)
    with pytest.raises(SystemExit) as ended:
        tell(IngestReport([outcome, SET_ASIDE]), as_json=True)
    assert ended.value.code == kind.exit_code
    assert f"/problems/{kind.slug}" in capsys.readouterr().err


def test_a_problem_of_no_known_kind_still_fails(capsys: Capture) -> None:
    outcome = ItemOutcome("file:///b", ItemState.QUARANTINED, reason="why", problem="new-kind")
    with pytest.raises(SystemExit) as ended:
        tell(IngestReport([outcome]), as_json=False)
    assert ended.value.code == 70


def test_what_is_only_held_back_was_taken_in(capsys: Capture) -> None:
    outcome = ItemOutcome("file:///b", ItemState.QUARANTINED, document_id="d1", reason="held back")
    tell(IngestReport([outcome]), as_json=False)
    assert "held back" in capsys.readouterr().out


def test_an_ingest_of_nothing_is_well(capsys: Capture) -> None:
    tell(IngestReport(), as_json=False)
    assert capsys.readouterr().out.startswith("0 taken in")
