"""An organisation file says who there is and how each folder is kept, and nothing unknown."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.identity import PrincipalKind
from vault.domain.labels import Classification, Label
from vault.ingest.organisation import PlannedFile, plan, read_organisation

WHOLE = """
format = "strongroom-organisation-1"

[[group]]
id = "staff"
members = ["user:ann"]

[[principal]]
id = "ann"
kind = "person"
name = "Ann"
clearance = "secret"
compartments = ["deal"]
groups = ["board"]

[[batch]]
path = "rules"
collection = "rules"
classification = "internal"
readers = ["group:staff"]
denied = ["user:bo"]
owner = "olga"
fresh_for = "1y"

[[batch.override]]
file = "secret/merger.md"
classification = "secret"
compartments = ["deal"]
readers = ["group:board"]
denied = []
owner = "ann"
retention = "7y"
modified_at = 2025-01-01T00:00:00Z
title = "Merger"

[[batch.override]]
file = "new.md"
supersedes = "old.md"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("rules/old.md", "rules/new.md", "rules/secret/merger.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def planned(folder: Path, text: str = WHOLE) -> dict[str, PlannedFile]:
    file = folder / "organisation.toml"
    file.write_text(text)
    found = plan(read_organisation(file), folder, source_id="sample")
    return {each.path.relative_to(folder).as_posix(): each for each in found}


def test_people_and_groups_are_read(folder: Path) -> None:
    file = folder / "organisation.toml"
    file.write_text(WHOLE)
    found = read_organisation(file)
    [group], [person] = found.group, found.principal
    assert (group.id, group.members) == ("staff", ("user:ann",))
    assert person.groups == ("board",)
    principal = person.principal()
    assert (principal.id, principal.kind) == ("ann", PrincipalKind.PERSON)
    assert principal.clearance == Label(Classification.SECRET, frozenset({"deal"}))


def test_a_file_takes_the_rules_of_its_folder(folder: Path) -> None:
    found = planned(folder)["rules/old.md"]
    access, rules = found.intake.access, found.intake.governance
    assert (access.collection, access.label) == ("rules", Label(Classification.INTERNAL))
    assert (access.readers, access.denied) == ({"group:staff"}, {"user:bo"})
    assert (rules.owner, rules.fresh_for, rules.retention) == ("olga", "1y", None)
    assert (found.intake.source_id, found.supersedes) == ("sample", None)


def test_what_is_said_of_one_file_goes_before_what_is_said_of_its_folder(folder: Path) -> None:
    intake = planned(folder)["rules/secret/merger.md"].intake
    assert intake.access.label == Label(Classification.SECRET, frozenset({"deal"}))
    assert intake.access.readers == {"group:board"}
    assert intake.access.denied == frozenset()
    assert (intake.governance.owner, intake.governance.retention) == ("ann", "7y")
    assert intake.governance.fresh_for == "1y"
    assert intake.title == "Merger"
    assert intake.modified_at == datetime(2025, 1, 1, tzinfo=UTC)


def test_a_file_may_replace_another_of_its_folder(folder: Path) -> None:
    assert planned(folder)["rules/new.md"].supersedes == folder / "rules" / "old.md"


def test_files_come_in_a_stable_order(folder: Path) -> None:
    assert list(planned(folder)) == ["rules/new.md", "rules/old.md", "rules/secret/merger.md"]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('path = "rules"', 'path = "rulse"', "folder 'rulse' does not exist"),
        ('file = "new.md"', 'file = "nwe.md"', "has no file 'nwe.md'"),
        ('clearance = "secret"', 'clearence = "secret"', r"principal\.0\.clear"),
        ('kind = "person"', 'kind = "ghost"', r"principal\.0\.kind"),
        ("organisation-1", "organisation-9", "format"),
        ('classification = "internal"', 'classification = "cosmic"', "'cosmic' is unknown"),
        ('fresh_for = "1y"', 'fresh_for = "soon"', "period 'soon'"),
        ('owner = "olga"', "", r"batch\.0\.owner"),
        ("[[group]]", "[[group]", "not valid TOML"),
    ],
)
def test_a_mistake_is_named_by_its_place(
    folder: Path, before: str, after: str, reason: str
) -> None:
    assert before in WHOLE
    with pytest.raises(InvalidRequestError, match=reason):
        planned(folder, WHOLE.replace(before, after, 1))


def test_an_empty_file_is_an_organisation_without_anyone(folder: Path) -> None:
    assert planned(folder, "") == {}
